/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "engine/error.h"
#include "engine/fill/flow-private.h"
#include "engine/fill/flow.h"
#include "engine/fill/npy.h"

static void
assert_color (float dx, float dy, guint red, guint green, guint blue)
{
  guint8 rgb[3];

  lacuna_flow_get_color (dx, dy, 2.0f, rgb);
  g_test_message ("(%g, %g): %u %u %u", dx, dy, rgb[0], rgb[1], rgb[2]);
  g_assert_cmpuint (rgb[0], ==, red);
  g_assert_cmpuint (rgb[1], ==, green);
  g_assert_cmpuint (rgb[2], ==, blue);
}

static void
test_colors (void)
{
  assert_color (0.0f, 0.0f, 255, 255, 255);
  assert_color (2.0f, 0.0f, 255, 0, 0);
  assert_color (1.0f, 0.0f, 255, 128, 128);
  assert_color (4.0f, 0.0f, 191, 0, 0);
  assert_color (0.0f, 2.0f, 255, 234, 0);
  assert_color (-2.0f, 0.0f, 0, 197, 255);
  assert_color (0.0f, -2.0f, 103, 0, 255);
}

static void
test_flow (void)
{
  static const gint32 index[] = { 0, 5, 2, 3, 4, 5 }; /* of 3×2: all stay but the second, which moves 1 right, 1 down */
  g_autofree guint8 *pixels = lacuna_flow_render (index, 3, 2);
  guint8 moved[3];

  g_assert_cmpfloat_with_epsilon (lacuna_flow_get_radius (index, 3, 2), G_SQRT2, 1e-6);
  lacuna_flow_get_color (1.0f, 1.0f, (float) G_SQRT2, moved);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpmem (pixels + 3 * i, 3, i == 1 ? (const char *) moved : "\xff\xff\xff", 3);
}

static void
test_npy (void)
{
  static const float values[] = { 1.0f, -2.0f, 3.5f, 0.0f, 1e-8f, 65504.0f };
  static const char start[]
      = "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, ), }  ";
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "lacuna-export.npy", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL, missing = NULL;
  gsize size;

  g_assert_true (lacuna_npy_save (path, values, 2, (const gsize[]){ 2, 3 }, &error));
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_cmpuint (size, ==, 128 + sizeof values);
  g_assert_cmpmem (content, sizeof start - 1, start, sizeof start - 1);
  g_assert_cmpint (content[127], ==, '\n');
  g_assert_cmpmem (content + 128, sizeof values, values, sizeof values);
  g_assert_cmpint (g_remove (path), ==, 0);

  g_assert_false (lacuna_npy_save ("/nonexistent/a.npy", values, 2, (const gsize[]){ 2, 3 }, &missing));
  g_assert_error (missing, LACUNA_ERROR, LACUNA_ERROR_FILE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/colors", test_colors);
  g_test_add_func ("/export/flow", test_flow);
  g_test_add_func ("/export/npy", test_npy);
  return g_test_run ();
}

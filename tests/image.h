/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <vips/vips.h>

/* Test images and where they are put. */

static char *image_folder;

static inline char *
image_path (const char *name)
{
  return g_build_filename (image_folder, name, NULL);
}

typedef guint (*ImageFunc) (int x, int y, int band); /* 16 bits */

/* A fixed noise which uses the whole range. */
static inline guint
image_noise (int x, int y, int band)
{
  return ((guint) (x * 4 + y * 9973 + band) * 2654435761u >> 13) & 0xffff;
}

/* A slope which a lossy format keeps well. */
static inline guint
image_slope (int x, int y, int band)
{
  return 8000 + x * 250 + y * 150 + band * 3000;
}

/* In memory, with 1 to 4 bands of 8 or 16 bits. */
static inline VipsImage *
image_new (ImageFunc func, int width, int height, int bands, int depth)
{
  gsize n_samples = (gsize) width * height * bands;
  g_autofree guint16 *deep = g_new (guint16, n_samples);
  g_autofree guint8 *shallow = g_new (guint8, n_samples);
  VipsImage *image, *typed = NULL;

  for (gsize i = 0; i < n_samples; i++)
    {
      deep[i] = func (i / bands % width, i / bands / width, i % bands);
      shallow[i] = deep[i] >> 8;
    }
  image = vips_image_new_from_memory_copy (depth == 8 ? (gpointer) shallow : deep,
                                           n_samples * depth / 8,
                                           width,
                                           height,
                                           bands,
                                           depth == 8 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT);
  vips_copy (image,
             &typed,
             "interpretation",
             bands < 3 ? (depth == 8 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_GREY16)
                       : (depth == 8 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_RGB16),
             NULL);
  g_object_unref (image);
  return typed;
}

/* Runs the tests with libvips and a folder that is removed afterwards. */
static inline int
image_test_run (void)
{
  GDir *dir;
  const char *name;
  int status;

  g_assert_cmpint (VIPS_INIT ("tests"), ==, 0);
  /* libvips warns of what it ignores in HEIF files, which is no fault. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  image_folder = g_dir_make_tmp ("lacuna-tests-XXXXXX", NULL);
  g_assert_nonnull (image_folder);
  status = g_test_run ();
  dir = g_dir_open (image_folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = image_path (name);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (image_folder), ==, 0);
  g_free (image_folder);
  return status;
}

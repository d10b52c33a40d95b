/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/lacuna.h"
#include "tests/picture.h"

/* Fills again and again: endure MODEL N. Prints the memory after a fifth of the fills and after all, in bytes: what
 * is kept from fill to fill shows. */
#define WIDTH 192
#define HEIGHT 144

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;
  gsize resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %zu", &resident), ==, 1);
  return resident * getpagesize ();
}

/* All that a fill is: the photo read, filled, and written. */
static void
fill (LacunaEngine *engine, const char *model)
{
  LacunaFillOptions options = { .model = model };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (LacunaFill) filled = NULL;
  g_autoptr (LacunaPhoto) result = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;

  for (int y = 50; y < 74; y++)
    memset (pixels + y * WIDTH + 60, 255, 30);
  mask = lacuna_mask_new (WIDTH, HEIGHT, pixels);
  filled = lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  result = lacuna_fill_apply (filled, photo, LACUNA_STAGE_DETAIL, &error);
  g_assert_no_error (error);
  file = lacuna_photo_save_bytes (result, "png", NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  int n = atoi (argv[2]);

  g_set_prgname ("endure");
  for (int i = 0; i < n; i++)
    {
      if (i == n / 5)
        printf ("%zu\n", get_memory ());
      fill (engine, argv[1]);
    }
  printf ("%zu\n", get_memory ());
  return 0;
}

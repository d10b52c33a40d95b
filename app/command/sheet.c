/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/sheet.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/lacuna.h"

#define CELL 320 /* pixels a side */
#define GAP 4
#define WIDTH (LACUNA_SHEET_COLUMNS * (CELL + GAP) - GAP)
#define HEIGHT (CELL + GAP) /* of a row */
#define ROW ((gsize) 3 * WIDTH * HEIGHT)
#define BACKGROUND 32

struct _LacunaSheet {
  guint8 *pixels; /* RGB */
  int n_rows;
};

LacunaSheet *
lacuna_sheet_new (void)
{
  return g_new0 (LacunaSheet, 1);
}

void
lacuna_sheet_free (LacunaSheet *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self);
}

/* One side of the hole with a quarter of it on both ends, and at least a cell's, as far as the photo goes. */
static void
fit_side (int start, int length, int whole, int *ret_start, int *ret_length)
{
  int wanted = MIN (MAX (length + length / 2, CELL), whole);

  *ret_start = CLAMP (start + length / 2 - wanted / 2, 0, whole - wanted);
  *ret_length = wanted;
}

static LacunaBox
find_surroundings (LacunaMask *mask)
{
  LacunaBox hole = *lacuna_mask_get_bounds (mask), box;

  fit_side (hole.x, hole.width, lacuna_mask_get_width (mask), &box.x, &box.width);
  fit_side (hole.y, hole.height, lacuna_mask_get_height (mask), &box.y, &box.height);
  return box;
}

gboolean
lacuna_sheet_add (LacunaSheet *self, LacunaPhoto *const photos[LACUNA_SHEET_COLUMNS], LacunaMask *mask, GError **error)
{
  LacunaBox box = find_surroundings (mask);
  double scale = MIN (1.0, (double) CELL / MAX (box.width, box.height));
  int width = MAX ((int) (scale * box.width), 1), height = MAX ((int) (scale * box.height), 1);
  guint8 *pixels = g_try_realloc (self->pixels, (self->n_rows + 1) * ROW), *row;

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("the contact sheet"));
      return FALSE;
    }
  self->pixels = pixels;
  row = memset (pixels + self->n_rows * ROW, BACKGROUND, ROW);
  for (int i = 0; i < LACUNA_SHEET_COLUMNS; i++)
    {
      g_autoptr (LacunaPhoto) picture = lacuna_photo_resample (photos[i], box, width, height, error);

      if (picture == NULL)
        return FALSE;
      for (int y = 0; y < height; y++)
        memcpy (row + 3 * ((gsize) y * WIDTH + i * (CELL + GAP)),
                (const guint8 *) lacuna_photo_get_pixels (picture) + (gsize) 3 * y * width, (gsize) 3 * width);
    }
  self->n_rows++;
  return TRUE;
}

gboolean
lacuna_sheet_save (LacunaSheet *self, const char *path, GError **error)
{
  g_autoptr (GBytes) pixels = g_bytes_new_static (self->pixels, self->n_rows * ROW);
  g_autoptr (LacunaPhoto) photo = lacuna_photo_new (WIDTH, self->n_rows * HEIGHT, 3, 8, pixels, error);
  g_autoptr (GBytes) png = photo != NULL ? lacuna_photo_save_bytes (photo, "png", NULL, error) : NULL;

  return png != NULL
         && lacuna_publish (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), LACUNA_PUBLISH_DEFAULT, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/sheet.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/lacuna.h"

#define CELL 320 /* pixels a side */
#define GAP 4
#define HEIGHT (CELL + GAP) /* pixels of a row */
#define BACKGROUND 32

struct _LacunaSheet {
  guint8 *pixels; /* RGB */
  int width;      /* pixels of the whole sheet */
  guint n_rows;
  gboolean *dropped; /* by row: it is left out */
};

static gsize
get_row_size (const LacunaSheet *self)
{
  return (gsize) 3 * self->width * HEIGHT;
}

LacunaSheet *
lacuna_sheet_new (guint n_rows, guint n_columns, GError **error)
{
  g_autoptr (LacunaSheet) self = g_new0 (LacunaSheet, 1);

  self->width = (int) n_columns * (CELL + GAP) - GAP;
  self->n_rows = n_rows;
  self->dropped = g_new0 (gboolean, n_rows);
  self->pixels = g_try_malloc (n_rows * get_row_size (self));
  if (self->pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("the contact sheet"));
      return NULL;
    }
  memset (self->pixels, BACKGROUND, n_rows * get_row_size (self));
  return g_steal_pointer (&self);
}

void
lacuna_sheet_free (LacunaSheet *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self->dropped);
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
lacuna_sheet_set_cell (LacunaSheet *self, guint row, guint column, LacunaPhoto *photo, LacunaMask *mask, GError **error)
{
  LacunaBox box = find_surroundings (mask);
  double scale = MIN (1.0, (double) CELL / MAX (box.width, box.height));
  int width = MAX ((int) (scale * box.width), 1), height = MAX ((int) (scale * box.height), 1);
  g_autoptr (LacunaPhoto) picture = lacuna_photo_resample (photo, box, width, height, error);
  guint8 *cell = self->pixels + row * get_row_size (self) + (gsize) 3 * column * (CELL + GAP);

  if (picture == NULL)
    return FALSE;
  for (int y = 0; y < height; y++)
    memcpy (cell + (gsize) 3 * y * self->width,
            (const guint8 *) lacuna_photo_get_pixels (picture) + (gsize) 3 * y * width, (gsize) 3 * width);
  return TRUE;
}

void
lacuna_sheet_drop_row (LacunaSheet *self, guint row)
{
  self->dropped[row] = TRUE;
}

/* Moves rows up over those that were dropped. */
static void
close_up (LacunaSheet *self)
{
  const gsize size = get_row_size (self);
  guint n = 0;

  for (guint i = 0; i < self->n_rows; i++)
    if (!self->dropped[i])
      memmove (self->pixels + n++ * size, self->pixels + i * size, size);
  self->n_rows = n;
}

gboolean
lacuna_sheet_save (LacunaSheet *self, const char *path, GError **error)
{
  g_autoptr (GBytes) pixels = NULL, png = NULL;
  g_autoptr (LacunaPhoto) photo = NULL;

  close_up (self);
  pixels = g_bytes_new_static (self->pixels, self->n_rows * get_row_size (self));
  photo = lacuna_photo_new (self->width, (int) self->n_rows * HEIGHT, 3, 8, pixels, error);
  png = photo != NULL ? lacuna_photo_save_bytes (photo, "png", NULL, error) : NULL;
  return png != NULL
         && lacuna_publish (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), LACUNA_PUBLISH_DEFAULT, error);
}

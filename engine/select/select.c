/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selects the thing that strokes are about: start.c finds it on some ten thousand cells, and its border is found again
 * at each doubled scale. A LacunaSelection keeps the strokes and the coarse partition, with which the next stroke
 * begins; it is immutable, and any thread may hold it. It runs on the worker of the window that selects. */
#include "engine/select/select.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/select/start.h"

/* More cells are not worked with: the border is then found at half the resolution. */
#define MAX_CELLS ((gsize) 16 << 20)

struct _LacunaSelection {
  GPtrArray   *hints; /* of LacunaHint, in order */
  LacunaPartition *level; /* without colours */
  LacunaBox    box;   /* of the mask */
};

G_DEFINE_BOXED_TYPE (LacunaSelection, lacuna_selection, lacuna_selection_ref, lacuna_selection_unref)

/* Takes level. */
static LacunaSelection *
selection_new (GPtrArray *hints, LacunaPartition *level, LacunaBox box)
{
  LacunaSelection *self = g_atomic_rc_box_new0 (LacunaSelection);

  self->hints = g_ptr_array_ref (hints);
  self->level = level;
  self->box = box;
  g_clear_pointer (&level->colors, g_free);
  return self;
}

LacunaSelection *
lacuna_selection_ref (LacunaSelection *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  LacunaSelection *self = data;

  g_ptr_array_unref (self->hints);
  lacuna_partition_free (self->level);
}

void
lacuna_selection_unref (LacunaSelection *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

const LacunaBox *
lacuna_selection_get_box (LacunaSelection *self)
{
  return &self->box;
}

static gpointer
copy_hint (gconstpointer hint, gpointer data)
{
  return lacuna_hint_ref ((LacunaHint *) hint);
}

static GPtrArray *
list_hints (LacunaSelection *before, LacunaHint *hint)
{
  GPtrArray *hints = before != NULL ? g_ptr_array_copy (before->hints, copy_hint, NULL) : g_ptr_array_new ();

  g_ptr_array_set_free_func (hints, (GDestroyNotify) lacuna_hint_unref);
  g_ptr_array_add (hints, lacuna_hint_ref (hint));
  return hints;
}

/* Finds the border at ever finer scales; takes level. */
static LacunaPartition *
refine (LacunaPartition *level, LacunaPhoto *photo, GPtrArray *hints, const LacunaAppearance *looks,
        GCancellable *cancellable, GError **error)
{
  while (level->grid.side > 1 && 4 * lacuna_grid_get_n_cells (&level->grid) <= MAX_CELLS)
    {
      g_autoptr (LacunaPartition) coarser = level;

      level = lacuna_partition_halve (coarser);
      if (level == NULL)
        {
          lacuna_error_set_memory (error, _ ("the selection"));
          return NULL;
        }
      lacuna_hints_draw (hints, &level->grid, level->cells);
      if (!lacuna_partition_cut (level, photo, looks, NULL, NULL, cancellable, error))
        {
          lacuna_partition_free (level);
          return NULL;
        }
    }
  return level;
}

/* Returns the first or last cell of a row that is inside; beyond the row's other end where none is. */
static int
find_inside (const LacunaPartition *level, int y, gboolean last)
{
  const guint8 *row = level->cells + (gsize) y * level->grid.width;
  static const guint8 values[] = { LACUNA_CELL_IN, LACUNA_CELL_IN | LACUNA_CELL_OPEN };
  int width = level->grid.width, found = last ? -1 : width;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const guint8 *cell = last ? memrchr (row, values[i], width) : memchr (row, values[i], width);

      if (cell != NULL)
        found = last ? MAX (found, (int) (cell - row)) : MIN (found, (int) (cell - row));
    }
  return found;
}

/* Returns the pixels of the photo that hold what is inside; a pixel where nothing is. */
static LacunaBox
find_box (const LacunaPartition *level)
{
  const LacunaGrid *grid = &level->grid;
  int left = grid->width, right = -1, top = grid->height, bottom = -1;

  for (int y = 0; y < grid->height; y++)
    {
      int first = find_inside (level, y, FALSE);

      if (first == grid->width)
        continue;
      left = MIN (left, first);
      right = MAX (right, find_inside (level, y, TRUE));
      top = MIN (top, y);
      bottom = y;
    }
  if (right < 0)
    return (LacunaBox){ grid->box.x, grid->box.y, 1, 1 };
  return lacuna_box_intersection (grid->box,
                                  (LacunaBox){ grid->box.x + left * grid->side, grid->box.y + top * grid->side,
                                               (right - left + 1) * grid->side, (bottom - top + 1) * grid->side });
}

/* Returns the cell whose middle is at or before a pixel's of the grid, the next one, and how far the pixel is on the
 * way to it, in 2·side steps. */
static int
find_cell (int pixel, int side, int n_cells, int *ret_next, int *ret_way)
{
  int place = 2 * pixel + 1 - side, cell = place < 0 ? 0 : place / (2 * side);

  *ret_next = MIN (cell + 1, n_cells - 1);
  *ret_way = place < 0 ? 0 : place % (2 * side);
  return cell;
}

/* Draws a row of the mask's pixels, y of the grid: inside is where the sides of the cells around, interpolated, are. */
static void
draw_row (const LacunaPartition *level, int x, int y, int width, guint8 *pixels)
{
  int side = level->grid.side, below, down, row = find_cell (y, side, level->grid.height, &below, &down);
  const guint8 *upper = level->cells + (gsize) row * level->grid.width;
  const guint8 *lower = level->cells + (gsize) below * level->grid.width;

  for (int i = 0; i < width; i++)
    {
      int next, way, cell = find_cell (x + i, side, level->grid.width, &next, &way);
      int left = (2 * side - down) * (upper[cell] & LACUNA_CELL_IN) + down * (lower[cell] & LACUNA_CELL_IN);
      int right = (2 * side - down) * (upper[next] & LACUNA_CELL_IN) + down * (lower[next] & LACUNA_CELL_IN);

      pixels[i] = (2 * side - way) * left + way * right >= 2 * side * side;
    }
}

static LacunaMask *
make_mask (const LacunaPartition *level, LacunaBox box, GError **error)
{
  g_autofree guint8 *pixels = g_try_malloc_n (box.height, box.width);
  LacunaMask *mask = NULL;

  for (int y = 0; pixels != NULL && y < box.height; y++)
    draw_row (level, box.x - level->grid.box.x, box.y + y - level->grid.box.y, box.width,
              pixels + (gsize) y * box.width);
  if (pixels != NULL)
    mask = lacuna_mask_new (box.width, box.height, pixels);
  if (mask == NULL)
    lacuna_error_set_memory (error, _ ("the selection"));
  return mask;
}

static gboolean
check (LacunaPhoto *photo, LacunaSelection *before, LacunaHint *hint, GPtrArray *hints, LacunaGrid *ret_grid,
       GError **error)
{
  gboolean first = lacuna_hint_get_kind (hint) == LACUNA_HINT_THING;

  if (first != (before == NULL))
    g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                         first ? _ ("A selection begins with a stroke around a thing, and goes on with strokes that "
                                    "add or take. Begin another.")
                               : _ ("There is no selection to add to or to take from. Draw around a thing first."));
  else if (!lacuna_start_find_grid (photo, hints, ret_grid))
    g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                         _ ("The stroke lies beside the photo. Draw around a thing in it."));
  else
    return TRUE;
  return FALSE;
}

LacunaMask *
lacuna_select (LacunaPhoto *photo, LacunaSelection *before, LacunaHint *hint, LacunaSelection **ret_selection,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) hints = list_hints (before, hint);
  g_autoptr (LacunaPartition) level = NULL, start = NULL;
  LacunaMask *mask;
  LacunaAppearance looks;
  LacunaGrid grid;
  LacunaBox box;

  if (!check (photo, before, hint, hints, &grid, error))
    return NULL;
  start = lacuna_start_run (photo, hints, grid, before != NULL ? before->level : NULL, &looks, cancellable, error);
  if (start == NULL)
    return NULL;
  level = lacuna_partition_copy (start);
  if (level != NULL)
    level = refine (g_steal_pointer (&level), photo, hints, &looks, cancellable, error);
  else
    lacuna_error_set_memory (error, _ ("the selection"));
  if (level == NULL)
    return NULL;
  box = find_box (level);
  mask = make_mask (level, box, error);
  if (mask != NULL)
    *ret_selection = selection_new (hints, g_steal_pointer (&start), box);
  return mask;
}

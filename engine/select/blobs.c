/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/select/blobs.h"

/* Shares of the thing's largest piece. */
#define LEAST_PIECE 0.03
#define LEAST_GAP 0.01

typedef struct {
  gsize    first, n; /* among the cells sorted by blobs */
  gboolean fixed;    /* it holds a cell that is not open */
  gboolean inside;
} Blob;

/* Appends what hangs together with a cell (8-connected inside, 4-connected outside) to found. */
static Blob
collect (const LacunaPartition *level, gsize start, guint8 *seen, GArray *found)
{
  int width = level->grid.width, height = level->grid.height;
  guint8 side = level->cells[start] & LACUNA_CELL_IN;
  Blob blob = { .first = found->len, .inside = side != 0 };

  seen[start] = TRUE;
  g_array_append_val (found, start);
  for (gsize i = blob.first; i < found->len; i++)
    {
      gsize cell = g_array_index (found, gsize, i);
      int x = cell % width, y = cell / width;

      blob.fixed |= !(level->cells[cell] & LACUNA_CELL_OPEN);
      for (int v = MAX (0, y - 1); v <= MIN (height - 1, y + 1); v++)
        for (int u = MAX (0, x - 1); u <= MIN (width - 1, x + 1); u++)
          {
            gsize other = (gsize) v * width + u;

            if (seen[other] || (level->cells[other] & LACUNA_CELL_IN) != side || (!side && u != x && v != y))
              continue;
            seen[other] = TRUE;
            g_array_append_val (found, other);
          }
    }
  blob.n = found->len - blob.first;
  return blob;
}

void
lacuna_blobs_clean (LacunaPartition *level)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid), most = 0;
  g_autofree guint8 *seen = g_malloc0 (n);
  g_autoptr (GArray) found = g_array_sized_new (FALSE, FALSE, sizeof (gsize), n);
  g_autoptr (GArray) blobs = g_array_new (FALSE, FALSE, sizeof (Blob));

  for (gsize cell = 0; cell < n; cell++)
    if (!seen[cell])
      {
        Blob blob = collect (level, cell, seen, found);

        if (blob.inside)
          most = MAX (most, blob.n);
        g_array_append_val (blobs, blob);
      }
  for (guint i = 0; i < blobs->len; i++)
    {
      const Blob *blob = &g_array_index (blobs, Blob, i);

      if (blob->fixed || blob->n >= most * (blob->inside ? LEAST_PIECE : LEAST_GAP))
        continue;
      for (gsize k = blob->first; k < blob->first + blob->n; k++)
        level->cells[g_array_index (found, gsize, k)] ^= LACUNA_CELL_IN;
    }
}

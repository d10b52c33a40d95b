#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A rectangle of pixels; x and y may be negative where it reaches beyond a photo. */
typedef struct {
  int x, y, width, height;
} LacunaBox;

static inline LacunaBox
lacuna_box_union (LacunaBox a, LacunaBox b)
{
  int x = MIN (a.x, b.x), y = MIN (a.y, b.y);

  return (LacunaBox){ x, y, MAX (a.x + a.width, b.x + b.width) - x, MAX (a.y + a.height, b.y + b.height) - y };
}

static inline LacunaBox
lacuna_box_intersection (LacunaBox a, LacunaBox b)
{
  int x = MAX (a.x, b.x), y = MAX (a.y, b.y);

  return (LacunaBox){ x, y, MAX (0, MIN (a.x + a.width, b.x + b.width) - x),
                      MAX (0, MIN (a.y + a.height, b.y + b.height) - y) };
}

/* The position within 0 … size − 1 that shows at i where an image is mirrored
 * at its edges, again and again: … 1 0 | 0 1 … n−1 | n−1 n−2 … */
static inline int
lacuna_mirror (gint64 i, int size)
{
  gint64 period = 2 * (gint64) size;
  gint64 k = ((i % period) + period) % period;

  return k < size ? k : period - 1 - k;
}

G_END_DECLS

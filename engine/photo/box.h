/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LacunaBox:
 * @x: left edge; negative where it reaches beyond a photo
 * @y: upper edge; as @x
 * @width: pixels, 0 where it is empty
 * @height: pixels
 *
 * A rectangle of pixels.
 */
typedef struct {
  int x, y, width, height;
} LacunaBox;

#define LACUNA_TYPE_BOX (lacuna_box_get_type ())
GType lacuna_box_get_type (void);

LacunaBox *lacuna_box_copy (const LacunaBox *self);
void       lacuna_box_free (LacunaBox *self);

#ifndef __GI_SCANNER__
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
#endif

G_END_DECLS

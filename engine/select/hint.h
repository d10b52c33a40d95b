/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LacunaHintKind:
 * @LACUNA_HINT_THING: a stroke around a thing, or a loose scribble on it
 * @LACUNA_HINT_ADD: a stroke on what belongs to it as well
 * @LACUNA_HINT_TAKE: a stroke on what does not belong to it
 * @LACUNA_HINT_SHADOW: no stroke: the shadow that the thing casts belongs to it
 *
 * What a stroke says about what is to be selected.
 */
typedef enum {
  LACUNA_HINT_THING,
  LACUNA_HINT_ADD,
  LACUNA_HINT_TAKE,
  LACUNA_HINT_SHADOW,
} LacunaHintKind;

/**
 * LacunaHint:
 *
 * A stroke that says what is to be selected. Immutable, atomically reference-counted.
 */
typedef struct _LacunaHint LacunaHint;

#define LACUNA_TYPE_HINT (lacuna_hint_get_type ())
GType lacuna_hint_get_type (void);

/**
 * lacuna_hint_new:
 * @kind: what it says
 * @coordinates: (array length=n_coordinates): x and y of each point in pixels of the photo, one after the other
 * @n_coordinates: twice the number of points, which is at least one, but for a shadow, which has none
 * @radius: of the round brush in pixels, half a pixel or more; a stroke around a thing has none
 *
 * Returns: (transfer full) (nullable): a hint; %NULL: numbers that are no stroke
 */
LacunaHint *lacuna_hint_new (LacunaHintKind kind, const double *coordinates, gsize n_coordinates, double radius);

LacunaHint *lacuna_hint_ref   (LacunaHint *self);
void        lacuna_hint_unref (LacunaHint *self);

/**
 * lacuna_hint_encloses:
 *
 * Returns: whether the stroke goes around something: it comes back to near its start, and there is much inside
 */
gboolean lacuna_hint_encloses (LacunaHint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaHint, lacuna_hint_unref)

G_END_DECLS

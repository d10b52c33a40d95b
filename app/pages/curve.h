/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* The curves of a training over its steps, on a logarithmic scale: what is
 * under the pointer is told in numbers. */
#define LACUNA_TYPE_CURVE (lacuna_curve_get_type ())
G_DECLARE_FINAL_TYPE (LacunaCurve, lacuna_curve, LACUNA, CURVE, GtkWidget)

/* What a widget shows; LOSSES: L1 of coarse and refined, and that in the holes of
 * photos held out; CRITICS: Wasserstein distances and penalties. */
typedef enum {
  LACUNA_CURVE_LOSSES,
  LACUNA_CURVE_CRITICS,
} LacunaCurveKind;

void     lacuna_curve_set_kind  (LacunaCurve *self, LacunaCurveKind kind);
void     lacuna_curve_clear     (LacunaCurve *self);
void     lacuna_curve_add       (LacunaCurve *self, const LacunaTrainingPoint *point);
gboolean lacuna_curve_has_points (LacunaCurve *self); /* anything to draw */

G_END_DECLS

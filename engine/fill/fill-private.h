/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* regions: of LacunaRegion, all stages run; taken. model, device: as lacuna_fill_get_model and _device; copied. */
LacunaFill *lacuna_fill_new (GPtrArray *regions, const char *model, const char *device);

/* Sets what lacuna_fill_get_notes returns. notes: NULL-terminated, taken. Called before anyone else has the fill. */
void lacuna_fill_set_notes (LacunaFill *self, char **notes);

/* What lacuna_steering_describe tells of the options that it was made with; floating, taken. */
void      lacuna_fill_set_steered (LacunaFill *self, GVariant *steered);
GVariant *lacuna_fill_get_steered (LacunaFill *self);

G_END_DECLS

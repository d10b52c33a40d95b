/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/train/options.h"

G_BEGIN_DECLS

/* Whether a training can go by them: LACUNA_ERROR_UNFIT names the value that can't be worked with, and its range. */
gboolean lacuna_training_options_check (const LacunaTrainingOptions *self, GError **error);

/* Sides of crops, in pixels, are multiples of it, and each multiple from the least to the largest is one of them. */
#define LACUNA_SIDE_STEP 16
guint lacuna_training_options_get_least_side (const LacunaTrainingOptions *self);

/* Whether critics join in at some step. */
gboolean lacuna_training_options_has_critics (const LacunaTrainingOptions *self);

/* Adam's learning rate after so many steps. */
double lacuna_training_options_get_rate (const LacunaTrainingOptions *self, guint64 step);

/* Write the options as members of a JSON object, and read them back; what the object lacks stays as it is. */
JsonObject *lacuna_training_options_describe (const LacunaTrainingOptions *self);
void        lacuna_training_options_read     (LacunaTrainingOptions *self, JsonObject *object);

G_END_DECLS

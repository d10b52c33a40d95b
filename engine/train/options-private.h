/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/train/options.h"

G_BEGIN_DECLS

/* Write the options as members of a JSON object, and read them back; what the object lacks stays as it is. */
JsonObject *lacuna_training_options_describe (const LacunaTrainingOptions *self);
void        lacuna_training_options_read     (LacunaTrainingOptions *self, JsonObject *object);

G_END_DECLS

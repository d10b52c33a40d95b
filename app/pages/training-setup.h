/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* How many photos have to be held out to tell whether a model fills better. */
#define LACUNA_TRAINING_JUDGES 5

/* What a training is to learn from, and how: the folder, with what of it is left
 * out and why, the base model, the new one's name, and the hyperparameters.
 *
 * Signal "changed": whether it is ready may be. */
#define LACUNA_TYPE_TRAINING_SETUP (lacuna_training_setup_get_type ())
G_DECLARE_FINAL_TYPE (LacunaTrainingSetup, lacuna_training_setup, LACUNA, TRAINING_SETUP, AdwPreferencesGroup)

/* Whether all is there that a training needs. */
gboolean       lacuna_training_setup_is_ready     (LacunaTrainingSetup *self);
/* Lists the models that a training can start from, anew. */
void           lacuna_training_setup_list_models  (LacunaTrainingSetup *self);
/* Errors of lacuna_trainer_new. */
LacunaTrainer *lacuna_training_setup_make_trainer (LacunaTrainingSetup *self, LacunaEngine *engine, GError **error);
/* Shows what a training was begun with. */
void           lacuna_training_setup_show         (LacunaTrainingSetup *self, const LacunaTrainingProgress *progress);

G_END_DECLS

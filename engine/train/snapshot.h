/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/progress.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

LacunaTrainingProgress *lacuna_training_progress_new (const char *name, const char *folder, const char *base,
                                                      const LacunaTrainingOptions *options);

/* As JSON text and back. LACUNA_ERROR_FORMAT. */
char                   *lacuna_training_progress_to_json   (const LacunaTrainingProgress *self);
LacunaTrainingProgress *lacuna_training_progress_from_json (const char *json, GError **error);

/* Where the training of a model of that name keeps its last state. */
char *lacuna_training_get_state_path (const char *name);

/* Of the last snapshot. LACUNA_ERROR_FILE where there is none, _FORMAT. */
LacunaTrainingProgress *lacuna_training_progress_load (const char *name, LacunaWeights **ret_state, GError **error);

/* Deletes the snapshots. */
void lacuna_training_forget (const char *name);

G_END_DECLS

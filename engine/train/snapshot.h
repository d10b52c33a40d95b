/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/progress.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

LacunaTrainingProgress *lacuna_training_progress_new (const char *name, const char *folder, const char *base,
                                                      const LacunaTrainingOptions *options);

/* Write the progress as JSON text (g_free), and read it back. LACUNA_ERROR_FORMAT. */
char                   *lacuna_training_progress_to_json   (const LacunaTrainingProgress *self);
LacunaTrainingProgress *lacuna_training_progress_from_json (const char *json, GError **error);

/* Returns the path at which the training of a model of that name keeps its last state (g_free). */
char *lacuna_training_get_state_path (const char *name);

/* Reads the last snapshot. ret_state: its weights; NULL: not wanted. LACUNA_ERROR_FILE: there is none; _FORMAT. */
LacunaTrainingProgress *lacuna_training_progress_load (const char *name, LacunaWeights **ret_state, GError **error);

/* Deletes the snapshots. */
void lacuna_training_forget (const char *name);

G_END_DECLS

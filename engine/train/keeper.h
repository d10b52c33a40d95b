/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/learner.h"
#include "engine/train/progress.h"

G_BEGIN_DECLS

/* What a training writes: snapshots, and the model in the end. All files are
 * written beside, synced and renamed. LACUNA_ERROR_FILE; LACUNA_ERROR_UNFIT:
 * weights that are not finite. */

/* The state of the learner with the progress, over the last one. */
gboolean lacuna_keeper_save_state (const LacunaTrainingProgress *progress, LacunaLearner *learner, GError **error);

/* The running average as a model, over the last best. score: on the held-out photos. */
gboolean lacuna_keeper_save_best (const LacunaTrainingProgress *progress, const LacunaHeldOutScore *score,
                                  LacunaLearner *learner, GError **error);

/* Puts the best model into the user's library, and deletes the snapshots.
 * LACUNA_ERROR_UNFIT where it isn't better than what it came from or would
 * replace, and worse is FALSE; the snapshots stay then. */
gboolean lacuna_keeper_publish (const LacunaTrainingProgress *progress, gboolean worse, GError **error);

G_END_DECLS

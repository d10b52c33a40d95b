/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/course.h"

G_BEGIN_DECLS

/* A LacunaEngineWork; data is a LacunaTrainingRun. TRUE where all steps are done, or it was
 * stopped; G_IO_ERROR_CANCELLED. A fault of the device, losses that are not finite and a batch that
 * does not fit the memory are dealt with, and told in a note. */
gboolean lacuna_training_run (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS

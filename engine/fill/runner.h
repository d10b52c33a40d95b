/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/fill.h"
#include "engine/fill/progress.h"
#include "engine/jobs/device-session.h"
#include "engine/jobs/reporter.h"

G_BEGIN_DECLS

/* Fills on a session's device, with the generator of the last model, which is built when first needed and kept from job
 * to job. Used from one thread at a time. */
typedef struct _LacunaRunner LacunaRunner;

/* session: outlives it. */
LacunaRunner *lacuna_runner_new  (LacunaDeviceSession *session);
void          lacuna_runner_free (LacunaRunner *self);

/* Lets go of what the last fill took of the device's memory beside the weights, for others to take. */
void lacuna_runner_rest (LacunaRunner *self);

/* Plans and runs a fill. reporter: of LacunaFillProgress, whose fraction never falls. Where the device fails it is run
 * once more, on the next device there is; where that fails too, the next job starts from the beginning. */
LacunaFill *lacuna_runner_fill (LacunaRunner *self, LacunaPhoto *photo, LacunaMask *mask,
                                const LacunaFillOptions *options, LacunaReporter *reporter,
                                GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaRunner, lacuna_runner_free)

G_END_DECLS

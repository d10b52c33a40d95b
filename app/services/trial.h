/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* Fills a hole of 64×64 pixels in a drawn picture of 256×256 twice, so that the
 * second time no kernel is built. The default model; in a thread. */
void   lacuna_trial_async  (LacunaEngine *engine, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data);
/* The seconds of the second fill; the errors are those of lacuna_engine_fill. */
double lacuna_trial_finish (GAsyncResult *result, char **ret_device, GError **error);

G_END_DECLS

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

/* Fills that hole once, by that model, so that a later fill finds all that it computes by compiled. progress: in the
 * caller's main context. */
void   lacuna_trial_prepare_async (LacunaEngine *engine, const char *model, LacunaFillProgressFunc progress,
                                   gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer data);
/* Returns the notes of that fill (lacuna_fill_get_notes). (transfer full) */
char **lacuna_trial_prepare_finish (GAsyncResult *result, GError **error);

G_END_DECLS

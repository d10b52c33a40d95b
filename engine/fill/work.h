/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/jobs/device-session.h"

G_BEGIN_DECLS

typedef struct _LacunaEngine LacunaEngine; /* engine/fill/engine.h */

/* Long work on the engine's thread, which fills go before. It returns TRUE, or
 * FALSE with error set; it has to look at cancellable, which is its own, and to
 * give way often. data lives until callback. */
typedef gboolean (*LacunaEngineWork) (LacunaEngine *self, gpointer data, GCancellable *cancellable, GError **error);
void     lacuna_engine_work_async  (LacunaEngine *self, LacunaEngineWork work, gpointer work_data,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_engine_work_finish (GAsyncResult *result, GError **error);

/* Runs the fills that wait. Only work calls it, on the engine's thread and between its pieces; the fills use the
 * session's device, as the work does. */
void                 lacuna_engine_give_way    (LacunaEngine *self);
LacunaDeviceSession *lacuna_engine_get_session (LacunaEngine *self);

G_END_DECLS

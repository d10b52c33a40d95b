#pragma once

#include "engine/cl/device.h"
#include "engine/fill/fill.h"
#include "engine/fill/progress.h"

G_BEGIN_DECLS

/* The thread that owns a device's queue, and the jobs that wait for it. */
#define LACUNA_TYPE_ENGINE (lacuna_engine_get_type ())
G_DECLARE_FINAL_TYPE (LacunaEngine, lacuna_engine, LACUNA, ENGINE, GObject)

/* device: a name, or NULL for the automatic choice; memory_limit: bytes, 0 for
 * the default. Nothing is opened before the first job, whose errors then tell.
 * Dropping the last reference cancels all jobs and waits for the running one to
 * stop; their callbacks still come, with G_IO_ERROR_CANCELLED. */
LacunaEngine *lacuna_engine_new (const char *device, guint64 memory_limit);

/* Fills the hole of photo. progress is called in the thread-default main
 * context of the caller, coalesced but with every region's coarse result;
 * never after callback. The job does not keep the engine alive: the callback's
 * source object is NULL, and finish does not look at self. Errors: those of
 * lacuna_plan_new, of the weights and of the device; G_IO_ERROR_CANCELLED. */
void        lacuna_engine_fill_async  (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask,
                                       const LacunaFillOptions *options,
                                       LacunaFillProgressFunc progress, gpointer progress_data,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer data);
LacunaFill *lacuna_engine_fill_finish (LacunaEngine *self, GAsyncResult *result, GError **error);

/* Its synchronous twin: progress is called in the engine's thread. */
LacunaFill *lacuna_engine_fill (LacunaEngine *self, LacunaPhoto *photo, LacunaMask *mask,
                                const LacunaFillOptions *options,
                                LacunaFillProgressFunc progress, gpointer progress_data,
                                GCancellable *cancellable, GError **error);

const char *lacuna_engine_get_device       (LacunaEngine *self); /* as it was asked for */
guint64     lacuna_engine_get_memory_limit (LacunaEngine *self);

/* Long work on the engine's thread, which fills go before. It returns TRUE, or
 * FALSE with error set; it has to look at cancellable, which is its own, and to
 * give way often. data lives until callback. */
typedef gboolean (*LacunaEngineWork) (LacunaEngine *self, gpointer data, GCancellable *cancellable, GError **error);
void     lacuna_engine_work_async  (LacunaEngine *self, LacunaEngineWork work, gpointer work_data,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_engine_work_finish (GAsyncResult *result, GError **error);

/* For work alone: runs the fills that wait. */
void     lacuna_engine_give_way (LacunaEngine *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/cl/tuning.h"

G_BEGIN_DECLS

/* An OpenCL context with one in-order queue on one device, an account of the
 * memory of its buffers, and the programs built for it. Used from one thread
 * at a time. */
#define LACUNA_TYPE_CONTEXT (lacuna_context_get_type ())
G_DECLARE_FINAL_TYPE (LacunaContext, lacuna_context, LACUNA, CONTEXT, GObject)

/* memory_limit in bytes; 0: three quarters of what the device reports. The
 * tuning is the user's, or else that of the device's family; or is given. */
LacunaContext *lacuna_context_new       (LacunaDevice *device, guint64 memory_limit, GError **error);
LacunaContext *lacuna_context_new_tuned (LacunaDevice *device, guint64 memory_limit, const LacunaTuning *tuning,
                                         GError **error);

LacunaDevice *lacuna_context_get_device       (LacunaContext *self);
const LacunaTuning *lacuna_context_get_tuning (LacunaContext *self);
guint64       lacuna_context_get_memory_limit (LacunaContext *self); /* bytes */
guint64       lacuna_context_get_memory_used  (LacunaContext *self);
guint64       lacuna_context_get_memory_peak  (LacunaContext *self);

/* Looked at before every launch and while a program is built, which then fails with G_IO_ERROR_CANCELLED;
 * at most a few launches are in flight, so it takes effect soon. NULL: none. */
void lacuna_context_set_cancellable (LacunaContext *self, GCancellable *cancellable);

/* Waits for all that was launched. LACUNA_ERROR_DEVICE if any of it failed. */
gboolean lacuna_context_finish (LacunaContext *self, GError **error);

/* Time on the device by kernel, for benchmarks. */
typedef struct {
  const char *kernel; /* interned */
  guint       launches;
  double      seconds;
} LacunaProfileRow;

void    lacuna_context_set_profiling (LacunaContext *self, gboolean profiling);
GArray *lacuna_context_take_profile  (LacunaContext *self, GError **error); /* of LacunaProfileRow, most seconds first; starts anew */

/* A watcher is called every interval seconds as long as the driver compiles a program, on the thread that waits for it.
 * func NULL: nobody is told. */
typedef void (*LacunaContextWatcher) (const char *program, guint seconds, gpointer data);
void lacuna_context_set_watcher (LacunaContext *self, guint interval, LacunaContextWatcher func, gpointer data);

/* The piece of work that has the context at the moment: what cancels it, and who is told of long builds. */
typedef struct {
  GCancellable        *cancellable; /* owned */
  LacunaContextWatcher watcher;
  gpointer             watcher_data;
  guint                interval; /* seconds */
} LacunaContextUse;

/* Sets use, which is taken, and returns what was set before. Work that runs within other work sets that again when it
 * ends. */
LacunaContextUse lacuna_context_exchange_use (LacunaContext *self, LacunaContextUse use);

/* Whether a driver still compiles what nobody waits for any more, in any context: a process that ends by exit() then
 * may crash in it, and has to end by _exit(). */
gboolean lacuna_context_is_any_building (void);

G_END_DECLS

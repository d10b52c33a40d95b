/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of this folder know of a context, and what it is made of: status.c, build.c, program.c, binaries.c. */
#include <CL/cl.h>

#include "engine/cl/context.h"

G_BEGIN_DECLS

/* status.c. doing completes "failed while …"; the message carries the status'
 * name and what the driver said. LACUNA_ERROR_MEMORY or LACUNA_ERROR_DEVICE. */
const char *lacuna_status_get_name  (cl_int status);
void        lacuna_status_set_error (GError **error, LacunaContext *context, cl_int status,
                                     const char *doing, ...) G_GNUC_PRINTF (4, 5);

/* context.c */
cl_context       lacuna_context_get_handle   (LacunaContext *self);
cl_command_queue lacuna_context_get_queue    (LacunaContext *self);
char            *lacuna_context_take_message (LacunaContext *self); /* what the driver said last, or NULL */

GCancellable    *lacuna_context_get_cancellable (LacunaContext *self); /* or NULL */
/* Calls the watcher if one of its intervals ended since the last call. before, now: seconds since the build's start at
 * the last call and at this one. */
void             lacuna_context_watch (LacunaContext *self, const char *program, guint before, guint now);

/* The memory account. Releasing is for any thread. */
gboolean lacuna_context_reserve (LacunaContext *self, gsize n_bytes, GError **error);
void     lacuna_context_release (LacunaContext *self, gsize n_bytes);

/* Fails when cancelled. */
gboolean lacuna_context_go_on (LacunaContext *self, GError **error);
/* Called before a launch: waits while too many are in flight, and fails if one failed or the work is cancelled. */
gboolean lacuna_context_admit (LacunaContext *self, GError **error);
/* Called after a launch: takes the event. kernel: an interned name. */
void     lacuna_context_track (LacunaContext *self, cl_event event, const char *kernel);
/* Waits for all launches in flight and tells of the first that failed. */
gboolean lacuna_context_drain (LacunaContext *self, GError **error);

/* Owned by the context. */
cl_program lacuna_context_get_program (LacunaContext *self, const char *name, const char *options, GError **error);

/* build.c. clBuildProgram, of one name, in a thread of its own that is waited for. G_IO_ERROR_CANCELLED ends the
 * waiting at once: the program and its context then live until the driver is through. *ret_status: the driver's. */
gboolean lacuna_build_program (LacunaContext *context, cl_program program, const char *name, const char *options,
                               cl_int *ret_status, GError **error);

/* program.c */
cl_program lacuna_program_build (LacunaContext *context, const char *name, const char *options, GError **error);

/* binaries.c: the cache on disk, by key. A missing, damaged or unreadable entry
 * is NULL; a store that fails is no failure. */
GBytes *lacuna_binaries_load  (const char *key);
void    lacuna_binaries_store (const char *key, gconstpointer data, gsize n_bytes);
void    lacuna_binaries_clear (void);

G_END_DECLS

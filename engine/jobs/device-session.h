/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"

G_BEGIN_DECLS

/* The device that the jobs of an engine share, one context with one account of memory: it is lent to one job at a time,
 * and to a fill within a training. Opened when first asked for. Used from one thread. */
typedef struct _LacunaDeviceSession LacunaDeviceSession;

/* device: a name, NULL for the automatic choice; memory_limit: bytes of device memory, 0 for the default. */
LacunaDeviceSession *lacuna_device_session_new  (const char *device, guint64 memory_limit);
void                 lacuna_device_session_free (LacunaDeviceSession *self);

/* Opens the device where it is not yet, and returns its context, which is the session's. LACUNA_ERROR_NO_DEVICE,
 * _DEVICE, _MEMORY, or G_IO_ERROR_CANCELLED while the device is tried (engine/cl/self-test.h). It is another one than
 * before where the session was changed or closed since. */
LacunaContext *lacuna_device_session_open (LacunaDeviceSession *self, GCancellable *cancellable, GError **error);

/* Return what is in use, or NULL. */
LacunaDevice  *lacuna_device_session_get_device  (LacunaDeviceSession *self);
LacunaContext *lacuna_device_session_get_context (LacunaDeviceSession *self);

/* Gives up the device that failed with problem for the next one. FALSE where there is none that may do better; the next
 * to ask begins anew then. */
gboolean lacuna_device_session_change (LacunaDeviceSession *self, GCancellable *cancellable, const GError *problem);

/* Closes the device; the next to ask for it begins anew. */
void lacuna_device_session_close (LacunaDeviceSession *self);

/* Whether another try, be it on the same device, may go well. */
gboolean lacuna_device_session_may_pass (const GError *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaDeviceSession, lacuna_device_session_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Carries what a job tells of itself from its thread to its caller: events wait
 * in one queue with at most one idle for it, where a newer one takes the place
 * of the last if that may pass. Atomically reference-counted. */
typedef struct _LacunaReporter LacunaReporter;

typedef void (*LacunaReporterFunc) (gconstpointer event, gpointer data);

/* context: where func, which may be NULL, is called with data for each event,
 * which is freed then; NULL: at once, in the thread that reports. */
LacunaReporter *lacuna_reporter_new   (GMainContext *context, LacunaReporterFunc func, gpointer data,
                                       GDestroyNotify event_free);
LacunaReporter *lacuna_reporter_ref   (LacunaReporter *self);
void            lacuna_reporter_unref (LacunaReporter *self); /* NULL-safe */

/* Reports an event, which is taken; any thread may call. may_pass: a newer event may take its place while it waits. */
void lacuna_reporter_report (LacunaReporter *self, gpointer event, gboolean may_pass);

/* Tells what waits, in the thread of the context. */
void lacuna_reporter_flush  (LacunaReporter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaReporter, lacuna_reporter_unref)

G_END_DECLS

#pragma once

#include "engine/fill/engine.h"

G_BEGIN_DECLS

/* Carries a job's progress from the engine's thread to its caller: events wait
 * in one queue with at most one idle for it, where a newer one takes the place
 * of the last unless that has to be told. Atomically reference-counted. */
typedef struct _LacunaReporter LacunaReporter;

/* context: where func is called; NULL: at once, in the thread that reports. */
LacunaReporter *lacuna_reporter_new   (GMainContext *context, LacunaFillProgressFunc func, gpointer data);
LacunaReporter *lacuna_reporter_ref   (LacunaReporter *self);
void            lacuna_reporter_unref (LacunaReporter *self);

/* regions: holds progress->result, and stays alive until it has been told. The
 * region is copied, so that what is told does not change afterwards. must_tell:
 * no newer event may take its place. The fraction never falls. */
void lacuna_reporter_report (LacunaReporter *self, const LacunaFillProgress *progress, GPtrArray *regions,
                             gboolean must_tell);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaReporter, lacuna_reporter_unref)

G_END_DECLS

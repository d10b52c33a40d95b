/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* What is known of one photo being learnt, for about a minute: a part of it is
 * held out to judge by. The model goes with the lesson. No widgets. All calls
 * from the main thread.
 *
 * Properties, read-only and notified: "progress" (0 to 1), "status" (a sentence). */
#define LACUNA_TYPE_LESSON (lacuna_lesson_get_type ())
G_DECLARE_FINAL_TYPE (LacunaLesson, lacuna_lesson, LACUNA, LESSON, GObject)

/* parts: of LacunaBox, at least two, which are known and don't overlap. base: a
 * model, NULL for the default. */
LacunaLesson *lacuna_lesson_new (LacunaEngine *engine, LacunaPhoto *photo, GArray *parts, const char *base);

/* Fills of the engine go before it. LACUNA_ERROR_UNFIT: what was learnt is no
 * better than base; G_IO_ERROR_CANCELLED; errors of lacuna_trainer_run_async. */
void     lacuna_lesson_run_async  (LacunaLesson *self, GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_lesson_run_finish (LacunaLesson *self, GAsyncResult *result, GError **error);
void     lacuna_lesson_cancel     (LacunaLesson *self);

/* The path of what was learnt; NULL before it is over. */
const char *lacuna_lesson_get_model (LacunaLesson *self);
/* L1 in the holes of the part held out, in %, before and after. */
void        lacuna_lesson_get_score (LacunaLesson *self, double *ret_before, double *ret_after);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* With this begin the names of the files in which sessions keep what was learnt. */
#define LACUNA_LESSON_KEPT "learnt-"

/* What is known of one photo being learnt, for about a minute: a part of it is
 * held out to judge by. The model that was trained goes with the lesson, unless
 * a session keeps it (journal.h). No widgets. All calls but lacuna_lesson_new_over
 * from the main thread.
 *
 * Properties, read-only and notified: "progress" (0 to 1), "status" (a sentence). */
#define LACUNA_TYPE_LESSON (lacuna_lesson_get_type ())
G_DECLARE_FINAL_TYPE (LacunaLesson, lacuna_lesson, LACUNA, LESSON, GObject)

/* parts: of LacunaBox, at least two, which are known and don't overlap. base: a
 * model, NULL for the default. */
LacunaLesson *lacuna_lesson_new (LacunaEngine *engine, LacunaPhoto *photo, GArray *parts, const char *base);

/* What was learnt earlier: the model in the file at path, whose content that is, and
 * its score, as lacuna_lesson_get_score. The file stays. In any thread. */
LacunaLesson *lacuna_lesson_new_over (const char *path, GBytes *content, double before, double after);

/* Fills of the engine go before it. LACUNA_ERROR_UNFIT: what was learnt is no
 * better than base; G_IO_ERROR_CANCELLED; errors of lacuna_trainer_run_async. */
void     lacuna_lesson_run_async  (LacunaLesson *self, GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_lesson_run_finish (LacunaLesson *self, GAsyncResult *result, GError **error);
void     lacuna_lesson_cancel     (LacunaLesson *self);

/* Whether the model in the file at path is a lesson's. */
gboolean    lacuna_lesson_is_model (const char *path);
/* The path of what was learnt; NULL before it is over. */
const char *lacuna_lesson_get_model (LacunaLesson *self);
/* The content of that file; NULL before it is over. (transfer none) */
GBytes     *lacuna_lesson_get_content (LacunaLesson *self);
/* L1 in the holes of the part held out, in %, before and after. */
void        lacuna_lesson_get_score (LacunaLesson *self, double *ret_before, double *ret_after);

G_END_DECLS

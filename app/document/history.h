/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/step.h"

G_BEGIN_DECLS

/* The steps made so far, and how many of them are in force. */
typedef struct {
  GPtrArray *steps; /* of LacunaStep */
  guint      position;
} LacunaHistory;

void        lacuna_history_init  (LacunaHistory *self);
void        lacuna_history_clear (LacunaHistory *self);
/* Forgets the undone steps. Takes step. */
void        lacuna_history_push  (LacunaHistory *self, LacunaStep *step);
/* Move the position by the step that there is to take back, or to do again. */
void        lacuna_history_undo  (LacunaHistory *self);
void        lacuna_history_redo  (LacunaHistory *self);
/* The step that an undo or redo would be of; NULL: none. (transfer none) */
LacunaStep *lacuna_history_peek_undo (const LacunaHistory *self);
LacunaStep *lacuna_history_peek_redo (const LacunaHistory *self);

/* The fills among the first n steps, in order. Transfer container. */
GPtrArray  *lacuna_history_list_retouches (const LacunaHistory *self, guint n); /* of LacunaRetouch */
/* The last fill in force, NULL: none. (transfer none) */
LacunaStep *lacuna_history_get_last_fill  (const LacunaHistory *self);
/* The selection that the last step in force made, NULL: none. (transfer none) */
LacunaSelection *lacuna_history_get_selection (const LacunaHistory *self);
/* The changes of the hole by the steps that made it, first to last; *ret_anew: as of the first one. Transfer container. */
GPtrArray  *lacuna_history_list_selecting (const LacunaHistory *self, gboolean *ret_anew); /* of LacunaDelta */
/* The lines that edges are to follow now, as in LacunaFillOptions; NULL: none. (transfer none) */
GVariant   *lacuna_history_get_lines      (const LacunaHistory *self);
/* Whether they changed since the last fill in force. */
gboolean    lacuna_history_has_new_lines  (const LacunaHistory *self);
/* Whether the hole is as the last fill in force left it. */
gboolean    lacuna_history_is_resting     (const LacunaHistory *self);
/* The steps from first to before end hold the last fill in force and the others of the same hole, its variants: all
 * that came before it and, where the hole rests, what was undone. They start and end with a fill; other steps between
 * them change what steers. first = end where there is no fill. */
void        lacuna_history_find_variants  (const LacunaHistory *self, guint *ret_first, guint *ret_end);

/* How many of the variants began just as the next fill would, with the same to avoid and to prefer, as strongly, and the same
 * changes of what is copied, and are by the model with those weights (a path). NULL for the path means any, and a fill
 * whose model or strength is not known counts. ret_end: the step after the last of them, undone ones included;
 * position where there is none. */
guint       lacuna_history_count_repeats  (const LacunaHistory *self, const char *model, double strength,
                                           LacunaTransforms transforms, guint *ret_end);

G_END_DECLS

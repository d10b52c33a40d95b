#pragma once

#include "app/step.h"

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
/* The step to take back or to do again, with the position moved; NULL: none. (transfer none) */
LacunaStep *lacuna_history_undo  (LacunaHistory *self);
LacunaStep *lacuna_history_redo  (LacunaHistory *self);
/* The step that an undo or redo would be of; NULL: none. */
LacunaStep *lacuna_history_peek_undo (const LacunaHistory *self);
LacunaStep *lacuna_history_peek_redo (const LacunaHistory *self);

/* The fills in force, in order. Transfer container. */
GPtrArray  *lacuna_history_list_retouches (const LacunaHistory *self); /* of LacunaRetouch */
/* The last fill in force, NULL: none. (transfer none) */
LacunaStep *lacuna_history_get_last_fill  (const LacunaHistory *self);

G_END_DECLS

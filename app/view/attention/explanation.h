/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/view/attention/attention-mode.h"
#include "app/view/attention/attention-query.h"
#include "engine/lacuna.h"

G_BEGIN_DECLS

#define LACUNA_EXPLANATION_N_SOURCES 5

/* A known patch that something in the hole was rebuilt from. */
typedef struct {
  LacunaBox box;   /* of the photo */
  float     value; /* share, 0 to 1; in the mode of steps, the number that the step gives it */
} LacunaSource;

/* The drawings of a fill's attention over the photo. Emits "changed". Property
 * (read-write): "windows" (gboolean, its windows are outlined). */
#define LACUNA_TYPE_EXPLANATION (lacuna_explanation_get_type ())
G_DECLARE_FINAL_TYPE (LacunaExplanation, lacuna_explanation, LACUNA, EXPLANATION, GObject)

LacunaExplanation *lacuna_explanation_new (void);

/* NULL: there is nothing to draw. trust: of LacunaDocument. */
void        lacuna_explanation_set_fill    (LacunaExplanation *self, LacunaFill *fill, GPtrArray *trust);
LacunaFill *lacuna_explanation_get_fill    (LacunaExplanation *self);
void        lacuna_explanation_set_mode    (LacunaExplanation *self, LacunaAttentionMode mode);
LacunaAttentionMode lacuna_explanation_get_mode (LacunaExplanation *self);
void        lacuna_explanation_set_opacity (LacunaExplanation *self, double opacity); /* 0 to 1 */

/* Asks where the hole's pixels in box (of the photo; a point is 1×1) come from.
 * FALSE where box holds nothing that was filled: the question stays as it was. */
gboolean lacuna_explanation_ask    (LacunaExplanation *self, LacunaBox box);
/* The middle of what was filled: where to begin asking without a pointer. FALSE: nothing was. */
gboolean lacuna_explanation_get_start (LacunaExplanation *self, double *ret_x, double *ret_y);
/* Which share of what was filled is likely to be far from what was there: trusted to less than a half; -1 where that
 * can't be told. */
double   lacuna_explanation_get_doubtful (LacunaExplanation *self);
/* The strongest sources of what was asked last, the first one first; n 0: nothing asked. */
const LacunaSource *lacuna_explanation_get_sources (LacunaExplanation *self, guint *ret_n);

/* The place of the photo that is lit, here and in the list; width 0: none. It goes with the question. */
void      lacuna_explanation_set_lit     (LacunaExplanation *self, LacunaBox box);
LacunaBox lacuna_explanation_get_lit     (LacunaExplanation *self);
/* The source at a point of the photo, of several that whose middle is nearest; width 0: none. */
LacunaBox lacuna_explanation_find_source (LacunaExplanation *self, double x, double y);
/* What would be copied around a known point of the photo: a patch as that of a source; width 0: nothing was filled, or it
 * was there. */
LacunaBox lacuna_explanation_find_patch  (LacunaExplanation *self, double x, double y);
/* What is to be done with a source is done with that: the source of that number; -1: what is lit, else the strongest.
 * Width 0: there is none. */
LacunaBox lacuna_explanation_choose      (LacunaExplanation *self, int source);

/* In the mode of steps: the step that is shown, and what it and the others did for what is asked; NULL: nothing was filled,
 * or its attention was not kept. */
void                  lacuna_explanation_set_step  (LacunaExplanation *self, LacunaAttentionStep step);
LacunaAttentionStep   lacuna_explanation_get_step  (LacunaExplanation *self);
LacunaAttentionQuery *lacuna_explanation_get_query (LacunaExplanation *self);

/* x, y: where the photo's origin is drawn; scale: of a pixel of the photo. */
void lacuna_explanation_snapshot (LacunaExplanation *self, GtkSnapshot *snapshot, double x, double y, double scale);

/* What is drawn over the region that was asked about (else the first one), as
 * an image of its window at the network's scale, with a legend below. */
gboolean lacuna_explanation_save_image (LacunaExplanation *self, const char *path, GError **error);
/* The numbers drawn, a float for each cell of the grid (flow: 2, dx and dy), or of the trust for each pixel of the hole's
 * box. */
gboolean lacuna_explanation_save_array (LacunaExplanation *self, const char *path, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/view/attention/attention-mode.h"
#include "app/view/attention/attention-query.h"
#include "app/view/canvas/pyramid.h"
#include "engine/lacuna.h"

G_BEGIN_DECLS

/* How many places are told at most: those that a pixel was copied from, and those that the network looked at. They are
 * numbered from 0 on: the sources follow after the largest number of copies. */
#define LACUNA_EXPLANATION_N_COPIES 4
#define LACUNA_EXPLANATION_N_SOURCES 5
#define LACUNA_EXPLANATION_N_PLACES (LACUNA_EXPLANATION_N_COPIES + LACUNA_EXPLANATION_N_SOURCES)

/* A known patch that something in the hole was rebuilt from; or the patch around the pixel of the photo that a filled
 * one is a copy of. */
typedef struct {
  LacunaBox         box;       /* in pixels of the photo; width 0: the network made it up */
  float             value;     /* share, 0 to 1; in the mode of steps, the number that the step gives it */
  LacunaTransformed transform; /* of a copy */
} LacunaSource;

/* The drawings of a fill's attention over the photo. Emits "changed". Property
 * (read-write): "windows" (gboolean, its windows are outlined). */
#define LACUNA_TYPE_EXPLANATION (lacuna_explanation_get_type ())
G_DECLARE_FINAL_TYPE (LacunaExplanation, lacuna_explanation, LACUNA, EXPLANATION, GObject)

LacunaExplanation *lacuna_explanation_new (void);

/* NULL means that there is nothing to draw. trust, report: what lacuna_document_get_trust and _report returned for the
 * fill. */
void        lacuna_explanation_set_fill    (LacunaExplanation *self, LacunaFill *fill, GPtrArray *trust,
                                            GVariant *report);
/* NULL: there is none. (transfer none) */
GVariant   *lacuna_explanation_get_report  (LacunaExplanation *self);
LacunaFill *lacuna_explanation_get_fill    (LacunaExplanation *self);
void        lacuna_explanation_set_mode    (LacunaExplanation *self, LacunaAttentionMode mode);
LacunaAttentionMode lacuna_explanation_get_mode (LacunaExplanation *self);
void        lacuna_explanation_set_opacity (LacunaExplanation *self, double opacity); /* 0 to 1 */

/* Asks where the hole's pixels in box (of the photo; a point is 1×1) come from.
 * FALSE where box holds nothing that was filled: the question stays as it was. */
gboolean lacuna_explanation_ask    (LacunaExplanation *self, LacunaBox box);
/* Returns the middle of what was filled, where keys begin to ask. FALSE: nothing was filled. */
gboolean lacuna_explanation_get_start (LacunaExplanation *self, double *ret_x, double *ret_y);
/* Returns the share of the filled pixels that are trusted to less than a half, which are likely to be far from what
 * was there; -1: that can't be told. */
double   lacuna_explanation_get_doubtful (LacunaExplanation *self);
/* The strongest sources of what was asked last, the first one first; n 0: nothing asked. */
const LacunaSource *lacuna_explanation_get_sources (LacunaExplanation *self, guint *ret_n);
/* What the pixel that lacuna_explanation_get_point tells of was copied from, as LacunaProvenance traces it, the largest
 * share first; n 0: nothing asked, the pixel was not filled, or steps are shown. */
const LacunaSource *lacuna_explanation_get_copies  (LacunaExplanation *self, guint *ret_n);
/* Returns the place of that number; NULL: there is none. (transfer none) */
const LacunaSource *lacuna_explanation_get_place   (LacunaExplanation *self, guint number);

/* The place of the photo that is lit, here and in the list; width 0: none. It goes with the question. */
void      lacuna_explanation_set_lit     (LacunaExplanation *self, LacunaBox box);
LacunaBox lacuna_explanation_get_lit     (LacunaExplanation *self);
/* Returns the place of a number that holds a point of the photo; of several, the one whose middle is nearest. Width 0:
 * there is none. */
LacunaBox lacuna_explanation_find_source (LacunaExplanation *self, double x, double y);
/* Returns the patch that would be copied around a known point of the photo, as large as a source. Width 0: nothing
 * was filled, or the point itself was. */
LacunaBox lacuna_explanation_find_patch  (LacunaExplanation *self, double x, double y);
/* Returns the box that an action is about. number: of a place; -1: what is lit, else what was copied, else the strongest
 * source. Width 0: there is none. */
LacunaBox lacuna_explanation_choose      (LacunaExplanation *self, int number);

/* These tell and set the step that is shown in the mode of steps, and what all steps did for what is asked; NULL:
 * nothing was filled, or its attention was not kept. (transfer none) */
void                  lacuna_explanation_set_step  (LacunaExplanation *self, LacunaAttentionStep step);
LacunaAttentionStep   lacuna_explanation_get_step  (LacunaExplanation *self);
LacunaAttentionQuery *lacuna_explanation_get_query (LacunaExplanation *self);

/* Returns the number of the region that was asked about, and the point of the photo, in the middle of what it filled of
 * a box. FALSE: nothing was asked; the region is the first. */
gboolean lacuna_explanation_get_point (LacunaExplanation *self, guint *ret_region, int *ret_x, int *ret_y);

/* Whether a point was asked about last, and not a rectangle. */
gboolean lacuna_explanation_is_point  (LacunaExplanation *self);

/* Draws over the photo. x, y: where its origin is drawn; scale: logical pixels for each pixel of the photo. */
void lacuna_explanation_snapshot (LacunaExplanation *self, GtkSnapshot *snapshot, double x, double y, double scale);

/* Writes what is drawn over the region that was asked about (else the first one) and the part of the picture that its window
 * covers, with a legend below. path: as lacuna_figure_file_check wants it. LACUNA_ERROR_EMPTY: nothing is drawn;
 * _FILE, _MEMORY. */
void     lacuna_explanation_save_figure_async  (LacunaExplanation *self, LacunaPyramid *picture, const char *path,
                                                GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_explanation_save_figure_finish (LacunaExplanation *self, GAsyncResult *result, GError **error);
/* The numbers drawn, a float for each cell of the grid (flow: 2, dx and dy), or of the trust for each pixel of the hole's
 * box. */
gboolean lacuna_explanation_save_array (LacunaExplanation *self, const char *path, GError **error);

G_END_DECLS

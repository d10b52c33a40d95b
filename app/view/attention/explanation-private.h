/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/explanation.h"

G_BEGIN_DECLS

/* What the files of the explanation share. */

/* What one region shows without being asked. */
typedef struct {
  guint8     *hole; /* cells */
  GdkTexture *place, *flow, *trust; /* made when first drawn */
} Maps;

struct _LacunaExplanation {
  GObject             parent_instance;
  LacunaFill         *fill;
  GPtrArray          *trust; /* of GBytes, by region */
  GVariant           *report; /* lacuna_document_get_report */
  GArray             *maps; /* of Maps, by region */
  LacunaAttentionMode mode;
  double              opacity;
  gboolean            windows;

  guint               region; /* index of the region that was asked about */
  LacunaBox           question;
  float              *weights;
  GdkTexture         *heat; /* NULL: nothing was asked */
  LacunaSource        sources[LACUNA_EXPLANATION_N_SOURCES];
  guint               n_sources;
  LacunaSource        copies[LACUNA_EXPLANATION_N_COPIES];
  guint               n_copies;
  LacunaBox           lit;

  LacunaAttentionStep step; /* the one that is shown in the mode of steps */
  LacunaAttentionQuery *query; /* the cell in the middle of the question, to go through; NULL: nothing was asked */
  GdkTexture         *step_heat; /* NULL: the step has none */
};

/* Returns how far each pixel of a region's hole box may be trusted, 0 to 1; NULL: that can't be told. (transfer
 * none) */
const float *lacuna_explanation_get_trust (LacunaExplanation *self, guint region);
/* Whether the mode is one in which places are asked about. */
gboolean     lacuna_explanation_is_asking (LacunaExplanation *self);

/* What is drawn of a fill: a map over a region's window, by the opacity, NULL: none (transfer none); and the lines over all
 * of them, placed as lacuna_explanation_snapshot does. */
GdkTexture *lacuna_explanation_get_map    (LacunaExplanation *self, guint region);
void        lacuna_explanation_draw_lines (LacunaExplanation *self, cairo_t *cr, double x, double y, double scale);

/* Returns a patch around a pixel of the photo, about as large as a source. */
LacunaBox lacuna_explanation_make_patch (LacunaExplanation *self, int x, int y);

/* explanation-copies.c: finds what the pixel that is asked about was copied from. */
void lacuna_explanation_list_copies (LacunaExplanation *self);

/* explanation-save.c: whether there is something drawn that can be written. LACUNA_ERROR_EMPTY. */
gboolean lacuna_explanation_check_fill (LacunaExplanation *self, const char *path, GError **error);

/* explanation-steps.c: what the steps of the attention did for what is asked. */
void lacuna_explanation_take_query  (LacunaExplanation *self, LacunaBox cells); /* cells: in the grid of `region` */
void lacuna_explanation_begin_steps (LacunaExplanation *self); /* asks about the middle, unless something is asked */
void lacuna_explanation_update_step (LacunaExplanation *self); /* sets what is drawn of the step, and its sources */
void lacuna_explanation_drop_query  (LacunaExplanation *self);

G_END_DECLS

#pragma once

#include <gtk/gtk.h>

#include "app/tool.h"
#include "engine/engine.h"

G_BEGIN_DECLS

#define LACUNA_ATTENTION_N_SOURCES 5

/* A known patch that something in the hole was rebuilt from. */
typedef struct {
  LacunaBox box;    /* of the photo */
  float     weight; /* share, 0 to 1 */
} LacunaSource;

/* The drawings of a fill's attention over the photo. Emits "changed". */
#define LACUNA_TYPE_ATTENTION (lacuna_attention_get_type ())
G_DECLARE_FINAL_TYPE (LacunaAttention, lacuna_attention, LACUNA, ATTENTION, GObject)

LacunaAttention *lacuna_attention_new (void);

/* NULL: there is nothing to draw. */
void        lacuna_attention_set_fill    (LacunaAttention *self, LacunaFill *fill);
LacunaFill *lacuna_attention_get_fill    (LacunaAttention *self);
void        lacuna_attention_set_mode    (LacunaAttention *self, LacunaAttentionMode mode);
LacunaAttentionMode lacuna_attention_get_mode (LacunaAttention *self);
void        lacuna_attention_set_opacity (LacunaAttention *self, double opacity); /* 0 to 1 */

/* Asks where the hole's pixels in box (of the photo; a point is 1×1) come from.
 * FALSE where box holds nothing that was filled: the question stays as it was. */
gboolean lacuna_attention_ask    (LacunaAttention *self, LacunaBox box);
void     lacuna_attention_forget (LacunaAttention *self);
/* The middle of what was filled: where to begin asking without a pointer. FALSE: nothing was. */
gboolean lacuna_attention_get_start (LacunaAttention *self, double *ret_x, double *ret_y);
/* The strongest sources of what was asked last, the first one first; n 0: nothing asked. */
const LacunaSource *lacuna_attention_get_sources (LacunaAttention *self, guint *ret_n);
/* What was asked last. */
LacunaBox lacuna_attention_get_question (LacunaAttention *self);

/* x, y: where the photo's origin is drawn; scale: of a pixel of the photo. */
void lacuna_attention_snapshot (LacunaAttention *self, GtkSnapshot *snapshot, double x, double y, double scale);

/* What is drawn over the region that was asked about (else the first one), as
 * an image of its window at the network's scale. */
gboolean lacuna_attention_save_image (LacunaAttention *self, const char *path, GError **error);
/* The numbers drawn, a float for each cell of the grid (flow: 2, dx and dy). */
gboolean lacuna_attention_save_array (LacunaAttention *self, const char *path, GError **error);

G_END_DECLS

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What dragging over the photo does. */
typedef enum {
  LACUNA_TOOL_BRUSH,
  LACUNA_TOOL_ERASER,
  LACUNA_TOOL_LASSO,
  LACUNA_TOOL_RECTANGLE,
  LACUNA_TOOL_POLYGON,
  LACUNA_TOOL_AVOID,
} LacunaTool;

/* What a stroke does. */
typedef enum {
  LACUNA_STROKE_MARK,  /* adds to the hole */
  LACUNA_STROKE_ERASE, /* takes from the hole, and from what is to be avoided */
  LACUNA_STROKE_AVOID, /* adds to what fills may not copy from */
} LacunaStrokeKind;

/* The panes of the Fill page. */
typedef enum {
  LACUNA_PANE_PHOTO,
  LACUNA_PANE_COARSE,
  LACUNA_PANE_REFINED,
  LACUNA_PANE_ATTENTION,
} LacunaPane;

/* What the attention pane draws. */
typedef enum {
  LACUNA_ATTENTION_WHERE,
  LACUNA_ATTENTION_FLOW,
  LACUNA_ATTENTION_CONFIDENCE,
} LacunaAttentionMode;

/* Changes of the whole mask. */
typedef enum {
  LACUNA_MASK_INVERT,
  LACUNA_MASK_CLEAR,
  LACUNA_MASK_GROW,
  LACUNA_MASK_SHRINK,
} LacunaMaskEdit;

G_END_DECLS

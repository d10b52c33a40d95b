/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What dragging over the photo does. */
typedef enum {
  LACUNA_TOOL_SELECT,
  LACUNA_TOOL_BRUSH,
  LACUNA_TOOL_ERASER,
  LACUNA_TOOL_LASSO,
  LACUNA_TOOL_RECTANGLE,
  LACUNA_TOOL_POLYGON,
  LACUNA_TOOL_AVOID,
  LACUNA_TOOL_PREFER,
  LACUNA_TOOL_LINE,
} LacunaTool;

/* The panes of the Fill page. */
typedef enum {
  LACUNA_PANE_PHOTO,
  LACUNA_PANE_COARSE,
  LACUNA_PANE_REFINED,
  LACUNA_PANE_ATTENTION,
} LacunaPane;

G_END_DECLS

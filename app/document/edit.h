/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a stroke does. */
typedef enum {
  LACUNA_STROKE_MARK,  /* adds to the hole */
  LACUNA_STROKE_ERASE, /* takes from the hole, and from what is to be avoided */
  LACUNA_STROKE_AVOID, /* adds to what fills may not copy from */
} LacunaStrokeKind;

/* Changes of the whole mask. */
typedef enum {
  LACUNA_MASK_INVERT,
  LACUNA_MASK_CLEAR,
  LACUNA_MASK_GROW,
  LACUNA_MASK_SHRINK,
} LacunaMaskEdit;

G_END_DECLS

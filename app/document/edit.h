/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a stroke does. */
typedef enum {
  LACUNA_STROKE_MARK,  /* adds to the hole */
  LACUNA_STROKE_ERASE, /* takes from the hole, and from what steers */
  LACUNA_STROKE_AVOID, /* adds to what fills may not copy from, and takes it from what is preferred */
  LACUNA_STROKE_PREFER, /* the other way round */
} LacunaStrokeKind;

/* What is marked beside the hole, and steers its fills; in the order of the strokes. */
typedef enum {
  LACUNA_STEER_AVOID,  /* may not be copied from */
  LACUNA_STEER_PREFER, /* is rather copied from than all else */
  LACUNA_N_STEERS,
} LacunaSteer;

/* What is to become of a place that a fill came from. */
typedef enum {
  LACUNA_SOURCE_NOT,  /* it is avoided */
  LACUNA_SOURCE_MORE, /* it is preferred as well */
  LACUNA_SOURCE_ONLY, /* it is preferred, and nothing else */
} LacunaSourceEdit;

/* Changes of the whole mask. */
typedef enum {
  LACUNA_MASK_INVERT,
  LACUNA_MASK_CLEAR,
  LACUNA_MASK_GROW,
  LACUNA_MASK_SHRINK,
} LacunaMaskEdit;

G_END_DECLS

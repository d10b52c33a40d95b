/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the attention pane draws. */
typedef enum {
  LACUNA_ATTENTION_WHERE,
  LACUNA_ATTENTION_FLOW,
  LACUNA_ATTENTION_CONFIDENCE,
  LACUNA_ATTENTION_STEPS,
} LacunaAttentionMode;

G_END_DECLS

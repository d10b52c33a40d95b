/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"

G_BEGIN_DECLS

/* What a device does at best: the limits that an operation's figures are compared with. */
typedef struct {
  double flops; /* a second, of fused multiply-adds of float32, each counted as two */
  double bytes; /* a second, read and written, of a copy that is larger than the caches */
} LacunaPeak;

/* Takes about a second. */
gboolean lacuna_peak_measure (LacunaContext *context, LacunaPeak *ret_peak, GError **error);

G_END_DECLS

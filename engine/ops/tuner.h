/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/cl/tuning.h"

G_BEGIN_DECLS

typedef struct {
  LacunaTuning tuning;
  double       before, after; /* milliseconds of what was measured, with the family's sizes and with these */
} LacunaTunerResult;

typedef void (*LacunaTunerProgress) (double fraction, gpointer data);

/* Finds the sizes that suit a device: from its family's, one after the other is
 * tried with convolutions and an attention like the network's, and kept where it
 * is faster. Takes minutes; programs that were built before come from the cache.
 * G_IO_ERROR_CANCELLED, and those of a device that fails with its family's. */
gboolean lacuna_tuner_run (LacunaDevice *device, LacunaTunerProgress progress, gpointer data,
                           GCancellable *cancellable, LacunaTunerResult *ret_result, GError **error);

G_END_DECLS

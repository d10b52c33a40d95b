/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/partition.h"

G_BEGIN_DECLS

/* Adds the shadow to what is inside: what hangs together with it, and has colours of what is around it at less light,
 * but where strokes (of LacunaHint) take. The partition has its colours; looks learns what is lit, for finer scales.
 * As lacuna_partition_cut. */
gboolean lacuna_shadow_add (LacunaPartition *level, LacunaPhoto *photo, GPtrArray *hints, LacunaAppearance *looks,
                            GCancellable *cancellable, GError **error);

G_END_DECLS

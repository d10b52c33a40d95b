/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/checkpoint.h"

G_BEGIN_DECLS

/* The number of shards that an index tells of; 0 with error set. LACUNA_ERROR_FORMAT. */
guint lacuna_bundle_count_shards (GBytes *index, GError **error);

/* Reads a TensorFlow checkpoint: the tensors that its index names, out of its shards of data, n_shards of them. Without
 * data (shards is NULL) there are names and shapes alone. LACUNA_ERROR_FORMAT: what lies. */
LacunaCheckpoint *lacuna_bundle_read (GBytes *index, GBytes *const *shards, guint n_shards, GError **error);

G_END_DECLS

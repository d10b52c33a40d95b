/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/checkpoint.h"

G_BEGIN_DECLS

/* Reads the checkpoint that a path leads to, whatever its format. ret_source: the file's path, or that of a TensorFlow
 * checkpoint's index. Messages are parts of a sentence. LACUNA_ERROR_FILE, LACUNA_ERROR_FORMAT. */
LacunaCheckpoint *lacuna_checkpoint_open (const char *path, char **ret_source, GError **error);

/* A safetensors file. LACUNA_ERROR_FORMAT. */
LacunaCheckpoint *lacuna_checkpoint_read_safetensors (GBytes *bytes, GError **error);

G_END_DECLS

#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* A tensor, and where its data begins in the file. */
typedef struct {
  LacunaWeightsEntry public;
  gsize              begin;
} LacunaHeaderEntry;

/* Reads the header of a safetensors file and checks it against the file: every
 * byte of the data is of exactly one tensor. Fills entries (of
 * LacunaHeaderEntry, empty before; their names are the array's) and metadata
 * (strings to strings). LACUNA_ERROR_FORMAT. */
gboolean lacuna_header_read (GBytes *file, GArray *entries, GHashTable *metadata, GError **error);

G_END_DECLS

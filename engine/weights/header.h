/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/weights/entry.h"

G_BEGIN_DECLS

/* A tensor, and where its data begins in the file. */
typedef struct {
  LacunaWeightsEntry public;
  gsize              begin;
} LacunaHeaderEntry;

/* A header is longer in no file that is read. */
#define LACUNA_HEADER_MOST_BYTES (8 + (1 << 20))

/* Reads the header of a safetensors file, whose first bytes head has, and checks
 * it against the file's size: every byte of the data is of exactly one tensor. Fills entries (of
 * LacunaHeaderEntry, empty before; their names are the array's) and metadata
 * (strings to strings). LACUNA_ERROR_FORMAT. */
gboolean lacuna_header_read (GBytes *head, gsize size, GArray *entries, GHashTable *metadata, GError **error);

G_END_DECLS

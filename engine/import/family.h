/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/checkpoint.h"
#include "engine/network/layers.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* A project whose checkpoints are known, with a file of its own in families/: how it names, lays out and colours the
 * network's tensors. */
typedef struct _LacunaFamily LacunaFamily;

#define LACUNA_MATCH_CRITIC_LAYERS 10

/* A checkpoint whose tensors are all known: of which family, and which network it is. */
typedef struct {
  LacunaFamily *family;
  char         *prefix; /* before all names */
  LacunaNetwork network;
} LacunaMatch;

/* Finds family and network of a checkpoint; the shapes tell the architecture. LACUNA_ERROR_UNFIT: it is of none, or
 * names all that is missing, is there too much, or has another shape. */
gboolean lacuna_match_find  (LacunaCheckpoint *checkpoint, LacunaMatch *ret_match, GError **error);
void     lacuna_match_clear (LacunaMatch *self);

const char *lacuna_match_get_title    (const LacunaMatch *self);
const char *lacuna_match_get_channels (const LacunaMatch *self); /* "RGB" or "BGR", where the file doesn't tell */
const char *lacuna_match_get_note     (const LacunaMatch *self); /* a sentence, or NULL */

/* Adds the generator's tensors under Lacuna's names, out×in×kernel×kernel. */
gboolean lacuna_match_write_generator (const LacunaMatch *self, LacunaCheckpoint *checkpoint,
                                       LacunaWeightsWriter *writer, GError **error);
/* Adds the critics'; their dense layers are of H, W, C. ret_n: the layers there are, of both together
 * LACUNA_MATCH_CRITIC_LAYERS. LACUNA_ERROR_UNFIT. */
gboolean lacuna_match_write_critics   (const LacunaMatch *self, LacunaCheckpoint *checkpoint,
                                       LacunaWeightsWriter *writer, guint *ret_n, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaMatch, lacuna_match_clear)

G_END_DECLS

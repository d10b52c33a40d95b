/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Named tensors of a file from elsewhere, whatever its format. A reader adds what the file claims; every claim is
 * checked against the bytes there are before it is believed. */

typedef enum {
  LACUNA_NUMBER_F32,
  LACUNA_NUMBER_F16,
  LACUNA_NUMBER_BF16,
  LACUNA_NUMBER_F64,
  LACUNA_NUMBER_OTHER, /* counters and the like, which are no weights: never read */
} LacunaNumber;

#define LACUNA_CHECKPOINT_MOST_DIMS 5
#define LACUNA_CHECKPOINT_MOST_TENSORS 10000
/* A file is larger in no format that is read. */
#define LACUNA_CHECKPOINT_MOST_BYTES (G_GUINT64_CONSTANT (1) << 30)

typedef struct {
  char        *name;
  LacunaNumber number;
  guint        n_dims;
  guint        dims[LACUNA_CHECKPOINT_MOST_DIMS];
  gsize        n_elements;
  GBytes      *data; /* little-endian; NULL: of LACUNA_NUMBER_OTHER, or not there */
  gboolean     has_checksum;
  guint32      checksum; /* CRC-32C of data */
} LacunaCheckpointTensor;

typedef struct {
  GArray     *tensors;  /* of LacunaCheckpointTensor; by name once it is complete */
  GHashTable *metadata; /* strings by strings */
  GError     *absent;   /* why names and shapes are known but no data, or NULL */
} LacunaCheckpoint;

LacunaCheckpoint *lacuna_checkpoint_new  (void);
void              lacuna_checkpoint_free (LacunaCheckpoint *self);

/* Adds a tensor, without data yet. LACUNA_ERROR_FORMAT: no such shape can be. The result lives until the next. */
LacunaCheckpointTensor *lacuna_checkpoint_add (LacunaCheckpoint *self, const char *name, LacunaNumber number,
                                               guint n_dims, const gint64 *dims, GError **error);

/* Gives a tensor its data, the size bytes of file from begin on. LACUNA_ERROR_FORMAT: they are not in the file, or
 * not as many as its shape has. */
gboolean lacuna_checkpoint_tensor_set_data (LacunaCheckpointTensor *self, GBytes *file, guint64 begin, guint64 size,
                                            GError **error);

/* Called after the last tensor was added: sorts them by name. LACUNA_ERROR_FORMAT: two have one name. */
gboolean lacuna_checkpoint_complete (LacunaCheckpoint *self, GError **error);

const LacunaCheckpointTensor *lacuna_checkpoint_find (LacunaCheckpoint *self, const char *name); /* or NULL */

gsize lacuna_number_get_size (LacunaNumber number);

/* Sets LACUNA_ERROR_FORMAT, naming the tensor, and returns FALSE. why: words that follow “the tensor “name” ”. */
gboolean lacuna_checkpoint_refuse_tensor (const char *name, const char *why, GError **error);

/* A copy as float32. LACUNA_ERROR_FORMAT: the checksum is another. LACUNA_ERROR_UNFIT: not of a float type, or a value
 * is not finite. */
float *lacuna_checkpoint_tensor_read (const LacunaCheckpointTensor *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaCheckpoint, lacuna_checkpoint_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named tensors of a file of any format. The data of a tensor are a slice of the file's bytes that has as many as type
 * and shape say, or NULL; once complete, the tensors are sorted by name and no two have one. Checksums and values are
 * checked when a tensor is read. It runs on the thread of the import: a worker of the window, or the command line's
 * main thread. */
#include "engine/import/checkpoint.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/crc32c.h"
#include "engine/weights/half.h"

static void
tensor_clear (gpointer data)
{
  LacunaCheckpointTensor *self = data;

  g_free (self->name);
  g_clear_pointer (&self->data, g_bytes_unref);
}

LacunaCheckpoint *
lacuna_checkpoint_new (void)
{
  LacunaCheckpoint *self = g_new0 (LacunaCheckpoint, 1);

  self->tensors = g_array_new (FALSE, TRUE, sizeof (LacunaCheckpointTensor));
  g_array_set_clear_func (self->tensors, tensor_clear);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
lacuna_checkpoint_free (LacunaCheckpoint *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tensors);
  g_hash_table_unref (self->metadata);
  g_clear_error (&self->absent);
  g_free (self);
}

gsize
lacuna_number_get_size (LacunaNumber number)
{
  static const gsize sizes[] = {
    [LACUNA_NUMBER_F32] = 4, [LACUNA_NUMBER_F16] = 2,   [LACUNA_NUMBER_BF16] = 2,
    [LACUNA_NUMBER_F64] = 8, [LACUNA_NUMBER_OTHER] = 1,
  };

  return sizes[number];
}

static gboolean
set_shape (LacunaCheckpointTensor *tensor, guint n_dims, const gint64 *dims)
{
  if (n_dims > LACUNA_CHECKPOINT_MOST_DIMS)
    return FALSE;
  tensor->n_dims = n_dims;
  tensor->n_elements = 1;
  for (guint i = 0; i < n_dims; i++)
    {
      if (dims[i] < 0 || dims[i] > G_MAXINT || !g_size_checked_mul (&tensor->n_elements, tensor->n_elements, dims[i]))
        return FALSE;
      tensor->dims[i] = dims[i];
    }
  return tensor->n_elements <= G_MAXSIZE / 8;
}

LacunaCheckpointTensor *
lacuna_checkpoint_add (LacunaCheckpoint *self, const char *name, LacunaNumber number, guint n_dims, const gint64 *dims,
                       GError **error)
{
  LacunaCheckpointTensor tensor = { .number = number };

  if (self->tensors->len >= LACUNA_CHECKPOINT_MOST_TENSORS)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("it has more than %d tensors"),
                   LACUNA_CHECKPOINT_MOST_TENSORS);
      return NULL;
    }
  if (!set_shape (&tensor, n_dims, dims))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the tensor “%s” has an impossible shape"), name);
      return NULL;
    }
  tensor.name = g_strdup (name);
  g_array_append_val (self->tensors, tensor);
  return &g_array_index (self->tensors, LacunaCheckpointTensor, self->tensors->len - 1);
}

gboolean
lacuna_checkpoint_tensor_set_data (LacunaCheckpointTensor *self, GBytes *file, guint64 begin, guint64 size,
                                   GError **error)
{
  gsize length = g_bytes_get_size (file);

  if (begin > length || size > length - begin)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                 _ ("the tensor “%s” reaches beyond the end of the data: the file is cut off or damaged"), self->name);
  else if (size != self->n_elements * lacuna_number_get_size (self->number) && self->number != LACUNA_NUMBER_OTHER)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                 _ ("the tensor “%s” has %" PRIu64 " bytes of data, which its shape and type contradict"), self->name,
                 size);
  else
    {
      if (self->number != LACUNA_NUMBER_OTHER)
        self->data = g_bytes_new_from_bytes (file, begin, size);
      return TRUE;
    }
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const LacunaCheckpointTensor *) a)->name, ((const LacunaCheckpointTensor *) b)->name);
}

gboolean
lacuna_checkpoint_complete (LacunaCheckpoint *self, GError **error)
{
  g_array_sort (self->tensors, compare_names);
  for (guint i = 1; i < self->tensors->len; i++)
    {
      const LacunaCheckpointTensor *tensor = &g_array_index (self->tensors, LacunaCheckpointTensor, i);

      if (strcmp (tensor[-1].name, tensor->name) == 0)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("it names the tensor “%s” twice"), tensor->name);
          return FALSE;
        }
    }
  return TRUE;
}

const LacunaCheckpointTensor *
lacuna_checkpoint_find (LacunaCheckpoint *self, const char *name)
{
  LacunaCheckpointTensor key = { .name = (char *) name };
  guint i;

  if (!g_array_binary_search (self->tensors, &key, compare_names, &i))
    return NULL;
  return &g_array_index (self->tensors, LacunaCheckpointTensor, i);
}

gboolean
lacuna_checkpoint_refuse_tensor (const char *name, const char *why, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("the tensor “%s” %s"), name, why);
  return FALSE;
}

static float
get_float (const guint8 *data, LacunaNumber number)
{
  guint16 half;
  guint32 bits;
  guint64 wide;
  float value;
  double precise;

  if (number == LACUNA_NUMBER_F64)
    {
      memcpy (&wide, data, sizeof wide);
      wide = GUINT64_FROM_LE (wide);
      memcpy (&precise, &wide, sizeof precise);
      return (float) precise;
    }
  if (number == LACUNA_NUMBER_F32)
    {
      memcpy (&bits, data, sizeof bits);
      bits = GUINT32_FROM_LE (bits);
    }
  else
    {
      memcpy (&half, data, sizeof half);
      half = GUINT16_FROM_LE (half);
      if (number == LACUNA_NUMBER_F16)
        return lacuna_half_widen (half);
      bits = (guint32) half << 16;
    }
  memcpy (&value, &bits, sizeof value);
  return value;
}

float *
lacuna_checkpoint_tensor_read (const LacunaCheckpointTensor *self, GError **error)
{
  const gsize element = lacuna_number_get_size (self->number);
  g_autofree float *values = NULL;
  const guint8 *data;
  gsize size;

  if (self->data == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("the tensor “%s” does not hold floats"), self->name);
      return NULL;
    }
  data = g_bytes_get_data (self->data, &size);
  if (self->has_checksum && lacuna_crc32c (data, size) != self->checksum)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("the tensor “%s” is not what its checksum tells: the file is damaged"), self->name);
      return NULL;
    }
  values = g_try_new (float, MAX (self->n_elements, 1));
  if (values == NULL)
    {
      lacuna_error_set_memory (error, self->name);
      return NULL;
    }
  for (gsize i = 0; i < self->n_elements; i++)
    {
      values[i] = get_float (data + i * element, self->number);
      if (!isfinite (values[i]))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("the tensor “%s” holds a value that is not finite"),
                       self->name);
          return NULL;
        }
    }
  return g_steal_pointer (&values);
}

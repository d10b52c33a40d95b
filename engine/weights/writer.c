/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/publish.h"
#include "engine/weights/half.h"
#include "engine/weights/weights.h"

struct _LacunaWeightsWriter {
  JsonObject *header;
  JsonObject *metadata; /* borrowed from header, or NULL */
  GByteArray *data;
  char *unfit; /* name of the first tensor with a value that a reader would refuse, or NULL */
};

LacunaWeightsWriter *
lacuna_weights_writer_new (void)
{
  LacunaWeightsWriter *self = g_new0 (LacunaWeightsWriter, 1);

  self->header = json_object_new ();
  self->data = g_byte_array_new ();
  return self;
}

void
lacuna_weights_writer_free (LacunaWeightsWriter *self)
{
  if (self == NULL)
    return;
  json_object_unref (self->header);
  g_byte_array_unref (self->data);
  g_free (self->unfit);
  g_free (self);
}

void
lacuna_weights_writer_set_metadata (LacunaWeightsWriter *self, const char *key, const char *value)
{
  if (self->metadata == NULL)
    {
      self->metadata = json_object_new ();
      json_object_set_object_member (self->header, "__metadata__", self->metadata);
    }
  json_object_set_string_member (self->metadata, key, value);
}

static void
put_value (guint8 *data, LacunaWeightsType type, float value)
{
  if (type == LACUNA_TYPE_F16)
    {
      guint16 half = GUINT16_TO_LE (lacuna_half_narrow (value));

      memcpy (data, &half, sizeof half);
    }
  else
    {
      guint32 bits;

      memcpy (&bits, &value, sizeof bits);
      bits = GUINT32_TO_LE (bits);
      memcpy (data, &bits, sizeof bits);
    }
}

static gboolean
is_fit (LacunaWeightsType type, float value)
{
  return isfinite (value) && (type == LACUNA_TYPE_F32 || fabsf (value) < 65520.0f);
}

void
lacuna_weights_writer_add (LacunaWeightsWriter *self, const char *name, LacunaWeightsType type, guint n_dims,
                           const guint *dims, const float *values)
{
  JsonObject *entry = json_object_new ();
  JsonArray *shape = json_array_new (), *offsets = json_array_new ();
  const gsize begin = self->data->len, size = type == LACUNA_TYPE_F16 ? sizeof (guint16) : sizeof (guint32);
  gsize n_elements = 1;

  json_array_add_int_element (offsets, begin);
  for (guint i = 0; i < n_dims; i++)
    {
      json_array_add_int_element (shape, dims[i]);
      n_elements *= dims[i];
    }
  g_byte_array_set_size (self->data, begin + n_elements * size);
  for (gsize i = 0; i < n_elements; i++)
    {
      put_value (self->data->data + begin + i * size, type, values[i]);
      if (self->unfit == NULL && !is_fit (type, values[i]))
        self->unfit = g_strdup (name);
    }
  json_array_add_int_element (offsets, self->data->len);

  json_object_set_string_member (entry, "dtype", type == LACUNA_TYPE_F16 ? "F16" : "F32");
  json_object_set_array_member (entry, "shape", shape);
  json_object_set_array_member (entry, "data_offsets", offsets);
  json_object_set_object_member (self->header, name, entry);
}

/* The header with its length before it, padded with blanks so that the data
 * begins at a multiple of 8. */
static GByteArray *
format_file (LacunaWeightsWriter *self)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), self->header);
  g_autofree char *text = NULL;
  GByteArray *file = g_byte_array_new ();
  gsize text_length;
  guint64 length;

  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &text_length);
  length = GUINT64_TO_LE ((text_length + 7) / 8 * 8);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) text, text_length);
  while (file->len % 8 != 0)
    g_byte_array_append (file, (const guint8 *) " ", 1);
  return g_byte_array_append (file, self->data->data, self->data->len);
}

gboolean
lacuna_weights_writer_save (LacunaWeightsWriter *self, const char *path, GError **error)
{
  g_autoptr (GByteArray) file = NULL;

  if (self->unfit != NULL)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("The weights “%s” were not written: the tensor “%s” holds a value that is not finite, or too large for "
             "fp16. Go back to an earlier snapshot."),
          name, self->unfit);
      return FALSE;
    }
  file = format_file (self);
  return lacuna_publish (path, file->data, file->len, LACUNA_PUBLISH_DEFAULT, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/record.h"

#include "engine/codec/confine.h"
#include "engine/codec/png.h"

/* Keys. */
#define CICP "cicp"             /* ay: a PNG's chunk */
#define TEXTS "texts"           /* a(ayay): names and values of a PNG's texts, in whatever alphabet they are */
#define RESOLUTION "resolution" /* (dd): pixels a millimetre across and down */
#define METADATA "metadata"     /* ay: as lacuna_metadata_pack has them */
#define ENCODING "jpeg"         /* (iiib): quality, across, down, progressive */

static void
pack_blob (GVariantDict *dict, const char *key, VipsImage *image, const char *field)
{
  const void *data;
  gsize size;

  if (vips_image_get_typeof (image, field) == VIPS_TYPE_BLOB && vips_image_get_blob (image, field, &data, &size) == 0)
    g_variant_dict_insert_value (dict, key, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1));
}

static gpointer
pack_text (VipsImage *image, const char *name, GValue *value, gpointer texts)
{
  const char *text;

  if (g_str_has_prefix (name, LACUNA_TEXT_FIELD) && vips_image_get_string (image, name, &text) == 0)
    g_variant_builder_add (texts, "(^ay^ay)", name, text);
  return NULL;
}

GVariant *
lacuna_record_pack (const LacunaRecord *self, LacunaLeft *left)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_auto (GVariantBuilder) texts = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ayay)"));
  g_autoptr (GBytes) metadata = lacuna_metadata_pack (self->metadata, left);
  g_autoptr (GVariant) packed = NULL;

  pack_blob (&dict, LACUNA_RECORD_PROFILE, self->image, VIPS_META_ICC_NAME);
  pack_blob (&dict, CICP, self->image, LACUNA_CICP_FIELD);
  vips_image_map (self->image, pack_text, &texts);
  packed = g_variant_ref_sink (g_variant_builder_end (&texts));
  if (g_variant_n_children (packed) > 0 && !lacuna_confine_may_open ())
    *left |= LACUNA_LEFT_UNSAFE; /* in formats that have them as tags */
  g_variant_dict_insert_value (&dict, TEXTS, packed);
  g_variant_dict_insert (&dict, RESOLUTION, "(dd)", self->image->Xres, self->image->Yres);
  if (metadata != NULL)
    g_variant_dict_insert_value (&dict, METADATA, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, metadata, TRUE));
  g_variant_dict_insert (&dict, ENCODING, "(iiib)", self->jpeg.quality, self->jpeg.across, self->jpeg.down,
                         self->jpeg.progressive);
  g_variant_dict_insert (&dict, LACUNA_RECORD_LOSSLESS, "b", self->is_lossless);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* NULL: there are none of that key. */
static GBytes *
unpack_bytes (GVariant *record, const char *key)
{
  g_autoptr (GVariant) value = record != NULL ? g_variant_lookup_value (record, key, G_VARIANT_TYPE_BYTESTRING) : NULL;

  return value != NULL ? g_variant_get_data_as_bytes (value) : NULL;
}

static void
unpack_blob (GVariant *record, const char *key, VipsImage *image, const char *field)
{
  g_autoptr (GBytes) bytes = unpack_bytes (record, key);

  if (bytes != NULL)
    vips_image_set_blob_copy (image, field, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
unpack_texts (GVariant *record, VipsImage *image)
{
  g_autoptr (GVariant) texts = g_variant_lookup_value (record, TEXTS, G_VARIANT_TYPE ("a(ayay)"));
  gsize n = texts != NULL ? g_variant_n_children (texts) : 0;

  for (gsize i = 0; i < n; i++)
    {
      const char *name, *text;

      g_variant_get_child (texts, i, "(^&ay^&ay)", &name, &text);
      vips_image_set_string (image, name, text);
    }
}

void
lacuna_record_unpack (LacunaPhoto *photo, LacunaRecord *ret_record)
{
  GVariant *record = photo->record;
  g_autoptr (GBytes) metadata = unpack_bytes (record, METADATA);

  *ret_record = (LacunaRecord){ .image = lacuna_vips_wrap (photo) };
  if (record == NULL)
    return;
  unpack_blob (record, LACUNA_RECORD_PROFILE, ret_record->image, VIPS_META_ICC_NAME);
  unpack_blob (record, CICP, ret_record->image, LACUNA_CICP_FIELD);
  unpack_texts (record, ret_record->image);
  g_variant_lookup (record, RESOLUTION, "(dd)", &ret_record->image->Xres, &ret_record->image->Yres);
  g_variant_lookup (record, ENCODING, "(iiib)", &ret_record->jpeg.quality, &ret_record->jpeg.across,
                    &ret_record->jpeg.down, &ret_record->jpeg.progressive);
  g_variant_lookup (record, LACUNA_RECORD_LOSSLESS, "b", &ret_record->is_lossless);
  ret_record->metadata = lacuna_metadata_unpack (metadata);
}

void
lacuna_record_clear (LacunaRecord *self)
{
  g_clear_object (&self->image);
  g_clear_object (&self->metadata);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves photos by lacuna-codec: checks what can be seen before, has the codec encode, and publishes the file. Which
 * suffixes can be saved is asked of the codec once it is needed and, if that went well, kept for good, under a lock.
 * Any thread may call, and is blocked until the codec answers, for at most PATIENCE seconds and some for each
 * megapixel. */
#include "engine/photo/photo-fields.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/codec.h"
#include "engine/photo/encoding.h"
#include "engine/photo/parcel.h"
#include "engine/photo/save-private.h"
#include "engine/publish.h"

G_DEFINE_BOXED_TYPE (LacunaSaveOptions, lacuna_save_options, lacuna_save_options_copy, lacuna_save_options_free)

/* Seconds after which an encoder is taken to hang: AV1's takes some for each megapixel. */
#define PATIENCE 120
#define PATIENCE_PER_MEGAPIXEL 20

/* What a file holds less than a photo in memory. Sides are those of libjpeg, of WebP's 14 bits, and what libheif reads
 * back; the others hold all that can be loaded. */
static const struct {
  const char *name;
  int         side;   /* pixels at most */
  int         depth;  /* bits a channel at most */
  gboolean    opaque; /* has no alpha */
} limits[] = {
  [LACUNA_ENCODING_AVIF] = { "AVIF", 16384, 12, FALSE },    [LACUNA_ENCODING_HEIC] = { "HEIC", 16384, 12, FALSE },
  [LACUNA_ENCODING_JPEG] = { "JPEG", 65500, 8, TRUE },      [LACUNA_ENCODING_PNG] = { "PNG", G_MAXINT, 16, FALSE },
  [LACUNA_ENCODING_TIFF] = { "TIFF", G_MAXINT, 16, FALSE }, [LACUNA_ENCODING_WEBP] = { "WebP", 16383, 8, FALSE },
};

/* What the codec can write, known by its suffixes. */
typedef enum {
  WRITABLE,  /* formats */
  RECORDING, /* those of them that can tell what was filled */
  N_LISTS,
} List;

static gboolean
take_list (const LacunaParcel *answer, const char *key, GPtrArray *suffixes)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (answer->head, key, G_VARIANT_TYPE_STRING_ARRAY);

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      const char *suffix;
      LacunaEncoding encoding;

      g_variant_get_child (list, i, "&s", &suffix);
      suffix = lacuna_encoding_find (suffix, &encoding);
      if (suffix != NULL)
        g_ptr_array_add (suffixes, (gpointer) suffix);
    }
  g_ptr_array_add (suffixes, NULL);
  return list != NULL;
}

static gboolean
accept_lists (const LacunaParcel *answer, gpointer data)
{
  GPtrArray **lists = data;

  return take_list (answer, "suffixes", lists[WRITABLE]) && take_list (answer, "recording", lists[RECORDING]);
}

/* Returns a list of suffixes. Where the codec could not be asked it is empty and the next call asks again, as want of
 * memory passes. */
static const char *const *
get_suffixes (List list)
{
  static const char *const none[] = { NULL };
  static GPtrArray *known[N_LISTS];
  static GMutex lock;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  GPtrArray *lists[N_LISTS];
  gboolean found;

  if (known[list] != NULL)
    return (const char *const *) known[list]->pdata;
  for (guint i = 0; i < N_LISTS; i++)
    lists[i] = g_ptr_array_new ();
  found = lacuna_codec_call (&(LacunaCodecRequest){ "suffixes", "", NULL, -1, NULL, PATIENCE, accept_lists, lists },
                             NULL, NULL);
  for (guint i = 0; i < N_LISTS; i++)
    if (found)
      known[i] = lists[i];
    else
      g_ptr_array_unref (lists[i]);
  return found ? (const char *const *) known[list]->pdata : none;
}

const char *const *
lacuna_photo_get_save_suffixes (void)
{
  return get_suffixes (WRITABLE);
}

gboolean
lacuna_photo_is_name (const char *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *suffix = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);

  return g_strv_contains (lacuna_photo_get_save_suffixes (), suffix);
}

static gboolean
find_encoding (const char *path, LacunaEncoding *ret_encoding, GError **error)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *known = NULL;

  if (dot != NULL && lacuna_encoding_find (dot + 1, ret_encoding) != NULL)
    return TRUE;
  known = g_strjoinv (", ", (char **) lacuna_photo_get_save_suffixes ());
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” can't be saved because its suffix names no format that can be written here. Use one of %s."),
               path, known);
  return FALSE;
}

static gboolean
check_encoding (LacunaPhoto *self, const char *path, LacunaEncoding *ret_encoding, GError **error)
{
  if (!find_encoding (path, ret_encoding, error))
    return FALSE;
  if (MAX (self->width, self->height) <= limits[*ret_encoding].side)
    return TRUE;
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("“%s” can't be saved: the photo has %d × %d pixels, and files of that format at most %d a side. Save it "
         "as PNG or TIFF."),
      path, self->width, self->height, limits[*ret_encoding].side);
  return FALSE;
}

gboolean
lacuna_photo_check_format (LacunaPhoto *self, const char *path, GError **error)
{
  LacunaEncoding encoding;

  return check_encoding (self, path, &encoding, error);
}

gboolean
lacuna_photo_check_record (const char *path, GError **error)
{
  const char *const *recording = get_suffixes (RECORDING);
  g_autofree char *known = NULL;
  LacunaEncoding encoding;

  if (!find_encoding (path, &encoding, error))
    return FALSE;
  if (g_strv_contains (recording, lacuna_encoding_find (strrchr (path, '.') + 1, &encoding)))
    return TRUE;
  known = g_strjoinv (", ", (char **) recording);
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("“%s” can't record what is filled, as its format has no place for that here. Use one of %s, or do without "
         "the record."),
      path, known);
  return FALSE;
}

static gboolean
is_opaque (LacunaPhoto *self)
{
  gconstpointer samples = lacuna_photo_get_pixels (self);
  gsize n_samples = (gsize) self->width * self->height * self->bands;
  guint opaque = (1u << self->depth) - 1;

  if (self->bands % 2 == 1)
    return TRUE;
  for (gsize i = self->bands - 1; i < n_samples; i += self->bands)
    if (lacuna_photo_read_sample (samples, self->depth, i) != opaque)
      return FALSE;
  return TRUE;
}

/* Of a HEIC or AVIF, 16 bits in memory are 12 at most in the file. */
static gboolean
is_deeper (LacunaPhoto *self, int depth)
{
  gboolean was_heif = g_strcmp0 (self->format, "heif") == 0 || g_strcmp0 (self->format, "avif") == 0;

  return self->depth > depth && !(was_heif && depth >= 12);
}

char *
lacuna_photo_describe_loss (LacunaPhoto *self, const char *path)
{
  const char *dot = strrchr (path, '.');
  g_autoptr (GString) loss = g_string_new (NULL);
  LacunaEncoding encoding;

  if (dot == NULL || lacuna_encoding_find (dot + 1, &encoding) == NULL)
    return NULL;
  if (limits[encoding].opaque && !is_opaque (self))
    g_string_append_printf (loss, _ ("What is transparent in the photo became white, as %s has no transparency."),
                            limits[encoding].name);
  if (is_deeper (self, limits[encoding].depth))
    {
      g_string_append (loss, loss->len > 0 ? " " : "");
      g_string_append_printf (loss, _ ("The photo was rounded to %d bits a channel, the most that %s is saved with."),
                              limits[encoding].depth, limits[encoding].name);
    }
  return loss->len > 0 ? g_string_free (g_steal_pointer (&loss), FALSE) : NULL;
}

LacunaSaveOptions *
lacuna_save_options_new (void)
{
  return g_new0 (LacunaSaveOptions, 1);
}

LacunaSaveOptions *
lacuna_save_options_copy (const LacunaSaveOptions *self)
{
  LacunaSaveOptions *copy = g_memdup2 (self, sizeof *self);

  if (copy->cancellable != NULL)
    g_object_ref (copy->cancellable);
  if (copy->fills != NULL)
    g_variant_ref_sink (copy->fills);
  return copy;
}

void
lacuna_save_options_free (LacunaSaveOptions *self)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->fills, g_variant_unref);
  g_free (self);
}

void
lacuna_save_options_set_cancellable (LacunaSaveOptions *self, GCancellable *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

void
lacuna_save_options_set_fills (LacunaSaveOptions *self, GVariant *fills)
{
  if (fills != NULL)
    g_variant_ref_sink (fills);
  g_clear_pointer (&self->fills, g_variant_unref);
  self->fills = fills;
}

LacunaPublishFlags
lacuna_save_options_get_flags (const LacunaSaveOptions *options)
{
  return options != NULL && options->force ? LACUNA_PUBLISH_FORCE : LACUNA_PUBLISH_DEFAULT;
}

gboolean
lacuna_photo_check_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error)
{
  return lacuna_photo_check_format (self, path, error)
         && lacuna_publish_check (path, lacuna_save_options_get_flags (options), error);
}

static gboolean
accept_file (const LacunaParcel *answer, gpointer file)
{
  *(GBytes **) file = g_bytes_ref (answer->body);
  return g_bytes_get_size (answer->body) > 0;
}

GBytes *
lacuna_photo_encode (LacunaPhoto *self, LacunaEncoding encoding, const char *name, const LacunaSaveOptions *options,
                     GError **error)
{
  g_auto (GVariantDict) arguments = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (LacunaShared) body = lacuna_parcel_pack_photo (self, &arguments);
  guint patience = PATIENCE + PATIENCE_PER_MEGAPIXEL * (guint) ((guint64) self->width * self->height / 1000000);

  if (body == NULL)
    {
      g_set_error (error, LACUNA_ERROR, errno == EFBIG ? LACUNA_ERROR_FILE : LACUNA_ERROR_MEMORY,
                   _ ("“%s” can't be encoded: %s. Close other programs, or lift the limit of the size of files."), name,
                   g_strerror (errno));
      return NULL;
    }
  g_variant_dict_insert (&arguments, "encoding", "i", encoding);
  g_variant_dict_insert (&arguments, "quality", "i", options != NULL ? options->quality : 0);
  if (options != NULL && options->fills != NULL)
    g_variant_dict_insert_value (&arguments, "fills", options->fills);
  return lacuna_codec_call (&(LacunaCodecRequest){ "encode", name, &arguments, -1, body, patience, accept_file, &file },
                            options != NULL ? options->cancellable : NULL, error)
             ? g_steal_pointer (&file)
             : NULL;
}

/* Encodes the photo in the format that name's suffix tells. */
static GBytes *
encode (LacunaPhoto *self, const char *name, const LacunaSaveOptions *options, GError **error)
{
  LacunaEncoding encoding;

  if (!check_encoding (self, name, &encoding, error)
      || (options != NULL && options->fills != NULL && !lacuna_photo_check_record (name, error)))
    return NULL;
  return lacuna_photo_encode (self, encoding, name, options, error);
}

gboolean
lacuna_photo_save (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error)
{
  g_autoptr (GBytes) file = encode (self, path, options, error);

  return file != NULL
         && lacuna_publish (path, g_bytes_get_data (file, NULL), g_bytes_get_size (file),
                            lacuna_save_options_get_flags (options), error);
}

GBytes *
lacuna_photo_save_bytes (LacunaPhoto *self, const char *suffix, const LacunaSaveOptions *options, GError **error)
{
  g_autofree char *name = g_strconcat ("photo.", suffix, NULL);

  return encode (self, name, options, error);
}

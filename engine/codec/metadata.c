/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries EXIF, IPTC and XMP, as tags of Exiv2, from a file to the photo's record and on into the file that is saved.
 * tags.c decides which tags stay; for what goes a bit of LacunaLeft is set, of which the photo's note is made. Exiv2
 * changes files alone, and so gets one without a name (memfd), if the process may open that (confine.c). It runs in
 * lacuna-codec, on its main thread. */
#include "engine/codec/metadata.h"

#include <glib/gi18n-lib.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/codec/carrier.h"
#include "engine/codec/confine.h"
#include "engine/codec/exiv2.h"
#include "engine/codec/fills.h"
#include "engine/codec/plain.h"
#include "engine/codec/profile.h"
#include "engine/codec/tags.h"
#include "engine/codec/vips-image.h"

#define MAX_EXIF (0xffff - 8) /* what one segment of a JPEG holds */

static gpointer
list_field (VipsImage *image, const char *name, GValue *value, gpointer names)
{
  g_ptr_array_add (names, g_strdup (name));
  return NULL;
}

static gboolean
is_xmp (const guint8 *data, gsize size)
{
  return g_strstr_len ((const char *) data, MIN (size, 256), "<x:xmpmeta") != NULL
         || g_strstr_len ((const char *) data, MIN (size, 256), "<?xpacket") != NULL;
}

void
lacuna_metadata_take_heif (VipsImage *image)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  vips_image_map (image, list_field, names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      const void *data;
      gsize size;

      if (vips_image_get_typeof (image, name) != VIPS_TYPE_BLOB || vips_image_get_blob (image, name, &data, &size) != 0)
        continue;
      if (!g_str_has_prefix (name, "heif-mime-"))
        vips_image_set_blob_copy (image, name, data, size);
      else if (is_xmp (data, size))
        vips_image_set_blob_copy (image, VIPS_META_XMP_NAME, data, size);
    }
}

/* EXIF, IPTC or XMP that older programs put into a PNG's texts, and XMP as it is now there, are read by Exiv2. */
static gboolean
is_profile (const char *name)
{
  return strstr (name, "-Raw profile type ") != NULL || strstr (name, "-XML:com.adobe.xmp") != NULL;
}

/* A text of a PNG with its keyword, which may hold as much; NULL: the field is none. */
static char *
get_text (VipsImage *image, const char *name)
{
  const char *text;

  if (!g_str_has_prefix (name, LACUNA_TEXT_FIELD) || vips_image_get_string (image, name, &text) != 0)
    return NULL;
  return g_strconcat (name + strlen (LACUNA_TEXT_FIELD), "\n", text, NULL);
}

/* Whether all texts together hold no picture that is spread over them. */
static gboolean
are_texts_plain (VipsImage *image, GPtrArray *names)
{
  gsize n_letters = 0;

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *text = is_profile (names->pdata[i]) ? NULL : get_text (image, names->pdata[i]);

      n_letters += text != NULL ? lacuna_plain_count_encoded (text) : 0;
    }
  return !lacuna_plain_is_encoded (n_letters);
}

/* All but the profile and plain texts: what else libvips tells describes how the
 * source was stored, and would steer how libvips saves. */
static void
forget_fields (VipsImage *image, LacunaLeft *left)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean are_plain;

  vips_image_map (image, list_field, names);
  are_plain = are_texts_plain (image, names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *text = get_text (image, name);
      gboolean is_text = text != NULL;

      if (g_str_equal (name, VIPS_META_ICC_NAME) || g_str_equal (name, LACUNA_CICP_FIELD)
          || (is_text && !is_profile (name) && lacuna_plain_is_text (text, strlen (text))
              && (are_plain || lacuna_plain_count_encoded (text) == 0)))
        continue;
      if (is_text && !is_profile (name))
        *left |= LACUNA_LEFT_OTHER;
      vips_image_remove (image, name);
    }
}

static gboolean
open_tags (GExiv2Metadata *tags, VipsImage *image, GBytes *file, const char *format, LacunaLeft *left)
{
  g_autoptr (GByteArray) carrier = NULL;

  /* libvips has what a TIFF says only in part, and nothing of what older programs put into a PNG's texts. */
  if (g_strcmp0 (format, "tiff") == 0
      || (g_strcmp0 (format, "png") == 0 && vips_image_get_typeof (image, VIPS_META_EXIF_NAME) == 0))
    return gexiv2_metadata_open_buf (tags, g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL);
  carrier = lacuna_carrier_new (image, left);
  return carrier != NULL && gexiv2_metadata_open_buf (tags, carrier->data, carrier->len, NULL);
}

/* Whether the image has XMP that Exiv2 did not read: where a JPEG's XMP begins with an extension, libvips keeps that
 * segment alone, which is no packet of its own. */
static gboolean
lacks_xmp (GExiv2Metadata *tags, VipsImage *image)
{
  const void *data;
  gsize size;

  return !gexiv2_metadata_has_xmp (tags) && vips_image_get_typeof (image, VIPS_META_XMP_NAME) == VIPS_TYPE_BLOB
         && vips_image_get_blob (image, VIPS_META_XMP_NAME, &data, &size) == 0 && !is_xmp (data, size);
}

static void
open_nothing (GExiv2Metadata *tags)
{
  g_autoptr (GByteArray) carrier = lacuna_carrier_new (NULL, NULL);

  if (carrier != NULL)
    gexiv2_metadata_open_buf (tags, carrier->data, carrier->len, NULL);
}

static void
set_if_there (GExiv2Metadata *tags, const char *tag, int value)
{
  g_autofree char *text = g_strdup_printf ("%d", value);

  if (gexiv2_metadata_try_has_tag (tags, tag, NULL))
    gexiv2_metadata_try_set_tag_string (tags, tag, text, NULL);
}

/* Two tags that tell the same along either side. */
static void
exchange (GExiv2Metadata *tags, const char *one, const char *other)
{
  g_autofree char *first = gexiv2_metadata_try_get_tag_string (tags, one, NULL);
  g_autofree char *second = gexiv2_metadata_try_get_tag_string (tags, other, NULL);

  if (first == NULL || second == NULL)
    return;
  gexiv2_metadata_try_set_tag_string (tags, one, second, NULL);
  gexiv2_metadata_try_set_tag_string (tags, other, first, NULL);
}

/* Orientations from 5 on lay the photo on its side. */
static void
exchange_sides (GExiv2Metadata *tags)
{
  exchange (tags, "Exif.Image.XResolution", "Exif.Image.YResolution");
  exchange (tags, "Exif.Photo.FocalPlaneXResolution", "Exif.Photo.FocalPlaneYResolution");
  exchange (tags, "Xmp.tiff.XResolution", "Xmp.tiff.YResolution");
  exchange (tags, "Xmp.exif.FocalPlaneXResolution", "Xmp.exif.FocalPlaneYResolution");
}

/* The photo is upright, and its sides may have changed places. */
static void
set_form (GExiv2Metadata *tags, VipsImage *image)
{
  set_if_there (tags, "Exif.Image.Orientation", 1);
  set_if_there (tags, "Xmp.tiff.Orientation", 1);
  set_if_there (tags, "Exif.Photo.PixelXDimension", image->Xsize);
  set_if_there (tags, "Exif.Photo.PixelYDimension", image->Ysize);
  set_if_there (tags, "Exif.Iop.RelatedImageWidth", image->Xsize);
  set_if_there (tags, "Exif.Iop.RelatedImageLength", image->Ysize);
  set_if_there (tags, "Xmp.exif.PixelXDimension", image->Xsize);
  set_if_there (tags, "Xmp.exif.PixelYDimension", image->Ysize);
  set_if_there (tags, "Xmp.tiff.ImageWidth", image->Xsize);
  set_if_there (tags, "Xmp.tiff.ImageLength", image->Ysize);
}

/* The longest values go until the packet fits where any format has room for it. */
static void
shorten_xmp (GExiv2Metadata *tags, LacunaLeft *left)
{
  for (;;)
    {
      g_autoptr (GBytes) packet = lacuna_exiv2_make_xmp (tags);
      g_auto (GStrv) names = gexiv2_metadata_get_xmp_tags (tags);
      gsize longest = 0;
      guint at = 0;

      if (packet == NULL || g_bytes_get_size (packet) <= LACUNA_EXIV2_MAX_XMP || names[0] == NULL)
        return;
      for (guint i = 0; names[i] != NULL; i++)
        {
          g_autofree char *value = gexiv2_metadata_try_get_tag_string (tags, names[i], NULL);

          if (value != NULL && strlen (value) > longest)
            {
              longest = strlen (value);
              at = i;
            }
        }
      *left |= LACUNA_LEFT_LONG;
      gexiv2_metadata_try_clear_tag (tags, names[at], NULL);
    }
}

static void
set_block (VipsImage *image, const char *field, GBytes *block)
{
  if (block != NULL)
    vips_image_set_blob_copy (image, field, g_bytes_get_data (block, NULL), g_bytes_get_size (block));
}

/* A copy without IPTC. */
static GExiv2Metadata *
copy_tags (GExiv2Metadata *tags)
{
  g_autoptr (GBytes) exif = lacuna_exiv2_make_exif (tags);
  g_autoptr (GBytes) xmp = lacuna_exiv2_make_xmp (tags);
  g_autoptr (VipsImage) image = vips_image_new ();
  g_autoptr (GByteArray) carrier = NULL;
  GExiv2Metadata *copy = gexiv2_metadata_new ();
  LacunaLeft left = 0;

  set_block (image, VIPS_META_EXIF_NAME, exif);
  set_block (image, VIPS_META_XMP_NAME, xmp);
  carrier = lacuna_carrier_new (image, &left);
  if (carrier != NULL)
    gexiv2_metadata_open_buf (copy, carrier->data, carrier->len, NULL);
  return copy;
}

/* IPTC parts the day and the time that a photo was taken at. */
static void
copy_date (GExiv2Metadata *from, GExiv2Metadata *to)
{
  static const char name[] = "Xmp.photoshop.DateCreated";
  g_autofree char *day = gexiv2_metadata_try_get_tag_string (from, "Iptc.Application2.DateCreated", NULL);
  g_autofree char *time = gexiv2_metadata_try_get_tag_string (from, "Iptc.Application2.TimeCreated", NULL);
  g_autofree char *both = day != NULL && time != NULL ? g_strconcat (day, "T", time, NULL) : NULL;

  if (day != NULL && !gexiv2_metadata_try_has_tag (to, name, NULL))
    gexiv2_metadata_try_set_tag_string (to, name, both != NULL ? both : day, NULL);
}

/* IPTC's names, and what says the same in XMP. */
static const char *const pairs[][2] = {
  { "ObjectName", "Xmp.dc.title" },
  { "Caption", "Xmp.dc.description" },
  { "Keywords", "Xmp.dc.subject" },
  { "Byline", "Xmp.dc.creator" },
  { "Copyright", "Xmp.dc.rights" },
  { "BylineTitle", "Xmp.photoshop.AuthorsPosition" },
  { "Writer", "Xmp.photoshop.CaptionWriter" },
  { "City", "Xmp.photoshop.City" },
  { "ProvinceState", "Xmp.photoshop.State" },
  { "CountryName", "Xmp.photoshop.Country" },
  { "CountryCode", "Xmp.iptc.CountryCode" },
  { "SubLocation", "Xmp.iptc.Location" },
  { "Headline", "Xmp.photoshop.Headline" },
  { "Credit", "Xmp.photoshop.Credit" },
  { "Source", "Xmp.photoshop.Source" },
  { "SpecialInstructions", "Xmp.photoshop.Instructions" },
  { "TransmissionReference", "Xmp.photoshop.TransmissionReference" },
  { "Category", "Xmp.photoshop.Category" },
  { "SuppCategory", "Xmp.photoshop.SupplementalCategories" },
  { "Urgency", "Xmp.photoshop.Urgency" },
};

static void
copy_iptc (GExiv2Metadata *from, GExiv2Metadata *to)
{

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *tag = g_strconcat ("Iptc.Application2.", pairs[i][0], NULL);
      g_auto (GStrv) values = gexiv2_metadata_try_get_tag_multiple (from, tag, NULL);

      for (guint k = 0; values != NULL && values[k] != NULL; k++)
        {
          char *utf8 = lacuna_plain_to_utf8 (values[k]);

          g_free (values[k]);
          values[k] = utf8;
        }
      if (values != NULL && values[0] != NULL && !gexiv2_metadata_try_has_tag (to, pairs[i][1], NULL))
        gexiv2_metadata_try_set_tag_multiple (to, pairs[i][1], (const char **) values, NULL);
    }
  copy_date (from, to);
}

/* A profile in which a picture may lie gives way to what its colours are made by. */
static void
clean_profile (VipsImage *image, LacunaLeft *left)
{
  g_autoptr (GBytes) cleaned = NULL;
  const void *data;
  gsize size;

  if (vips_image_get_typeof (image, VIPS_META_ICC_NAME) != VIPS_TYPE_BLOB
      || vips_image_get_blob (image, VIPS_META_ICC_NAME, &data, &size) != 0 || !lacuna_plain_holds_picture (data, size))
    return;
  cleaned = lacuna_profile_clean (data, size);
  if (cleaned == NULL)
    vips_image_remove (image, VIPS_META_ICC_NAME);
  else if (g_bytes_get_size (cleaned) < size)
    set_block (image, VIPS_META_ICC_NAME, cleaned);
  else
    return;
  *left |= LACUNA_LEFT_PREVIEW;
}

int
lacuna_metadata_find_orientation (GBytes *file)
{
  g_autoptr (GExiv2Metadata) tags = NULL;

  lacuna_exiv2_init ();
  tags = gexiv2_metadata_new ();
  if (!gexiv2_metadata_open_buf (tags, g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL))
    return 1;
  return CLAMP (gexiv2_metadata_try_get_tag_long (tags, "Exif.Image.Orientation", NULL), 1, 8);
}

/* What older programs put into the texts of a PNG whose EXIF libvips has read, and which has no IPTC of its own. */
static void
add_profiles (GExiv2Metadata *tags, VipsImage *image, GBytes *file, LacunaLeft *left)
{
  g_autoptr (GExiv2Metadata) profiles = gexiv2_metadata_new ();

  if (vips_image_get_typeof (image, VIPS_META_EXIF_NAME) == 0
      || !gexiv2_metadata_open_buf (profiles, g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL))
    return;
  *left |= lacuna_tags_select (profiles, FALSE);
  copy_iptc (profiles, tags);
}

GExiv2Metadata *
lacuna_metadata_take (VipsImage *image, GBytes *file, const char *format, int orientation, LacunaLeft *left)
{
  g_autoptr (GExiv2Metadata) tags = NULL;

  lacuna_exiv2_init ();
  tags = gexiv2_metadata_new ();
  if (open_tags (tags, image, file, format, left))
    {
      if (lacks_xmp (tags, image))
        *left |= LACUNA_LEFT_OTHER;
      *left |= lacuna_tags_select (tags, orientation != 1);
      lacuna_fills_turn (tags, orientation);
      set_form (tags, image);
      if (orientation > 4)
        exchange_sides (tags);
      shorten_xmp (tags, left);
    }
  else
    {
      *left |= LACUNA_LEFT_OTHER;
      open_nothing (tags);
    }
  /* Exiv2 takes one of a PNG's texts for a comment, and would write it into a JPEG whatever it is. */
  if (g_strcmp0 (format, "png") == 0)
    {
      GExiv2Metadata *copy = copy_tags (tags);

      copy_iptc (tags, copy);
      add_profiles (copy, image, file, left);
      g_object_unref (g_steal_pointer (&tags));
      tags = copy;
    }
  clean_profile (image, left);
  forget_fields (image, left);
  vips_error_clear ();
  return g_steal_pointer (&tags);
}

void
lacuna_metadata_describe_left (LacunaLeft left, GString *note)
{
  static const struct {
    LacunaLeft left;
    const char *sentence;
  } sentences[] = {
    { LACUNA_LEFT_COMPANION,
      N_ ("What came with the photo (a gain map, depth map, video or second photo) is left out.") },
    { LACUNA_LEFT_PREVIEW, N_ ("Small copies of the photo in its metadata are left out, as they show it as it was.") },
    { LACUNA_LEFT_MAKER, N_ ("The camera maker's own notes are left out, as they can hold such a copy.") },
    { LACUNA_LEFT_EDITS, N_ ("An editor's settings and history are left out of its metadata.") },
    { LACUNA_LEFT_LONG, N_ ("Metadata that are too long for a file are left out.") },
    { LACUNA_LEFT_OTHER, N_ ("Metadata of an unknown kind are left out.") },
    { LACUNA_LEFT_UNSAFE,
      N_ ("Its metadata are left out, as this system has no Landlock (Linux 5.13 or later), which keeps "
          "the program that writes them from other files.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (left & sentences[i].left)
      g_string_append_printf (note, "%s%s", note->len > 0 ? " " : "", _ (sentences[i].sentence));
}

GExiv2Metadata *
lacuna_metadata_convert (GExiv2Metadata *tags, gboolean has_iptc, GPtrArray *texts, const char *comment)
{
  static const char comment_tag[] = "Exif.Photo.UserComment";
  GExiv2Metadata *copy;

  if (tags == NULL
      || ((has_iptc || !gexiv2_metadata_has_iptc (tags)) && comment == NULL && (texts == NULL || texts->len == 0)))
    return tags != NULL ? g_object_ref (tags) : NULL;
  copy = copy_tags (tags);
  copy_iptc (tags, copy);
  for (guint i = 0; texts != NULL && i < texts->len; i += 2)
    if (!gexiv2_metadata_try_has_tag (copy, texts->pdata[i], NULL))
      gexiv2_metadata_try_set_tag_multiple (copy, texts->pdata[i], (const char *[]){ texts->pdata[i + 1], NULL }, NULL);
  if (comment != NULL && !gexiv2_metadata_try_has_tag (copy, comment_tag, NULL))
    {
      g_autofree char *value = g_strconcat ("charset=Unicode ", comment, NULL);

      gexiv2_metadata_try_set_tag_string (copy, comment_tag, value, NULL);
    }
  return copy;
}

/* Exiv2 changes files, not memory: this one has no name. */
static gboolean
change_file (GExiv2Metadata *tags, int fd, gpointer *data, gsize *size, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  char *changed;

  if (!g_output_stream_write_all (stream, *data, *size, NULL, NULL, error))
    return FALSE;
  g_clear_pointer (data, g_free);
  if (!gexiv2_metadata_save_file (tags, path, error) || !g_file_get_contents (path, &changed, size, error))
    return FALSE;
  *data = changed;
  return TRUE;
}

int
lacuna_metadata_embed (GExiv2Metadata *tags, gpointer *data, gsize *size)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GExiv2Metadata) nothing = NULL;
  gboolean done;
  int fd;

  if (!lacuna_confine_may_open ())
    return 0;
  fd = memfd_create ("lacuna-metadata", MFD_CLOEXEC);
  lacuna_exiv2_init ();
  if (tags == NULL)
    {
      tags = nothing = gexiv2_metadata_new ();
      open_nothing (nothing);
    }
  done = fd >= 0 && change_file (tags, fd, data, size, &problem);
  if (fd >= 0)
    g_close (fd, NULL);
  if (!done)
    vips_error (LACUNA_VIPS_DOMAIN, "%s",
                problem != NULL ? _ ("its metadata can't be put in") : _ ("there is no memory for it"));
  return done ? 0 : -1;
}

GBytes *
lacuna_metadata_pack (GExiv2Metadata *tags, LacunaLeft *left)
{
  g_autoptr (GBytes) exif = lacuna_exiv2_make_exif (tags);
  g_autoptr (GByteArray) carrier = NULL;
  g_autofree gpointer data = NULL;
  gsize size;

  if (tags == NULL || !(exif != NULL || gexiv2_metadata_has_iptc (tags) || gexiv2_metadata_has_xmp (tags)))
    return NULL;
  if (!lacuna_confine_may_open ())
    {
      *left |= LACUNA_LEFT_UNSAFE;
      return NULL;
    }
  /* Exiv2 takes away what is longest. */
  if (exif != NULL && g_bytes_get_size (exif) > MAX_EXIF)
    *left |= LACUNA_LEFT_LONG;
  carrier = lacuna_carrier_new (NULL, NULL);
  if (carrier != NULL)
    {
      size = carrier->len;
      data = g_byte_array_free (g_steal_pointer (&carrier), FALSE);
      if (lacuna_metadata_embed (tags, &data, &size) == 0)
        return g_bytes_new_take (g_steal_pointer (&data), size);
    }
  vips_error_clear ();
  *left |= LACUNA_LEFT_LONG;
  return NULL;
}

GExiv2Metadata *
lacuna_metadata_unpack (GBytes *packed)
{
  GExiv2Metadata *tags;

  lacuna_exiv2_init ();
  tags = gexiv2_metadata_new ();
  if (packed == NULL
      || !gexiv2_metadata_open_buf (tags, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), NULL))
    open_nothing (tags);
  return tags;
}

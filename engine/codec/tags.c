/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selects the metadata that a photo keeps. A tag stays if one of the lists here names it or its group, and if its value
 * is text that hides no picture (plain.c); a MakerNote stays if no picture is found in it. Every other tag is cleared,
 * and classified for the photo's note. It runs in lacuna-codec, on its main thread. */
#include "engine/codec/tags.h"

#include <string.h>

#include "engine/codec/plain.h"

/* Names of a group; all: every name that Exiv2 knows. */
typedef struct {
  const char *prefix;
  gboolean all;
  const char *names[40];
} Group;

static const Group exif_groups[] = {
  { "Exif.Image.", FALSE,
    { "Artist", "CameraLabel", "CameraSerialNumber", "Copyright", "DateTime", "DateTimeOriginal", "DocumentName",
      "ExifTag", "ExposureTime", "FNumber", "FocalLength", "GPSTag", "HostComputer", "ISOSpeedRatings",
      "ImageDescription", "LocalizedCameraModel", "Make", "Model", "Orientation", "OriginalRawFileName", "PageName",
      "ProcessingSoftware", "Rating", "RatingPercent", "ReelName", "ResolutionUnit", "Software", "TargetPrinter",
      "UniqueCameraModel", "XPAuthor", "XPComment", "XPKeywords", "XPSubject", "XPTitle", "XResolution",
      "YCbCrPositioning", "YResolution" } },
  { "Exif.Photo.", TRUE },
  { "Exif.GPSInfo.", TRUE },
  { "Exif.Iop.", TRUE },
};

static const Group iptc_groups[] = {
  { "Iptc.Application2.", TRUE },
  { "Iptc.Envelope.", TRUE },
};

/* Prefixes are the ones that Exiv2 gives to their addresses, whatever the file has. */
static const Group xmp_groups[] = {
  { "Xmp.dc.", TRUE },
  { "Xmp.xmp.", FALSE,
    { "Advisory", "BaseURL", "CreateDate", "CreatorTool", "Identifier", "Label", "MetadataDate", "ModifyDate", "Nickname",
      "Rating" } },
  { "Xmp.xmpMM.", FALSE, { "DocumentID", "InstanceID", "OriginalDocumentID", "PreservedFileName" } },
  { "Xmp.photoshop.", FALSE,
    { "AuthorsPosition", "CaptionWriter", "Category", "City", "Country", "Credit", "DateCreated", "Headline",
      "Instructions", "Source", "State", "SupplementalCategories", "TransmissionReference", "Urgency" } },
  { "Xmp.xmpRights.", TRUE },   { "Xmp.iptc.", TRUE },        { "Xmp.iptcExt.", TRUE },
  { "Xmp.Iptc4xmpCore.", TRUE }, { "Xmp.Iptc4xmpExt.", TRUE }, { "Xmp.plus.", TRUE },
  { "Xmp.exif.", TRUE },        { "Xmp.exifEX.", TRUE },      { "Xmp.tiff.", TRUE },
  { "Xmp.aux.", TRUE },         { "Xmp.lr.", TRUE },          { "Xmp.digiKam.", TRUE },
  { "Xmp.MicrosoftPhoto.", TRUE }, { "Xmp.MP.", TRUE },       { "Xmp.mwg-kw.", TRUE },
  { "Xmp.mwg-rs.", TRUE },      { "Xmp.acdsee.", TRUE },      { "Xmp.mediapro.", TRUE },
  { "Xmp.expressionmedia.", TRUE }, { "Xmp.cc.", TRUE },      { "Xmp.photomech.", TRUE },
  { "Xmp.drone-dji.", TRUE },   { "Xmp.prism.", TRUE },       { "Xmp.lacuna.", FALSE, { "fills" } },
};

/* Named here only where the user is told of them. */
static const char *const edits[]
    = { "Xmp.crs.", "Xmp.crss.", "Xmp.photoshop.", "Xmp.xmpMM.", "Xmp.darktable.", "Xmp.xmpDM.", "Xmp.lrt.", NULL };
static const char *const companions[]
    = { "Xmp.GCamera.",    "Xmp.Camera.", "Xmp.Container.", "Xmp.Item.",   "Xmp.GContainer.",
        "Xmp.GDepth.",     "Xmp.GImage.", "Xmp.GAudio.",    "Xmp.Device.", "Xmp.hdrgm.",
        "Xmp.HDRGainMap.", "Xmp.apdi.",   "Xmp.MiCamera.",  NULL };
static const char *const places[]
    = { "Xmp.MP.", "Xmp.mwg-rs.", "Xmp.Iptc4xmpExt.ImageRegion", "Xmp.iptcExt.ImageRegion", NULL };
static const char *const exif_places[] = { "Exif.Photo.SubjectArea", "Exif.Photo.SubjectLocation",
                                           "Exif.Image.SubjectLocation", NULL };
static const char *const pictures[] = { "Xmp.xmp.Thumbnails", "Iptc.Application2.Preview", "Exif.Thumbnail.", NULL };

/* Tags that tell how the file stored its pixels, which is no longer so. */
static const char *const stale[] = { "Xmp.dc.format",
                                     "Xmp.exif.NativeDigest",
                                     "Xmp.tiff.BitsPerSample",
                                     "Xmp.tiff.Compression",
                                     "Xmp.tiff.NativeDigest",
                                     "Xmp.tiff.PhotometricInterpretation",
                                     "Xmp.tiff.PlanarConfiguration",
                                     "Xmp.tiff.SamplesPerPixel",
                                     "Xmp.tiff.YCbCrPositioning",
                                     "Xmp.tiff.YCbCrSubSampling" };

/* How a TIFF stores its pixels, and what lies in it a second time: not missed. */
static const char *const structure[]
    = { "BitsPerSample", "CellLength", "CellWidth", "ColorMap", "Compression", "DotRange", "ExtraSamples", "FillOrder",
        "HalftoneHints", "IPTCNAA", "ImageLength", "ImageResources", "ImageWidth", "Indexed", "InkNames", "InkSet",
        "InterColorProfile", "JPEGInterchangeFormat", "JPEGInterchangeFormatLength", "JPEGTables", "MaxSampleValue",
        "MinSampleValue", "NewSubfileType", "NumberOfInks", "OPIProxy", "PageNumber", "PhotometricInterpretation",
        "PlanarConfiguration", "Predictor", "PrimaryChromaticities", "ReferenceBlackWhite", "RowsPerStrip",
        "SMaxSampleValue", "SMinSampleValue", "SampleFormat", "SamplesPerPixel", "StripByteCounts", "StripOffsets",
        "SubIFDs", "SubfileType", "Thresholding", "TileByteCounts", "TileLength", "TileOffsets", "TileWidth",
        "TransferFunction", "TransferRange", "WhitePoint", "XMLPacket", "YCbCrCoefficients", "YCbCrSubSampling", NULL };

static gboolean
has_prefix (const char *tag, const char *const *prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (tag, prefixes[i]))
      return TRUE;
  return FALSE;
}

/* Whether a name is in the list, up to where its parts begin: “Creator” of “Creator[1]/…”. */
static gboolean
is_named (const char *name, const char *const *names)
{
  gsize length = strcspn (name, "[/");

  for (guint i = 0; names[i] != NULL; i++)
    if (strlen (names[i]) == length && memcmp (names[i], name, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_listed (const char *tag, const Group *groups, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_prefix (tag, groups[i].prefix))
      {
        const char *name = tag + strlen (groups[i].prefix);

        return groups[i].all ? !g_str_has_prefix (name, "0x") : is_named (name, groups[i].names);
      }
  return FALSE;
}

static gboolean
is_text (GExiv2Metadata *tags, const char *tag)
{
  g_autoptr (GBytes) raw = gexiv2_metadata_try_get_tag_raw (tags, tag, NULL);
  gsize size = 0;
  gconstpointer data = raw != NULL ? g_bytes_get_data (raw, &size) : NULL;

  return lacuna_plain_is_text (data, size);
}

/* Judges all values of one tag together, as a picture may be spread over them. */
static gboolean
are_texts (GExiv2Metadata *tags, const char *tag)
{
  g_auto (GStrv) values = gexiv2_metadata_try_get_tag_multiple (tags, tag, NULL);
  g_autofree char *text = values != NULL ? g_strjoinv ("\n", values) : NULL;

  return text == NULL || lacuna_plain_is_text (text, strlen (text));
}

static LacunaLeft
classify (const char *tag)
{
  if (has_prefix (tag, pictures))
    return LACUNA_LEFT_PREVIEW;
  if (g_str_has_prefix (tag, "Xmp.xmpNote."))
    return LACUNA_LEFT_LONG;
  if (has_prefix (tag, companions))
    return LACUNA_LEFT_COMPANION;
  return has_prefix (tag, edits) ? LACUNA_LEFT_EDITS : LACUNA_LEFT_OTHER;
}

/* Whether a tag is of a maker's notes. `own` has the groups of the file's own directories; Exiv2 names all others after
 * makers. */
static gboolean
is_maker_tag (const char *tag)
{
  static const char *const own[] = { "Exif.Image", "Exif.SubImage", "Exif.SubThumb", "Exif.Thumbnail.", "Exif.Photo.",
                                     "Exif.GPSInfo.", "Exif.Iop.", "Exif.MpfInfo.", "Exif.PanasonicRaw.", NULL };

  return g_str_equal (tag, "Exif.Photo.MakerNote") || !has_prefix (tag, own);
}

static gboolean
is_maker_note_pure (GExiv2Metadata *tags)
{
  g_autoptr (GBytes) note = gexiv2_metadata_try_get_tag_raw (tags, "Exif.Photo.MakerNote", NULL);
  gsize size = 0;
  gconstpointer data = note != NULL ? g_bytes_get_data (note, &size) : NULL;

  return data != NULL && !lacuna_plain_holds_picture (data, size);
}

static LacunaLeft
classify_exif (const char *tag)
{
  static const char *const previews[] = { "Exif.SubImage", "Exif.SubThumb", "Exif.Image2.", "Exif.Image3.", NULL };

  if (is_maker_tag (tag))
    return LACUNA_LEFT_MAKER;
  if (g_str_has_prefix (tag, "Exif.Thumbnail."))
    return LACUNA_LEFT_THUMBNAIL;
  if (has_prefix (tag, previews))
    return LACUNA_LEFT_PREVIEW;
  return g_str_has_prefix (tag, "Exif.Image.") && g_strv_contains (structure, tag + strlen ("Exif.Image."))
             ? 0
             : LACUNA_LEFT_OTHER;
}

static LacunaLeft
select_exif (GExiv2Metadata *tags, gboolean turned)
{
  g_auto (GStrv) names = gexiv2_metadata_get_exif_tags (tags);
  gboolean keep_maker_note = is_maker_note_pure (tags);
  LacunaLeft left = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *tag = names[i];

      if (is_maker_tag (tag) ? keep_maker_note
                             : is_listed (tag, exif_groups, G_N_ELEMENTS (exif_groups)) && is_text (tags, tag)
                                   && !(turned && has_prefix (tag, exif_places)))
        continue;
      if (gexiv2_metadata_try_has_tag (tags, tag, NULL))
        left |= classify_exif (tag);
      gexiv2_metadata_try_clear_tag (tags, tag, NULL);
    }
  return left;
}

/* Clears a tag, and what it is a part of, which Exiv2 has as tags of their own. These have no text, and gexiv2 clears
 * only what has. */
static void
clear_whole (GExiv2Metadata *tags, const char *tag)
{
  g_autofree char *whole = g_strdup (tag);

  for (gsize end = strlen (whole); end > 0; end--)
    if (end == strlen (tag) || tag[end] == '[' || tag[end] == '/')
      {
        whole[end] = '\0';
        gexiv2_metadata_try_set_tag_string (tags, whole, "-", NULL);
        gexiv2_metadata_try_clear_tag (tags, whole, NULL);
      }
}

static LacunaLeft
select_listed (GExiv2Metadata *tags, GStrv names, const Group *groups, gsize n_groups, gboolean turned)
{
  LacunaLeft left = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *tag = names[i];
      gboolean allowed
          = is_listed (tag, groups, n_groups) && !has_prefix (tag, pictures) && !(turned && has_prefix (tag, places));

      if ((allowed && are_texts (tags, tag)) || !gexiv2_metadata_try_has_tag (tags, tag, NULL))
        continue;
      left |= classify (tag);
      if (allowed)
        gexiv2_metadata_try_clear_tag (tags, tag, NULL);
      else
        clear_whole (tags, tag);
    }
  return left;
}

/* How many letters of a tag's texts look like encoded bytes. */
static gsize
count_encoded (GExiv2Metadata *tags, const char *tag)
{
  g_auto (GStrv) values = gexiv2_metadata_try_get_tag_multiple (tags, tag, NULL);
  g_autofree char *text = values != NULL ? g_strjoinv ("\n", values) : NULL;

  return text != NULL ? lacuna_plain_count_encoded (text) : 0;
}

/* A picture may be spread over tags: where all such letters together could be one, the tags that have them go. */
static LacunaLeft
clear_spread (GExiv2Metadata *tags)
{
  GStrv (*const lists[]) (GExiv2Metadata *)
      = { gexiv2_metadata_get_exif_tags, gexiv2_metadata_get_iptc_tags, gexiv2_metadata_get_xmp_tags };
  g_autoptr (GPtrArray) encoded = g_ptr_array_new_with_free_func (g_free);
  gsize sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_auto (GStrv) names = lists[i](tags);

      for (guint k = 0; names[k] != NULL; k++)
        {
          gsize n_letters = (i == 0 && is_maker_tag (names[k])) ? 0 : count_encoded (tags, names[k]);

          sum += n_letters;
          if (n_letters > 0)
            g_ptr_array_add (encoded, g_strdup (names[k]));
        }
    }
  if (!lacuna_plain_is_encoded (sum))
    return 0;
  for (guint i = 0; i < encoded->len; i++)
    if (g_str_has_prefix (encoded->pdata[i], "Xmp."))
      clear_whole (tags, encoded->pdata[i]);
    else
      gexiv2_metadata_try_clear_tag (tags, encoded->pdata[i], NULL);
  return LACUNA_LEFT_OTHER;
}

LacunaLeft
lacuna_tags_select (GExiv2Metadata *tags, gboolean turned)
{
  LacunaLeft left;
  g_auto (GStrv) iptc = gexiv2_metadata_get_iptc_tags (tags);
  g_auto (GStrv) xmp = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (stale); i++)
    gexiv2_metadata_try_clear_tag (tags, stale[i], NULL);
  xmp = gexiv2_metadata_get_xmp_tags (tags);
  left = select_exif (tags, turned) | select_listed (tags, iptc, iptc_groups, G_N_ELEMENTS (iptc_groups), FALSE)
         | select_listed (tags, xmp, xmp_groups, G_N_ELEMENTS (xmp_groups), turned);
  return left | clear_spread (tags);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps of an ICC profile what makes its colours, where something in it can hold a picture. It runs in lacuna-codec, on
 * its main thread. */
#include "engine/codec/profile.h"

#include <lcms2.h>

#include "engine/codec/plain.h"

/* The tags of ICC.1 (2010 and 2022) that colours are made by. Others are texts, makers' own, or of no use to a photo. */
static const cmsTagSignature colours[] = {
  cmsSigAToB0Tag,         cmsSigAToB1Tag,      cmsSigAToB2Tag,          cmsSigBToA0Tag,         cmsSigBToA1Tag,
  cmsSigBToA2Tag,         cmsSigBToD0Tag,      cmsSigBToD1Tag,          cmsSigBToD2Tag,         cmsSigBToD3Tag,
  cmsSigDToB0Tag,         cmsSigDToB1Tag,      cmsSigDToB2Tag,          cmsSigDToB3Tag,         cmsSigRedColorantTag,
  cmsSigGreenColorantTag, cmsSigBlueColorantTag, cmsSigRedTRCTag,       cmsSigGreenTRCTag,      cmsSigBlueTRCTag,
  cmsSigGrayTRCTag,       cmsSigGamutTag,      cmsSigMediaWhitePointTag, cmsSigMediaBlackPointTag, cmsSigChromaticAdaptationTag,
  cmsSigChromaticityTag,  cmsSigLuminanceTag,  cmsSigMeasurementTag,    cmsSigTechnologyTag,    cmsSigViewingConditionsTag,
};
static const cmsTagSignature texts[] = { cmsSigProfileDescriptionTag, cmsSigCopyrightTag };

static gboolean
is_one_of (cmsTagSignature tag, const cmsTagSignature *tags, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (tags[i] == tag)
      return TRUE;
  return FALSE;
}

static void
copy_header (cmsHPROFILE from, cmsHPROFILE to)
{
  cmsUInt64Number attributes;

  cmsSetProfileVersion (to, cmsGetProfileVersion (from));
  cmsSetDeviceClass (to, cmsGetDeviceClass (from));
  cmsSetColorSpace (to, cmsGetColorSpace (from));
  cmsSetPCS (to, cmsGetPCS (from));
  cmsSetHeaderRenderingIntent (to, cmsGetHeaderRenderingIntent (from));
  cmsSetHeaderFlags (to, cmsGetHeaderFlags (from));
  cmsSetHeaderManufacturer (to, cmsGetHeaderManufacturer (from));
  cmsSetHeaderModel (to, cmsGetHeaderModel (from));
  cmsGetHeaderAttributes (from, &attributes);
  cmsSetHeaderAttributes (to, attributes);
}

static void
copy_tag (cmsHPROFILE from, cmsHPROFILE to, cmsTagSignature tag)
{
  gboolean is_text = is_one_of (tag, texts, G_N_ELEMENTS (texts));
  cmsUInt32Number size = cmsReadRawTag (from, tag, NULL, 0);
  g_autofree guint8 *data = g_try_malloc (size);

  if ((!is_text && !is_one_of (tag, colours, G_N_ELEMENTS (colours))) || data == NULL
      || cmsReadRawTag (from, tag, data, size) != size || (is_text && lacuna_plain_holds_picture (data, size)))
    return;
  cmsWriteRawTag (to, tag, data, size);
}

static GBytes *
save (cmsHPROFILE profile)
{
  cmsUInt32Number size = 0;
  g_autofree guint8 *data = NULL;

  if (!cmsSaveProfileToMem (profile, NULL, &size) || (data = g_try_malloc (size)) == NULL
      || !cmsSaveProfileToMem (profile, data, &size))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

GBytes *
lacuna_profile_clean (gconstpointer data, gsize size)
{
  cmsHPROFILE from = cmsOpenProfileFromMem (data, size), to;
  GBytes *cleaned;

  if (from == NULL)
    return NULL;
  to = cmsCreateProfilePlaceholder (NULL);
  copy_header (from, to);
  for (cmsInt32Number i = 0; i < cmsGetTagCount (from); i++)
    copy_tag (from, to, cmsGetTagSignature (from, i));
  cleaned = save (to);
  cmsCloseProfile (to);
  cmsCloseProfile (from);
  return cleaned;
}

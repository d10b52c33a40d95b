/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes an ICC profile, by lcms, of colours that a file tells in short: gamma and chromaticities as PNG has them, or
 * the code points of ITU-T H.273. An image gets a profile only where the numbers make sense; PQ and HLG are scaled so
 * that paper white (203 cd/m²) is 1, and what is brighter is clipped to that. It runs in lacuna-codec, on its main
 * thread. */
#include "engine/codec/colour.h"

#include <lcms2.h>
#include <math.h>

#define CURVE_SIZE 4096
#define PAPER_WHITE 203.0 /* cd/m² */
#define PQ_WHITE 10000.0
#define HLG_PAPER 0.75    /* the signal of paper white in HLG */
#define SRGB_GAMMA 0.45455
#define TOLERANCE 0.006

static const double srgb_chromaticities[] = { 0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06 };

/* Light by signal, both to 1. */
typedef double (*Transfer) (double signal);

/* SMPTE ST 2084 */
static double
decode_pq (double signal)
{
  const double m1 = 2610.0 / 16384, m2 = 2523.0 / 32, c1 = 3424.0 / 4096, c2 = 2413.0 / 128, c3 = 2392.0 / 128;
  double power = pow (signal, 1 / m2);

  return pow (MAX (power - c1, 0.0) / (c2 - c3 * power), 1 / m1) * PQ_WHITE / PAPER_WHITE;
}

/* ARIB STD-B67 */
static double
decode_hlg_scene (double signal)
{
  const double a = 0.17883277, b = 1 - 4 * a, c = 0.5 - a * log (4 * a);

  return signal <= 0.5 ? signal * signal / 3 : (exp ((signal - c) / a) + b) / 12;
}

static double
decode_hlg (double signal)
{
  return pow (decode_hlg_scene (signal) / decode_hlg_scene (HLG_PAPER), 1.2);
}

static cmsToneCurve *
make_curve (Transfer decode)
{
  cmsUInt16Number table[CURVE_SIZE];

  for (int i = 0; i < CURVE_SIZE; i++)
    table[i] = CLAMP (decode (i / (CURVE_SIZE - 1.0)), 0.0, 1.0) * G_MAXUINT16 + 0.5;
  return cmsBuildTabulatedToneCurve16 (NULL, CURVE_SIZE, table);
}

static cmsToneCurve *
make_srgb_curve (void)
{
  const double parameters[] = { 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045 };

  return cmsBuildParametricToneCurve (NULL, 4, parameters);
}

static cmsToneCurve *
make_power (double exponent)
{
  return cmsBuildParametricToneCurve (NULL, 1, &exponent);
}

static cmsToneCurve *
make_coded_curve (int transfer)
{
  const double bt709[] = { 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081 };

  switch (transfer)
    {
    case 1:
    case 6:
    case 14:
    case 15:
      return cmsBuildParametricToneCurve (NULL, 4, bt709);
    case 4:
      return make_power (2.2);
    case 5:
      return make_power (2.8);
    case 8:
      return make_power (1.0);
    case 13:
      return make_srgb_curve ();
    case 16:
      return make_curve (decode_pq);
    case 18:
      return make_curve (decode_hlg);
    default:
      return NULL;
    }
}

static const double *
find_primaries (int primaries)
{
  static const double bt2020[] = { 0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046 };
  static const double p3[] = { 0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06 };

  switch (primaries)
    {
    case 1:
      return srgb_chromaticities;
    case 9:
      return bt2020;
    case 12:
      return p3;
    default:
      return NULL;
    }
}

static cmsHPROFILE
make_profile (const double *xy, cmsToneCurve *curve, gboolean grey)
{
  const cmsCIExyY white = { xy[0], xy[1], 1.0 };
  const cmsCIExyYTRIPLE primaries = { { xy[2], xy[3], 1.0 }, { xy[4], xy[5], 1.0 }, { xy[6], xy[7], 1.0 } };
  cmsToneCurve *const curves[] = { curve, curve, curve };

  return grey ? cmsCreateGrayProfile (&white, curve) : cmsCreateRGBProfile (&white, &primaries, curves);
}

/* Frees the curve. */
static void
set_profile (VipsImage *image, const double *xy, cmsToneCurve *curve)
{
  cmsHPROFILE profile = curve != NULL ? make_profile (xy, curve, image->Bands < 3) : NULL;
  cmsUInt32Number size = 0;
  g_autofree guint8 *data = NULL;

  if (profile != NULL && cmsSaveProfileToMem (profile, NULL, &size))
    data = g_try_malloc (size);
  if (data != NULL && cmsSaveProfileToMem (profile, data, &size))
    vips_image_set_blob_copy (image, VIPS_META_ICC_NAME, data, size);
  if (profile != NULL)
    cmsCloseProfile (profile);
  if (curve != NULL)
    cmsFreeToneCurve (curve);
}

static gboolean
is_sensible (double gamma, const double *xy)
{
  for (guint i = 0; i < G_N_ELEMENTS (srgb_chromaticities); i++)
    if (!(xy[i] >= 0.0 && xy[i] < 1.0))
      return FALSE;
  return xy[1] > 0.0 && xy[3] > 0.0 && xy[5] > 0.0 && xy[7] > 0.0 && (gamma == 0.0 || (gamma > 0.05 && gamma < 20.0));
}

void
lacuna_colour_set_simple (VipsImage *image, double gamma, const double *chromaticities)
{
  const double *xy = chromaticities != NULL ? chromaticities : srgb_chromaticities;
  gboolean is_srgb = gamma == 0.0 || fabs (gamma - SRGB_GAMMA) < TOLERANCE;

  for (guint i = 0; i < G_N_ELEMENTS (srgb_chromaticities); i++)
    is_srgb = is_srgb && fabs (xy[i] - srgb_chromaticities[i]) < TOLERANCE;
  if (!is_srgb && is_sensible (gamma, xy))
    set_profile (image, xy, gamma == 0.0 ? make_srgb_curve () : make_power (1 / gamma));
}

gboolean
lacuna_colour_set_coded (VipsImage *image, int primaries, int transfer)
{
  const double *xy = find_primaries (primaries);
  cmsToneCurve *curve = xy != NULL ? make_coded_curve (transfer) : NULL;

  if (curve == NULL)
    return FALSE;
  set_profile (image, xy, curve);
  return TRUE;
}

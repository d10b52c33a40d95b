/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/scale.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/codec/vips-image.h"

/* Colours alone, three of them. */
static int
take_colours (VipsImage *image, VipsImage **ret_colours)
{
  VipsImage *grey = NULL;
  int result;

  if (image->Bands >= 3)
    return vips_extract_band (image, ret_colours, 0, "n", 3, NULL);
  if (vips_extract_band (image, &grey, 0, NULL) != 0)
    return -1;
  result = vips_bandjoin (((VipsImage *[]){ grey, grey, grey }), ret_colours, 3, NULL);
  g_object_unref (grey);
  return result;
}

static int
take_levels (VipsImage *image, VipsImage **ret_levels)
{
  if (image->BandFmt == VIPS_FORMAT_UCHAR)
    return vips_copy (image, ret_levels, NULL);
  return vips_linear1 (image, ret_levels, 1.0 / 257.0, 0.5, "uchar", TRUE, NULL);
}

static int
take_box (VipsImage *image, LacunaBox box, int width, int height, VipsImage **ret_sized)
{
  VipsImage *cut = NULL;
  int result;

  if (vips_extract_area (image, &cut, box.x, box.y, box.width, box.height, NULL) != 0)
    return -1;
  result = vips_resize (cut, ret_sized, (double) width / box.width, "vscale", (double) height / box.height, NULL);
  g_object_unref (cut);
  return result;
}

gpointer
lacuna_scale (LacunaPhoto *photo, LacunaBox box, int width, int height, const char *name, gsize *ret_size,
              GError **error)
{
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (VipsImage) sized = NULL;
  g_autoptr (VipsImage) colours = NULL;
  g_autoptr (VipsImage) levels = NULL;
  g_autofree char *problem = NULL;
  gpointer pixels = NULL;

  if (!lacuna_vips_init (error))
    return NULL;
  image = lacuna_vips_wrap (photo);
  if (take_box (image, box, width, height, &sized) == 0 && take_colours (sized, &colours) == 0
      && take_levels (colours, &levels) == 0)
    pixels = vips_image_write_to_memory (levels, ret_size);
  problem = lacuna_vips_take_error (_ ("it could not be computed"));
  if (pixels == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("“%s” can't be brought to %d×%d pixels: %s. Close other programs, or use a smaller copy."), name,
                 width, height, problem);
  return pixels;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layer over a photo, and how both are saved in one file: as a TIFF of two pages or as OpenRaster. The file is made
 * in memory and published last. A photo is immutable for all others; only one that was just made here is written to.
 * Any thread may call, and waits for the codec; the window saves on a worker. */
#include "engine/photo/layers.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/photo-fields.h"
#include "engine/photo/samples.h"
#include "engine/photo/save-private.h"
#include "engine/publish.h"
#include "engine/zip.h"

#define THUMBNAIL_SIDE 256 /* of OpenRaster's, at most */
#define MOST_NAMES 6

/* The files of an OpenRaster archive (https://www.openraster.org/baseline/file-layout-spec.html). */
typedef struct {
  const char *names[MOST_NAMES + 1];
  GBytes *files[MOST_NAMES];
  guint n;
} Raster;

static void
raster_clear (Raster *self)
{
  for (guint i = 0; i < self->n; i++)
    g_bytes_unref (self->files[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Raster, raster_clear)

static int
count_colours (LacunaPhoto *photo)
{
  return photo->bands < 3 ? 1 : 3;
}

/* Black and transparent pixels, with what the photo says of itself. NULL: no memory. */
static LacunaPhoto *
make_blank (LacunaPhoto *photo, int bands, int n_pages, GError **error)
{
  gpointer pixels = g_try_malloc0_n ((gsize) photo->width * photo->height * n_pages, bands * photo->depth / 8);
  LacunaPhoto *blank;

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("a layer over the photo"));
      return NULL;
    }
  blank = lacuna_photo_take (photo->width, photo->height * n_pages, bands, photo->depth, pixels);
  blank->record = photo->record != NULL ? g_variant_ref (photo->record) : NULL;
  blank->has_profile = photo->has_profile;
  return blank;
}

LacunaPhoto *
lacuna_photo_new_layer (LacunaPhoto *self, GError **error)
{
  return make_blank (self, count_colours (self) + 1, 1, error);
}

static void
write_sample (gpointer pixels, int depth, gsize i, guint sample)
{
  if (depth == 8)
    ((guint8 *) pixels)[i] = sample;
  else
    ((guint16 *) pixels)[i] = sample;
}

/* Returns the pixels of a photo that was just made, which its maker may still write. */
static gpointer
get_new_pixels (LacunaPhoto *photo)
{
  return (gpointer) g_bytes_get_data (photo->pixels, NULL);
}

/* The photo with the layer over it. */
static LacunaPhoto *
flatten (LacunaPhoto *photo, LacunaPhoto *layer, GError **error)
{
  int colours = count_colours (photo), depth = photo->depth;
  guint64 opaque = (1 << depth) - 1;
  LacunaPhoto *flat = make_blank (photo, photo->bands, 1, error);
  gsize n = flat != NULL ? (gsize) photo->width * photo->height : 0;
  gconstpointer from = lacuna_photo_get_pixels (photo), over = lacuna_photo_get_pixels (layer);

  for (gsize i = 0; i < n; i++)
    {
      guint64 share = lacuna_photo_read_sample (over, depth, i * layer->bands + colours);

      for (int band = 0; band < photo->bands; band++)
        {
          guint64 below = lacuna_photo_read_sample (from, depth, i * photo->bands + band);
          guint64 above = band < colours ? lacuna_photo_read_sample (over, depth, i * layer->bands + band) : opaque;

          write_sample (get_new_pixels (flat), depth, i * photo->bands + band,
                        (below * (opaque - share) + above * share + opaque / 2) / opaque);
        }
    }
  return flat;
}

/* The photo, opaque where it has no alpha, and the layer below it, as pages of one image. */
static LacunaPhoto *
stack (LacunaPhoto *photo, LacunaPhoto *layer, GError **error)
{
  int depth = photo->depth;
  gsize page = (gsize) photo->width * photo->height * layer->bands;
  LacunaPhoto *pages = make_blank (photo, layer->bands, 2, error);
  gconstpointer from = lacuna_photo_get_pixels (photo);
  guint8 *to;

  if (pages == NULL)
    return NULL;
  to = get_new_pixels (pages);
  for (gsize i = 0; i < page; i++)
    {
      int band = (int) (i % layer->bands);

      write_sample (to, depth, i,
                    band < photo->bands ? lacuna_photo_read_sample (from, depth, i / layer->bands * photo->bands + band)
                                        : (1u << depth) - 1);
    }
  memcpy (to + page * depth / 8, lacuna_photo_get_pixels (layer), page * depth / 8);
  return pages;
}

static GBytes *
encode_tiff (LacunaPhoto *photo, LacunaPhoto *layer, const char *path, const LacunaSaveOptions *options, GError **error)
{
  g_autoptr (LacunaPhoto) pages = stack (photo, layer, error);

  return pages != NULL ? lacuna_photo_encode (pages, LACUNA_ENCODING_TIFF_PAGES, path, options, error) : NULL;
}

/* Takes file. FALSE where it is NULL. */
static gboolean
add_file (Raster *self, const char *name, GBytes *file)
{
  if (file == NULL)
    return FALSE;
  self->names[self->n] = name;
  self->files[self->n++] = file;
  return TRUE;
}

static GBytes *
describe_stack (LacunaPhoto *photo)
{
  static const char layers[] = "<?xml version='1.0' encoding='UTF-8'?>\n"
                               "<image version='0.0.3' w='%d' h='%d'>\n"
                               "  <stack>\n"
                               "    <layer name='%s' src='data/patch.png' x='0' y='0'/>\n"
                               "    <layer name='%s' src='data/photo.png' x='0' y='0'/>\n"
                               "  </stack>\n"
                               "</image>\n";
  char *text = g_markup_printf_escaped (layers, photo->width, photo->height, _ ("Patch"), _ ("Photo"));

  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
encode_thumbnail (LacunaPhoto *flat, const char *path, const LacunaSaveOptions *options, GError **error)
{
  int side = MAX (flat->width, flat->height), width = flat->width, height = flat->height;
  g_autoptr (LacunaPhoto) small = NULL;

  if (side > THUMBNAIL_SIDE)
    {
      width = MAX ((gint64) width * THUMBNAIL_SIDE / side, 1);
      height = MAX ((gint64) height * THUMBNAIL_SIDE / side, 1);
    }
  small = lacuna_photo_resample (flat, (LacunaBox){ 0, 0, flat->width, flat->height }, width, height, error);
  return small != NULL ? lacuna_photo_encode (small, LACUNA_ENCODING_PNG, path, options, error) : NULL;
}

static GBytes *
encode_raster (LacunaPhoto *photo, LacunaPhoto *layer, const char *path, const LacunaSaveOptions *options,
               GError **error)
{
  static const char type[] = "image/openraster";
  g_autoptr (LacunaPhoto) flat = flatten (photo, layer, error);
  g_auto (Raster) raster = { 0 };

  if (flat == NULL)
    return NULL;
  add_file (&raster, "mimetype", g_bytes_new_static (type, strlen (type)));
  add_file (&raster, "stack.xml", describe_stack (photo));
  if (!add_file (&raster, "data/photo.png", lacuna_photo_encode (photo, LACUNA_ENCODING_PNG, path, options, error))
      || !add_file (&raster, "data/patch.png", lacuna_photo_encode (layer, LACUNA_ENCODING_PNG, path, options, error))
      || !add_file (&raster, "mergedimage.png", lacuna_photo_encode (flat, LACUNA_ENCODING_PNG, path, options, error))
      || !add_file (&raster, "Thumbnails/thumbnail.png", encode_thumbnail (flat, path, options, error)))
    return NULL;
  return lacuna_zip_write (raster.names, raster.files, error);
}

static gboolean
has_suffix (const char *path, const char *suffix)
{
  const char *dot = strrchr (path, '.');

  return dot != NULL && g_ascii_strcasecmp (dot + 1, suffix) == 0;
}

static gboolean
is_tiff (const char *path)
{
  return has_suffix (path, "tif") || has_suffix (path, "tiff");
}

static gboolean
check_format (LacunaPhoto *self, const char *path, GError **error)
{
  if (!is_tiff (path) && !has_suffix (path, "ora"))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” can't have layers, as its suffix is neither .tif nor .ora. Use one of these."), path);
  else if (is_tiff (path) && (guint64) self->width * self->height > LACUNA_PHOTO_MAX_PIXELS / 2)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” can't be saved: a TIFF holds layers of at most %u megapixels here. Save it as .ora."), path,
                 (guint) (LACUNA_PHOTO_MAX_PIXELS / 2 / 1000000));
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_photo_check_save_layers (LacunaPhoto *self, const char *path, const LacunaSaveOptions *options, GError **error)
{
  return check_format (self, path, error)
         && lacuna_publish_check (path, lacuna_save_options_get_flags (options), error);
}

gboolean
lacuna_photo_save_layers (LacunaPhoto *self, LacunaPhoto *layer, const char *path, const LacunaSaveOptions *options,
                          GError **error)
{
  g_autoptr (GBytes) file = NULL;

  if (!check_format (self, path, error))
    return FALSE;
  file = is_tiff (path) ? encode_tiff (self, layer, path, options, error)
                        : encode_raster (self, layer, path, options, error);
  return file != NULL
         && lacuna_publish (path, g_bytes_get_data (file, NULL), g_bytes_get_size (file),
                            lacuna_save_options_get_flags (options), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/vips-image.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

#define SHARED "lacuna-shared"
#define OWN LACUNA_VIPS_DOMAIN ": "

static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

static gpointer
start (gpointer data)
{
  const char *name = g_get_prgname ();

  g_log_set_handler ("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, on_log, NULL);
  /* vips_init() makes its argument the program's name: keep the one there is. */
  if (VIPS_INIT (name != NULL ? name : "lacuna") != 0)
    return lacuna_vips_take_error (_ ("it gives no reason"));
  vips_block_untrusted_set (TRUE);
  /* Remembered operations would keep whole photos in memory. */
  vips_cache_set_max (0);
  /* libvips (8.14) with more threads at times misses that decoding failed; and
   * decoders work row by row anyway. */
  vips_concurrency_set (1);
  return NULL;
}

gboolean
lacuna_vips_init (GError **error)
{
  static GOnce once = G_ONCE_INIT;
  const char *problem = g_once (&once, start, NULL);

  if (problem != NULL)
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FILE,
        _ ("No photo can be read or written, because the library for it, libvips, did not start: %s. Install it anew."),
        problem);
  return problem == NULL;
}

static VipsInterpretation
get_interpretation (LacunaPhoto *photo)
{
  if (photo->depth == 8)
    return photo->bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  return photo->bands < 3 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
}

VipsImage *
lacuna_vips_wrap (LacunaPhoto *photo)
{
  gsize size;
  gconstpointer pixels = g_bytes_get_data (photo->pixels, &size);
  VipsImage *image = vips_image_new_from_memory (pixels, size, photo->width, photo->height, photo->bands,
                                                 photo->depth == 8 ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT);

  image->Type = get_interpretation (photo);
  g_object_set_data_full (G_OBJECT (image), "lacuna-pixels", g_bytes_ref (photo->pixels),
                          (GDestroyNotify) g_bytes_unref);
  return image;
}

/* What libraries say, each in its way, and what that means for people. */
static const struct {
  const char *words, *meaning;
} sayings[] = {
  { "memory|alloc", N_ ("there is not enough memory") },
  { "premature|truncated|short|end of|not enough|too few|eof|seek|directory count", N_ ("it ends too early") },
  { "known f|known format|no image", N_ ("its content is of no known kind") },
  { "unsupported|not supported|unimplemented|not implemented", N_ ("it is of a kind that is not read or written here") },
  { "too large|too big|limit|exceed", N_ ("it is too large") },
};

static const char *
find_meaning (const char *message, const char *otherwise)
{
  for (guint i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_regex_match_simple (sayings[i].words, message, G_REGEX_CASELESS, 0))
      return _ (sayings[i].meaning);
  return otherwise;
}

char *
lacuna_vips_take_error (const char *otherwise)
{
  g_autofree char *message = g_strstrip (vips_error_buffer_copy ());
  const char *own = strstr (message, OWN);

  g_debug ("%s", message);
  if (own != NULL)
    return g_strndup (own + strlen (OWN), strcspn (own + strlen (OWN), "\n"));
  return g_strdup (find_meaning (message, otherwise));
}

VipsImage *
lacuna_vips_render (VipsImage *image, const char *path, GError **error)
{
  gsize size = VIPS_IMAGE_SIZEOF_IMAGE (image);
  LacunaShared *memory = lacuna_shared_new (size);
  g_autoptr (VipsImage) rendered = NULL;

  if (memory == NULL)
    {
      g_autofree char *needed = g_format_size (size);

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("“%s” needs %s of memory, which is not free. Close other programs, or use a smaller copy."), path,
                   needed);
      return NULL;
    }
  rendered = vips_image_new_from_memory (lacuna_shared_get_data (memory), size, image->Xsize, image->Ysize,
                                         image->Bands, image->BandFmt);
  g_object_set_data_full (G_OBJECT (rendered), SHARED, memory, (GDestroyNotify) lacuna_shared_unref);
  if (vips_image_write (image, rendered) != 0)
    {
      g_autofree char *problem = lacuna_vips_take_error (_ ("its data make no sense"));

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("“%s” is damaged: %s. Use an intact copy."), path,
                   problem);
      return NULL;
    }
  return g_steal_pointer (&rendered);
}

LacunaShared *
lacuna_vips_share (VipsImage *rendered)
{
  return lacuna_shared_ref (g_object_get_data (G_OBJECT (rendered), SHARED));
}

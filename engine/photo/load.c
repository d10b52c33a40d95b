/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads photos, and asks about files, by lacuna-codec: the codec gets a descriptor or the bytes, never a path, and no
 * format is parsed in this process. Only regular files that are not empty are handed over. Any thread may call, and is
 * blocked for at most PATIENCE to MOST_PATIENCE seconds, by the size of the file. */
#include "engine/photo/photo-fields.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/error.h"
#include "engine/photo/codec.h"
#include "engine/photo/parcel.h"

/* Seconds after which a decoder is taken to hang, more of them for a larger file. */
#define PATIENCE 60
#define MOST_PATIENCE 600
#define BYTES_PER_SECOND 100000

static int
open_file (const char *path, guint64 *ret_size, GError **error)
{
  struct stat status;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (fd < 0 || fstat (fd, &status) != 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("“%s” can't be opened: %s. Check its name and that you may read it."), path, g_strerror (errno));
  else if (S_ISDIR (status.st_mode))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” is a folder. Name a file in it."), path);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” is a device or a pipe. Save it as a file first."),
                 path);
  else if (status.st_size == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("“%s” is empty. Use an intact copy."), path);
  else
    {
      *ret_size = status.st_size;
      return fd;
    }
  if (fd >= 0)
    g_close (fd, NULL);
  return -1;
}

/* A body with the bytes. */
static LacunaShared *
share_bytes (GBytes *file, const char *name, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);
  g_autoptr (LacunaShared) body = NULL;

  if (size == 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("“%s” is empty. Use an intact copy."), name);
      return NULL;
    }
  body = lacuna_shared_new (size);
  if (body == NULL)
    {
      lacuna_error_set_memory (error, _ ("the file"));
      return NULL;
    }
  memcpy (lacuna_shared_get_data (body), data, size);
  return g_steal_pointer (&body);
}

/* Asks the codec about the file at path, or with those bytes (NULL: none are given). */
static gboolean
ask (LacunaCodecRequest request, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaShared) body = NULL;
  guint64 size;
  gboolean done;

  request.file = -1;
  if (bytes != NULL)
    {
      size = g_bytes_get_size (bytes);
      request.body = body = share_bytes (bytes, request.name, error);
      if (body == NULL)
        return FALSE;
    }
  else if ((request.file = open_file (request.name, &size, error)) < 0)
    return FALSE;
  request.patience = MIN (PATIENCE + size / BYTES_PER_SECOND, MOST_PATIENCE);
  done = lacuna_codec_call (&request, cancellable, error);
  if (request.file >= 0)
    g_close (request.file, NULL);
  return done;
}

/* Debian's libvips reads no raw files; most are TIFFs too, of which it would show a small preview. */
static gboolean
check_developed (const char *path, GError **error)
{
  static const char *const raw_suffixes[]
      = { "3fr", "arw", "cr2", "cr3", "crw", "dng", "erf", "iiq", "kdc", "mrw", "nef",
          "nrw", "orf", "pef", "raf", "rw2", "rwl", "sr2", "srw", "x3f", NULL };
  const char *dot = strrchr (path, '.');
  g_autofree char *suffix = g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);

  if (!g_strv_contains (raw_suffixes, suffix))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” is a camera's raw file, which can't be read here. Develop it with a program for raw files, and "
                  "save it as a TIFF of 16 bits."),
               path);
  return FALSE;
}

static gboolean
accept_photo (const LacunaParcel *answer, gpointer photo)
{
  *(LacunaPhoto **) photo = lacuna_parcel_unpack_photo (answer);
  return *(LacunaPhoto **) photo != NULL;
}

/* Accepts any answer of a check, as one without an error says that it passed. */
static gboolean
accept (const LacunaParcel *answer, gpointer data)
{
  return TRUE;
}

static LacunaPhoto *
load (const char *path, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  LacunaPhoto *photo = NULL;
  const LacunaCodecRequest request = { "decode", path, .accept = accept_photo, .data = &photo };

  return check_developed (path, error) && ask (request, bytes, cancellable, error) ? photo : NULL;
}

LacunaPhoto *
lacuna_photo_load (const char *path, GCancellable *cancellable, GError **error)
{
  LacunaPhoto *self = load (path, NULL, cancellable, error);

  if (self != NULL)
    self->path = g_strdup (path);
  return self;
}

LacunaPhoto *
lacuna_photo_load_bytes (GBytes *file, const char *name, GCancellable *cancellable, GError **error)
{
  return load (name, file, cancellable, error);
}

gboolean
lacuna_photo_check_packing (const char *path, GBytes *file, GError **error)
{
  return ask ((LacunaCodecRequest){ "check-packing", path, .accept = accept }, file, NULL, error);
}

gboolean
lacuna_photo_check_size (const char *path, GBytes *file, int width, int height, const char *what, GError **error)
{
  g_auto (GVariantDict) arguments = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&arguments, "width", "i", width);
  g_variant_dict_insert (&arguments, "height", "i", height);
  g_variant_dict_insert (&arguments, "what", "s", what);
  return ask ((LacunaCodecRequest){ "check-size", path, &arguments, .accept = accept }, file, NULL, error);
}

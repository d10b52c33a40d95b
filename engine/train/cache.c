/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small copies of photos for training, as JPEGs in the user's cache folder and, up to MEMORY_LIMIT, in memory. The
 * pixels are always those that a kept JPEG gives, read back, so that a photo is the same the first time and later; only
 * where it can't be kept is it given as it is. Any thread may load; `lock` guards counts and table, and is held while a
 * file is written. */
#include "engine/train/cache.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"

#define DEFAULT_LIMIT (G_GUINT64_CONSTANT (2) << 30)
#define MEMORY_LIMIT (G_GUINT64_CONSTANT (256) << 20)
#define QUALITY 95

struct _LacunaPhotoCache {
  gatomicrefcount ref_count;

  guint least, most;
  guint64 limit;
  char *folder;

  GMutex lock;
  guint64 n_bytes;     /* of the files */
  GHashTable *photos;  /* path of the file → LacunaPhoto */
  guint64 n_in_memory; /* bytes of those */
};

G_DEFINE_BOXED_TYPE (LacunaPhotoCache, lacuna_photo_cache, lacuna_photo_cache_ref, lacuna_photo_cache_unref)

/* A file of the cache. */
typedef struct {
  char *path;
  gint64 time;
  guint64 size;
} File;

static void
file_clear (gpointer data)
{
  g_free (((File *) data)->path);
}

static GArray *
list_files (const char *folder)
{
  GArray *files = g_array_new (FALSE, FALSE, sizeof (File));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (files, file_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      File file = { .path = g_build_filename (folder, name, NULL) };
      GStatBuf status;

      if (g_stat (file.path, &status) != 0)
        {
          g_free (file.path);
          continue;
        }
      file.time = status.st_mtime;
      file.size = status.st_size;
      g_array_append_val (files, file);
    }
  return files;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const File *) a)->time, y = ((const File *) b)->time;

  return x < y ? -1 : x > y;
}

LacunaPhotoCache *
lacuna_photo_cache_new (guint least, guint most, guint64 limit)
{
  LacunaPhotoCache *self = g_new0 (LacunaPhotoCache, 1);
  g_autoptr (GArray) files = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->least = least;
  self->most = most;
  self->limit = limit != 0 ? limit : DEFAULT_LIMIT;
  self->folder = g_build_filename (g_get_user_cache_dir (), "lacuna", "photos", NULL);
  self->photos = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  files = list_files (self->folder);
  for (guint i = 0; i < files->len; i++)
    self->n_bytes += g_array_index (files, File, i).size;
  return self;
}

LacunaPhotoCache *
lacuna_photo_cache_ref (LacunaPhotoCache *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_photo_cache_unref (LacunaPhotoCache *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->photos);
  g_free (self->folder);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Removes the oldest files until nine tenths of the limit are left, so that the folder is not listed each time. The
 * caller holds the lock. */
static void
make_room (LacunaPhotoCache *self)
{
  g_autoptr (GArray) files = list_files (self->folder);
  guint64 total = 0;

  for (guint i = 0; i < files->len; i++)
    total += g_array_index (files, File, i).size;
  g_array_sort (files, compare_files);
  for (guint i = 0; i < files->len && total > self->limit / 10 * 9; i++)
    if (g_unlink (g_array_index (files, File, i).path) == 0)
      total -= g_array_index (files, File, i).size;
  self->n_bytes = total;
}

/* Returns the file in which the photo is kept (g_free): another one if the photo's file changed (size, time), or for
 * another size of the copies. */
static char *
get_place (LacunaPhotoCache *self, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *identity = NULL;
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("“%s” can't be opened: %s. Check its name and that you may read it."), path, g_strerror (errno));
      return NULL;
    }
  identity
      = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %u", absolute, (gint64) status.st_size,
                         (gint64) status.st_mtim.tv_sec, (long) status.st_mtim.tv_nsec, self->most);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, identity, -1);
  file = g_strconcat (name, ".jpg", NULL);
  return g_build_filename (self->folder, file, NULL);
}

static gboolean
check_size (LacunaPhotoCache *self, LacunaPhoto *photo, const char *path, GError **error)
{
  int width = lacuna_photo_get_width (photo), height = lacuna_photo_get_height (photo);

  if ((guint) MIN (width, height) >= self->least)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” has %d × %d pixels, which is too small to learn from. Use one with at least %u on each side."),
               path, width, height, self->least);
  return FALSE;
}

static LacunaPhoto *
shrink (LacunaPhotoCache *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaPhoto) photo
      = lacuna_photo_check_packing (path, NULL, error) ? lacuna_photo_load (path, cancellable, error) : NULL;
  int width, height;
  double scale;

  if (photo == NULL || !check_size (self, photo, path, error))
    return NULL;
  width = lacuna_photo_get_width (photo);
  height = lacuna_photo_get_height (photo);
  scale = MIN (1.0, (double) self->most / MIN (width, height));
  return lacuna_photo_resample (photo, (LacunaBox){ 0, 0, width, height }, (int) (width * scale + 0.5),
                                (int) (height * scale + 0.5), error);
}

/* Counts a file that was just written. The caller holds the lock. */
static void
count_file (LacunaPhotoCache *self, const char *place)
{
  GStatBuf status;

  if (g_stat (place, &status) != 0)
    return;
  self->n_bytes += status.st_size;
  if (self->n_bytes > self->limit)
    make_room (self);
}

/* Keeps a photo, and returns it as the next one will find it: under the lock, so that another thread's make_room
 * doesn't remove it before it is read. What can't be kept is made anew each time: only time is lost. */
static LacunaPhoto *
keep (LacunaPhotoCache *self, LacunaPhoto *photo, const char *place)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const LacunaSaveOptions options = { .quality = QUALITY };
  LacunaPhoto *kept = NULL;

  if (g_mkdir_with_parents (self->folder, 0700) == 0 && lacuna_photo_save (photo, place, &options, NULL))
    {
      kept = lacuna_photo_load (place, NULL, NULL);
      count_file (self, place);
    }
  return kept != NULL ? kept : g_object_ref (photo);
}

static void
remember (LacunaPhotoCache *self, LacunaPhoto *photo, const char *place)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint64 size = (guint64) lacuna_photo_get_width (photo) * lacuna_photo_get_height (photo) * 3;

  if (self->n_in_memory + size > MEMORY_LIMIT || g_hash_table_contains (self->photos, place))
    return;
  self->n_in_memory += size;
  g_hash_table_insert (self->photos, g_strdup (place), g_object_ref (photo));
}

static LacunaPhoto *
recall (LacunaPhotoCache *self, const char *place)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  LacunaPhoto *photo = g_hash_table_lookup (self->photos, place);

  return photo != NULL ? g_object_ref (photo) : NULL;
}

LacunaPhoto *
lacuna_photo_cache_load (LacunaPhotoCache *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *place = get_place (self, path, error);
  g_autoptr (LacunaPhoto) photo = NULL;

  if (place == NULL)
    return NULL;
  photo = recall (self, place);
  if (photo != NULL)
    return g_steal_pointer (&photo);
  photo = lacuna_photo_load (place, cancellable, NULL);
  if (photo == NULL)
    {
      g_autoptr (LacunaPhoto) small = shrink (self, path, cancellable, error);

      if (small == NULL)
        return NULL;
      photo = keep (self, small, place);
    }
  /* A cache of another least size may have kept it. */
  if (!check_size (self, photo, path, error))
    return NULL;
  remember (self, photo, place);
  return g_steal_pointer (&photo);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photos of a folder that training can learn from. Files are read into the cache by as many threads as there are
 * processors, each with an entry of its own; the list is sorted before, so that the result does not depend on their
 * order. The caller waits: a worker of the window's, or of the trainer's. The finished folder is immutable. */
#include "engine/train/folder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

#define HELD_OUT_SHARE 10
#define MAX_HELD_OUT 32
#define MAX_DEPTH 64 /* of folders in folders */

/* A file, and why it is left out or NULL. */
typedef struct {
  char *path;
  char *reason;
} Entry;

struct _LacunaPhotoFolder {
  GObject    parent_instance;
  char      *path;
  GPtrArray *photos;  /* of paths, ends with NULL */
  GPtrArray *skipped; /* of Entry */
};

G_DEFINE_FINAL_TYPE (LacunaPhotoFolder, lacuna_photo_folder, G_TYPE_OBJECT)

/* What the reading threads share. */
typedef struct {
  LacunaPhotoCache         *cache;
  GCancellable             *cancellable;
  LacunaPhotoFolderProgress progress;
  gpointer                  data;
  guint                     n_files;
  int                       n_read; /* atomic */
} Reading;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Entry *const *) a)->path, (*(Entry *const *) b)->path);
}

/* Adds the files of folder, and those of the folders in it. What of these can't be listed is an entry with its
 * reason. */
static gboolean
list_folder (const char *folder, guint depth, GPtrArray *entries, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) problem = NULL;
      gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
      Entry *entry;

      if (name[0] == '.' || (is_folder && g_file_test (path, G_FILE_TEST_IS_SYMLINK)))
        continue;
      if (is_folder && depth < MAX_DEPTH && list_folder (path, depth + 1, entries, &problem))
        continue;
      entry = g_new0 (Entry, 1);
      entry->path = g_steal_pointer (&path);
      if (is_folder)
        entry->reason = g_strdup (problem != NULL ? problem->message : _ ("Folders are nested too deep."));
      g_ptr_array_add (entries, entry);
    }
  return TRUE;
}

static void
read_entry (gpointer data, gpointer user_data)
{
  Entry *entry = data;
  Reading *reading = user_data;
  g_autoptr (GError) problem = NULL;
  g_autoptr (LacunaPhoto) photo = NULL;

  if (g_cancellable_is_cancelled (reading->cancellable))
    return;
  photo = lacuna_photo_cache_load (reading->cache, entry->path, reading->cancellable, &problem);
  if (photo == NULL)
    entry->reason = g_strdup (problem->message);
  if (reading->progress != NULL)
    reading->progress (g_atomic_int_add (&reading->n_read, 1) + 1, reading->n_files, reading->data);
}

static gboolean
read_entries (GPtrArray *entries, Reading *reading, GError **error)
{
  GThreadPool *pool = g_thread_pool_new (read_entry, reading, g_get_num_processors (), FALSE, error);

  gboolean has_threads = FALSE;

  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (((Entry *) entries->pdata[i])->reason == NULL)
      has_threads |= g_thread_pool_push (pool, entries->pdata[i], NULL);
  g_thread_pool_free (pool, !has_threads, has_threads);
  for (guint i = 0; !has_threads && i < entries->len; i++)
    if (((Entry *) entries->pdata[i])->reason == NULL)
      read_entry (entries->pdata[i], reading);
  return !g_cancellable_set_error_if_cancelled (reading->cancellable, error);
}

static gboolean
sort_out (LacunaPhotoFolder *self, GPtrArray *entries, const char *path, GError **error)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (entry->reason == NULL)
        g_ptr_array_add (self->photos, g_strdup (entry->path));
      else
        {
          Entry *skipped = g_new (Entry, 1);

          *skipped = (Entry){ g_strdup (entry->path), g_strdup (entry->reason) };
          g_ptr_array_add (self->skipped, skipped);
        }
    }
  if (self->photos->len == 0)
    {
      const char *reason
          = self->skipped->len > 0 ? ((Entry *) self->skipped->pdata[0])->reason : _ ("It has no files.");

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                   _ ("The folder “%s” has no photo to learn from. %s Choose a folder with photos."), path, reason);
      return FALSE;
    }
  g_ptr_array_add (self->photos, NULL);
  return TRUE;
}

LacunaPhotoFolder *
lacuna_photo_folder_read (const char *path, LacunaPhotoCache *cache, LacunaPhotoFolderProgress progress, gpointer data,
                          GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaPhotoFolder) self = g_object_new (LACUNA_TYPE_PHOTO_FOLDER, NULL);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GError) reason = NULL;
  Reading reading = { .cache = cache, .cancellable = cancellable, .progress = progress, .data = data };

  if (!list_folder (path, 0, entries, &reason))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The photos can't be listed: %s. Choose another folder."),
                   reason->message);
      return NULL;
    }
  self->path = g_strdup (path);
  g_ptr_array_sort (entries, compare_entries);
  reading.n_files = entries->len;
  if (!read_entries (entries, &reading, error) || !sort_out (self, entries, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

typedef struct {
  char             *path;
  LacunaPhotoCache *cache;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  lacuna_photo_cache_unref (self->cache);
  g_free (self);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;
  LacunaPhotoFolder *folder = lacuna_photo_folder_read (request->path, request->cache, NULL, NULL, cancellable, &error);

  if (folder != NULL)
    g_task_return_pointer (task, folder, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
lacuna_photo_folder_read_async (const char *path, LacunaPhotoCache *cache, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Request *request = g_new (Request, 1);

  *request = (Request){ g_strdup (path), lacuna_photo_cache_ref (cache) };
  g_task_set_source_tag (task, lacuna_photo_folder_read_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, read_in_thread);
}

LacunaPhotoFolder *
lacuna_photo_folder_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lacuna_photo_folder_read_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *const *
lacuna_photo_folder_get_photos (LacunaPhotoFolder *self)
{
  return (const char *const *) self->photos->pdata;
}

guint
lacuna_photo_folder_get_n_photos (LacunaPhotoFolder *self)
{
  return self->photos->len - 1;
}

guint
lacuna_photo_folder_get_n_skipped (LacunaPhotoFolder *self)
{
  return self->skipped->len;
}

const char *
lacuna_photo_folder_get_skipped (LacunaPhotoFolder *self, guint i, const char **ret_reason)
{
  const Entry *entry = self->skipped->pdata[i];

  if (ret_reason != NULL)
    *ret_reason = entry->reason;
  return entry->path;
}

/* A photo with its place in a shuffle that others coming and going does not change. */
typedef struct {
  const char *path;
  char       *place;
} Ticket;

static int
compare_tickets (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Ticket *) a)->place, ((const Ticket *) b)->place);
}

static void
ticket_clear (gpointer data)
{
  g_free (((Ticket *) data)->place);
}

static GArray *
shuffle (LacunaPhotoFolder *self, guint32 seed)
{
  GArray *tickets = g_array_new (FALSE, FALSE, sizeof (Ticket));

  g_array_set_clear_func (tickets, ticket_clear);
  for (guint i = 0; i < lacuna_photo_folder_get_n_photos (self); i++)
    {
      Ticket ticket = { .path = self->photos->pdata[i] };
      g_autofree char *text = g_strdup_printf ("%u %s", seed, ticket.path + strlen (self->path));

      ticket.place = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
      g_array_append_val (tickets, ticket);
    }
  g_array_sort (tickets, compare_tickets);
  return tickets;
}

static guint
count_held_out (guint n)
{
  return CLAMP (n / HELD_OUT_SHARE, 1, MAX_HELD_OUT);
}

guint
lacuna_photo_folder_get_n_held_out (LacunaPhotoFolder *self)
{
  guint n = lacuna_photo_folder_get_n_photos (self);

  return n > 1 ? count_held_out (n) : 0;
}

void
lacuna_photo_folder_split (LacunaPhotoFolder *self, guint32 seed, GPtrArray **ret_learnt, GPtrArray **ret_held_out)
{
  g_autoptr (GArray) tickets = shuffle (self, seed);
  guint n_held_out = count_held_out (tickets->len);
  GPtrArray *learnt = g_ptr_array_new (), *held_out = g_ptr_array_new ();

  for (guint i = 0; i < tickets->len; i++)
    {
      char *path = (char *) g_array_index (tickets, Ticket, i).path;

      if (i < n_held_out)
        g_ptr_array_add (held_out, path);
      if (i >= n_held_out || tickets->len == 1)
        g_ptr_array_add (learnt, path);
    }
  *ret_learnt = learnt;
  *ret_held_out = held_out;
}

static void
lacuna_photo_folder_finalize (GObject *object)
{
  LacunaPhotoFolder *self = LACUNA_PHOTO_FOLDER (object);

  g_free (self->path);
  g_ptr_array_unref (self->photos);
  g_ptr_array_unref (self->skipped);
  G_OBJECT_CLASS (lacuna_photo_folder_parent_class)->finalize (object);
}

static void
lacuna_photo_folder_class_init (LacunaPhotoFolderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = lacuna_photo_folder_finalize;
}

static void
lacuna_photo_folder_init (LacunaPhotoFolder *self)
{
  self->photos = g_ptr_array_new_with_free_func (g_free);
  self->skipped = g_ptr_array_new_with_free_func (entry_free);
}

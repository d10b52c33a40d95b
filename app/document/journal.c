/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Steps that follow one another within that many milliseconds are written together. */
#define DELAY 300
#define VERSION 1

typedef struct {
  GPtrArray *steps; /* of LacunaStep */
  guint      position;
} Snapshot;

struct _LacunaJournal {
  char   *path; /* the folder, NULL before the first write */
  char   *photo_path;
  gint64  photo_size, photo_time;
  int     width, height;
  int     lock;

  GMutex      mutex; /* held while the folder is written to, over what follows */
  GHashTable *files; /* of each LacunaStep on disk: its file's name */
  guint       next;
  gboolean    discarded;

  Snapshot           *pending;
  guint               timeout;
  gboolean            running;
  LacunaJournalFailed failed;
  gpointer            failed_data;
};

static void
snapshot_free (Snapshot *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self);
}

static gpointer
copy_step (gconstpointer step, gpointer data)
{
  return lacuna_step_ref ((LacunaStep *) step);
}

static Snapshot *
snapshot_new (const LacunaHistory *history)
{
  Snapshot *self = g_new (Snapshot, 1);

  self->steps = g_ptr_array_copy (history->steps, copy_step, NULL);
  g_ptr_array_set_free_func (self->steps, (GDestroyNotify) lacuna_step_unref);
  self->position = history->position;
  return self;
}

char *
lacuna_journal_get_root (void)
{
  return g_build_filename (g_get_user_state_dir (), "lacuna", "sessions", NULL);
}

int
lacuna_journal_lock (const char *session)
{
  g_autofree char *path = g_build_filename (session, "lock", NULL);
  int lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0)
    {
      close (lock);
      return -1;
    }
  return lock;
}

void
lacuna_journal_remove (const char *session)
{
  g_autoptr (GDir) folder = g_dir_open (session, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (session, name, NULL);

      g_unlink (path);
    }
  g_rmdir (session);
}

static void
find_photo (const char *path, gint64 *ret_size, gint64 *ret_time)
{
  GStatBuf status = { 0 };

  if (path != NULL)
    g_stat (path, &status);
  *ret_size = status.st_size;
  *ret_time = status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
}

static LacunaJournal *
journal_new (LacunaPhoto *photo)
{
  LacunaJournal *self = g_atomic_rc_box_new0 (LacunaJournal);

  self->photo_path = g_strdup (lacuna_photo_get_path (photo));
  self->width = lacuna_photo_get_width (photo);
  self->height = lacuna_photo_get_height (photo);
  find_photo (self->photo_path, &self->photo_size, &self->photo_time);
  self->lock = -1;
  g_mutex_init (&self->mutex);
  self->files = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) lacuna_step_unref, g_free);
  return self;
}

LacunaJournal *
lacuna_journal_new (LacunaPhoto *photo, LacunaJournalFailed failed, gpointer data)
{
  LacunaJournal *self = journal_new (photo);

  lacuna_journal_set_failed (self, failed, data);
  return self;
}

void
lacuna_journal_set_failed (LacunaJournal *self, LacunaJournalFailed failed, gpointer data)
{
  self->failed = failed;
  self->failed_data = data;
}

static void
journal_clear (gpointer data)
{
  LacunaJournal *self = data;

  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->pending, snapshot_free);
  g_hash_table_unref (self->files);
  g_mutex_clear (&self->mutex);
  g_free (self->photo_path);
  g_free (self->path);
}

static void
journal_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, journal_clear);
}

static gboolean
write_file (const char *path, gconstpointer data, gsize size, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (lacuna_publish (path, data, size, LACUNA_PUBLISH_PRIVATE, &problem))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("The session can't be kept for the case of a crash: %s. Free space there, and save your work."),
               problem->message);
  return FALSE;
}

static gboolean
write_step (LacunaJournal *self, LacunaStep *step, GError **error)
{
  g_autofree char *name = g_strdup_printf ("step-%u", self->next);
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autoptr (GVariant) variant = g_variant_ref_sink (lacuna_step_serialize (step));

  if (!write_file (path, g_variant_get_data (variant), g_variant_get_size (variant), error))
    return FALSE;
  self->next++;
  g_hash_table_insert (self->files, lacuna_step_ref (step), g_steal_pointer (&name));
  return TRUE;
}

static char *
describe (LacunaJournal *self, const Snapshot *snapshot)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const struct { const char *name; gint64 value; } numbers[] = {
    { "version", VERSION },       { "photo-size", self->photo_size }, { "photo-time", self->photo_time },
    { "width", self->width },     { "height", self->height },         { "position", snapshot->position },
    { "next", self->next },
  };
  gint64 n_fills = 0;

  json_builder_begin_object (builder);
  json_builder_add_string_value (json_builder_set_member_name (builder, "photo"), self->photo_path);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_builder_add_int_value (json_builder_set_member_name (builder, numbers[i].name), numbers[i].value);
  json_builder_begin_array (json_builder_set_member_name (builder, "steps"));
  for (guint i = 0; i < snapshot->steps->len; i++)
    {
      LacunaStep *step = snapshot->steps->pdata[i];

      n_fills += i < snapshot->position && step->retouch != NULL;
      json_builder_add_string_value (builder, g_hash_table_lookup (self->files, step));
    }
  json_builder_end_array (builder);
  json_builder_add_int_value (json_builder_set_member_name (builder, "fills"), n_fills);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

static void
remove_forgotten (LacunaJournal *self, const Snapshot *snapshot)
{
  GHashTableIter iter;
  gpointer step, name;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &step, &name))
    {
      g_autofree char *path = g_build_filename (self->path, name, NULL);

      if (g_ptr_array_find (snapshot->steps, step, NULL))
        continue;
      g_unlink (path);
      g_hash_table_iter_remove (&iter);
    }
}

static gboolean
make_folder (LacunaJournal *self, GError **error)
{
  g_autofree char *root = lacuna_journal_get_root ();
  g_autofree char *id = g_uuid_string_random ();

  self->path = g_build_filename (root, id, NULL);
  if (g_mkdir_with_parents (self->path, 0700) == 0)
    self->lock = lacuna_journal_lock (self->path);
  if (self->lock >= 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("The session can't be kept for the case of a crash: no file can be made in “%s” (%s)."), self->path,
               g_strerror (errno));
  g_clear_pointer (&self->path, g_free);
  return FALSE;
}

static gboolean
write_snapshot (LacunaJournal *self, const Snapshot *snapshot, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *json = NULL, *path = NULL;

  if (self->discarded)
    return TRUE;
  if (self->path == NULL && !make_folder (self, error))
    return FALSE;
  for (guint i = 0; i < snapshot->steps->len; i++)
    if (!g_hash_table_contains (self->files, snapshot->steps->pdata[i])
        && !write_step (self, snapshot->steps->pdata[i], error))
      return FALSE;
  json = describe (self, snapshot);
  path = g_build_filename (self->path, "session.json", NULL);
  if (!write_file (path, json, strlen (json), error))
    return FALSE;
  remove_forgotten (self, snapshot);
  return TRUE;
}

static void start (LacunaJournal *self);

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaJournal *self = data;
  g_autoptr (GError) error = NULL;

  self->running = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error) && self->failed != NULL)
    self->failed (error, self->failed_data);
  if (self->pending != NULL && self->timeout == 0)
    start (self);
  journal_unref (self);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LacunaJournal *self = g_object_get_data (G_OBJECT (task), "journal");
  GError *error = NULL;

  if (write_snapshot (self, data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start (LacunaJournal *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_written, g_atomic_rc_box_acquire (self));

  self->running = TRUE;
  g_object_set_data (G_OBJECT (task), "journal", self);
  g_task_set_task_data (task, g_steal_pointer (&self->pending), (GDestroyNotify) snapshot_free);
  g_task_run_in_thread (task, write_in_thread);
}

static gboolean
on_timeout (gpointer data)
{
  LacunaJournal *self = data;

  self->timeout = 0;
  if (!self->running)
    start (self);
  return G_SOURCE_REMOVE;
}

void
lacuna_journal_save (LacunaJournal *self, const LacunaHistory *history)
{
  g_clear_pointer (&self->pending, snapshot_free);
  self->pending = snapshot_new (history);
  if (self->timeout == 0)
    self->timeout = g_timeout_add (DELAY, on_timeout, self);
}

void
lacuna_journal_discard (LacunaJournal *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  self->discarded = TRUE;
  if (self->path != NULL)
    lacuna_journal_remove (self->path);
}

void
lacuna_journal_free (LacunaJournal *self)
{
  if (self == NULL)
    return;
  self->failed = NULL;
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->pending != NULL)
    write_snapshot (self, self->pending, NULL);
  g_clear_pointer (&self->pending, snapshot_free);
  journal_unref (self);
}

static LacunaStep *
read_step (const char *session, const char *name, int width, int height)
{
  g_autofree char *path = g_build_filename (session, name, NULL);
  g_autoptr (GVariant) variant = NULL;
  char *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, NULL))
    return NULL;
  variant = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("(sv)"), data, size, FALSE, g_free, data));
  return g_variant_is_normal_form (variant) ? lacuna_step_deserialize (variant, width, height) : NULL;
}

static gboolean
read_steps (LacunaJournal *self, JsonObject *object, LacunaHistory *history)
{
  JsonNode *list = json_object_get_member (object, "steps");
  JsonArray *steps = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;

  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonNode *node = json_array_get_element (steps, i);
      const char *name = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      /* It is a file of the session's folder, and no path. */
      LacunaStep *step = name != NULL && strchr (name, '/') == NULL ? read_step (self->path, name, self->width, self->height) : NULL;

      if (step == NULL)
        return FALSE;
      g_ptr_array_add (history->steps, step);
      g_hash_table_insert (self->files, lacuna_step_ref (step), g_strdup (name));
    }
  history->position = CLAMP (json_object_get_int_member_with_default (object, "position", 0), 0, history->steps->len);
  self->next = json_object_get_int_member_with_default (object, "next", history->steps->len);
  return TRUE;
}

static gboolean
check_photo (LacunaJournal *self, JsonObject *object, GError **error)
{
  if (json_object_get_int_member_with_default (object, "photo-size", -1) == self->photo_size
      && json_object_get_int_member_with_default (object, "photo-time", -1) == self->photo_time
      && json_object_get_int_member_with_default (object, "width", -1) == self->width
      && json_object_get_int_member_with_default (object, "height", -1) == self->height)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("The session does not fit “%s”, which was changed since. Put the old photo back, or discard it."),
               self->photo_path);
  return FALSE;
}

LacunaJournal *
lacuna_journal_open (const char *session, LacunaPhoto *photo, LacunaHistory *ret_history, GError **error)
{
  g_autoptr (LacunaJournal) self = journal_new (photo);
  g_autofree char *path = g_build_filename (session, "session.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  LacunaHistory history;
  JsonNode *root;

  self->path = g_strdup (session);
  self->lock = lacuna_journal_lock (session);
  if (self->lock < 0)
    {
      g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The session is open in another window."));
      return NULL;
    }
  json_parser_load_from_file (parser, path, NULL);
  root = json_parser_get_root (parser);
  lacuna_history_init (&history);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) || !read_steps (self, json_node_get_object (root), &history))
    {
      lacuna_history_clear (&history);
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("The session of “%s” is damaged. Discard it and begin again."), self->photo_path);
      return NULL;
    }
  if (!check_photo (self, json_node_get_object (root), error))
    {
      lacuna_history_clear (&history);
      return NULL;
    }
  *ret_history = history;
  return g_steal_pointer (&self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes and reads the files of a session's folder. session.json is replaced once all files that it names are there,
 * and before those that it no longer names are removed, so that the program may be killed at any moment. Writing
 * holds the journal's mutex and runs in a GTask's thread, but in the main loop where a journal is freed without
 * having been ended; lacuna_journal_open() runs in the thread that opens a photo, which alone has the journal then. */
#include "app/document/journal-private.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/document/preview.h"
#include "app/document/session.h"
#include "engine/json.h"
#include "engine/lacuna.h"

#define VERSION 2
/* How long to wait for a lock, in µs: a program that was killed holds its locks until its memory is freed. */
#define PATIENCE (2 * G_USEC_PER_SEC)
#define PAUSE 20000 /* µs */

static gboolean
set_kept_error (GError **error, const char *why)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("What you do to the photo can't be kept: %s. Free space there, and save the photo."), why);
  return FALSE;
}

static gboolean
write_file (const char *path, gconstpointer data, gsize size, GError **error)
{
  g_autoptr (GError) problem = NULL;

  return lacuna_publish (path, data, size, LACUNA_PUBLISH_PRIVATE, &problem)
         || set_kept_error (error, problem->message);
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

/* Writes the model that was learnt under a name of its own, unless it is there. */
static gboolean
write_learnt (LacunaJournal *self, const LacunaSnapshot *snapshot, char **ret_name, GError **error)
{
  g_autofree char *name = NULL, *path = NULL;

  if (snapshot->learnt == NULL || snapshot->learnt == self->learnt)
    {
      *ret_name = snapshot->learnt != NULL ? g_strdup (self->learnt_name) : NULL;
      return TRUE;
    }
  name = g_strdup_printf (LACUNA_LESSON_KEPT "%u.safetensors", self->next);
  path = g_build_filename (self->path, name, NULL);
  if (!write_file (path, g_bytes_get_data (snapshot->learnt, NULL), g_bytes_get_size (snapshot->learnt), error))
    return FALSE;
  self->next++;
  *ret_name = g_steal_pointer (&name);
  return TRUE;
}

/* What was learnt is now the file of that name, or nothing: what was there before is removed. Takes name. */
static void
take_learnt (LacunaJournal *self, const LacunaSnapshot *snapshot, char *name)
{
  if (self->learnt_name != NULL && g_strcmp0 (self->learnt_name, name) != 0)
    {
      g_autofree char *path = g_build_filename (self->path, self->learnt_name, NULL);

      g_unlink (path);
    }
  if (snapshot->learnt != self->learnt)
    g_clear_pointer (&self->learnt_path, g_free);
  g_free (self->learnt_name);
  self->learnt_name = name;
  g_clear_pointer (&self->learnt, g_bytes_unref);
  self->learnt = snapshot->learnt != NULL ? g_bytes_ref (snapshot->learnt) : NULL;
}

static GPtrArray *
list_retouches (const LacunaSnapshot *snapshot)
{
  const LacunaHistory history = { snapshot->steps, snapshot->position };

  return lacuna_history_list_retouches (&history, snapshot->position);
}

static const char *
get_state (const LacunaSnapshot *snapshot, GPtrArray *retouches)
{
  gboolean saved = retouches->len == snapshot->saved->len;

  for (guint i = 0; saved && i < retouches->len; i++)
    saved = retouches->pdata[i] == snapshot->saved->pdata[i];
  if (snapshot->position == 0)
    return snapshot->learnt != NULL ? "learnt" : "undone";
  return snapshot->marked || retouches->len == 0 ? "marked" : saved ? "saved" : "filled";
}

/* Returns the file name of the step with that retouch; an empty string where no step has it any more. */
static const char *
find_name (LacunaJournal *self, const LacunaSnapshot *snapshot, const LacunaRetouch *retouch)
{
  for (guint i = 0; retouch != NULL && i < snapshot->steps->len; i++)
    if (((LacunaStep *) snapshot->steps->pdata[i])->retouch == retouch)
      return g_hash_table_lookup (self->files, snapshot->steps->pdata[i]);
  return "";
}

static void
add_lists (LacunaJournal *self, const LacunaSnapshot *snapshot, JsonBuilder *builder)
{
  json_builder_begin_array (json_builder_set_member_name (builder, "steps"));
  for (guint i = 0; i < snapshot->steps->len; i++)
    json_builder_add_string_value (builder, g_hash_table_lookup (self->files, snapshot->steps->pdata[i]));
  json_builder_end_array (builder);
  json_builder_begin_array (json_builder_set_member_name (builder, "saved"));
  for (guint i = 0; i < snapshot->saved->len; i++)
    json_builder_add_string_value (builder, find_name (self, snapshot, snapshot->saved->pdata[i]));
  json_builder_end_array (builder);
}

static void
add_learnt (LacunaJournal *self, const LacunaSnapshot *snapshot, const char *name, JsonBuilder *builder)
{
  gboolean is_as_read = self->learnt_path != NULL && snapshot->learnt == self->learnt;

  json_builder_begin_object (json_builder_set_member_name (builder, "learnt"));
  json_builder_add_string_value (json_builder_set_member_name (builder, "file"), name);
  json_builder_add_string_value (json_builder_set_member_name (builder, "model"),
                                 is_as_read ? self->learnt_path : snapshot->model);
  json_builder_add_double_value (json_builder_set_member_name (builder, "before"), snapshot->before);
  json_builder_add_double_value (json_builder_set_member_name (builder, "after"), snapshot->after);
  json_builder_add_boolean_value (json_builder_set_member_name (builder, "used"), snapshot->use_learnt);
  json_builder_end_object (builder);
}

/* learnt: the name of the model's file, or NULL. */
static char *
describe (LacunaJournal *self, const LacunaSnapshot *snapshot, const char *learnt)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GPtrArray) retouches = list_retouches (snapshot);
  g_autofree char *uri = g_filename_to_uri (self->photo_path, NULL, NULL);
  const struct {
    const char *name;
    gint64 value;
  } numbers[] = {
    { "version", VERSION },   { "photo-size", self->print.size }, { "photo-time", self->print.time },
    { "width", self->width }, { "height", self->height },         { "position", snapshot->position },
    { "next", self->next },
  };
  const struct {
    const char *name;
    const char *value;
  } words[] = {
    { "photo", uri },
    { "photo-sum", self->print.sum },
    { "file", self->name },
    { "state", get_state (snapshot, retouches) },
  };

  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    json_builder_add_string_value (json_builder_set_member_name (builder, words[i].name),
                                   words[i].value ? words[i].value : "");
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_builder_add_int_value (json_builder_set_member_name (builder, numbers[i].name), numbers[i].value);
  json_builder_add_boolean_value (json_builder_set_member_name (builder, "filling"), snapshot->filling);
  if (learnt != NULL)
    add_learnt (self, snapshot, learnt, builder);
  add_lists (self, snapshot, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

static void
remove_forgotten (LacunaJournal *self, const LacunaSnapshot *snapshot)
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
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autofree char *id = g_uuid_string_random ();

  self->path = g_build_filename (root, id, NULL);
  if (g_mkdir_with_parents (self->path, 0700) == 0)
    self->lock = lacuna_session_lock (self->path);
  if (self->lock >= 0)
    return TRUE;
  set_kept_error (error, g_strerror (errno));
  g_clear_pointer (&self->path, g_free);
  return FALSE;
}

static GBytes *
read_photo (LacunaJournal *self, GError **error)
{
  g_autofree char *copy = self->copied ? g_build_filename (self->path, self->name, NULL) : NULL;
  g_autoptr (GError) problem = NULL;
  char *data;
  gsize size;

  if (self->content != NULL)
    return g_bytes_ref (self->content);
  if (!g_file_get_contents (copy != NULL ? copy : self->photo_path, &data, &size, &problem))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The photo can't be read: %s."), problem->message);
  else if (copy == NULL && !lacuna_fingerprint_is_fresh (&self->print, self->photo_path))
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("What you do to “%s” can't be kept, as the file was changed since it was opened. Save the photo under "
             "another name."),
          self->photo_path);
      g_free (data);
    }
  else
    return g_bytes_new_take (data, size);
  return NULL;
}

GBytes *
lacuna_journal_read_photo (LacunaJournal *self, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return read_photo (self, error);
}

static gboolean
copy_photo (LacunaJournal *self, GError **error)
{
  g_autoptr (GBytes) content = read_photo (self, error);
  g_autofree char *path = g_build_filename (self->path, self->name, NULL);

  if (content == NULL || !write_file (path, g_bytes_get_data (content, NULL), g_bytes_get_size (content), error))
    return FALSE;
  if (self->print.sum == NULL)
    self->print.sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  g_clear_pointer (&self->content, g_bytes_unref);
  self->copied = TRUE;
  return TRUE;
}

/* Draws the session's picture if a fill was added or undone. Failing is no error: the work is kept without a
 * picture. */
static void
draw_preview (LacunaJournal *self, const LacunaSnapshot *snapshot)
{
  g_autoptr (GPtrArray) retouches = list_retouches (snapshot);
  g_autofree char *path = g_build_filename (self->path, "preview.png", NULL);
  g_autoptr (GBytes) png = NULL;
  int width, height;

  if (!snapshot->last && self->n_drawn == retouches->len + 1)
    return;
  lacuna_preview_get_size (self->width, self->height, &width, &height);
  if (self->small == NULL)
    self->small
        = lacuna_photo_resample (self->photo, (LacunaBox){ 0, 0, self->width, self->height }, width, height, NULL);
  if (self->small == NULL)
    return;
  png = lacuna_preview_draw (self->small, self->width, self->height, retouches, snapshot->marks);
  self->n_drawn = retouches->len + 1;
  lacuna_publish (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), LACUNA_PUBLISH_PRIVATE, NULL);
}

gboolean
lacuna_journal_secure_photo (LacunaJournal *self, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->copied || ((self->path != NULL || make_folder (self, error)) && copy_photo (self, error));
}

static gboolean
write_steps (LacunaJournal *self, const LacunaSnapshot *snapshot, GError **error)
{
  for (guint i = 0; i < snapshot->steps->len; i++)
    if (!g_hash_table_contains (self->files, snapshot->steps->pdata[i])
        && !write_step (self, snapshot->steps->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Takes on the fingerprint of the photo's file after the document saved over it. */
static void
identify (LacunaJournal *self, const LacunaFingerprint *known)
{
  if (known->size == self->print.size && known->time == self->print.time)
    return;
  lacuna_fingerprint_clear (&self->print);
  self->print = *known;
  if (lacuna_fingerprint_is_fresh (known, self->photo_path))
    self->print.sum = lacuna_fingerprint_sum (self->photo_path);
}

/* What session.json names goes first, then that, then what nothing needs. */
static gboolean
write_all (LacunaJournal *self, const LacunaSnapshot *snapshot, GError **error)
{
  g_autofree char *json = NULL, *path = NULL, *learnt = NULL;

  if (self->path == NULL && !make_folder (self, error))
    return FALSE;
  if (!self->copied && !copy_photo (self, error))
    return FALSE;
  if (!write_steps (self, snapshot, error) || !write_learnt (self, snapshot, &learnt, error))
    return FALSE;
  identify (self, &snapshot->known);
  json = describe (self, snapshot, learnt);
  path = g_build_filename (self->path, "session.json", NULL);
  if (!write_file (path, json, strlen (json), error))
    return FALSE;
  remove_forgotten (self, snapshot);
  take_learnt (self, snapshot, g_steal_pointer (&learnt));
  draw_preview (self, snapshot);
  return TRUE;
}

gboolean
lacuna_journal_write (LacunaJournal *self, const LacunaSnapshot *snapshot, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (snapshot->number < self->written)
    return TRUE;
  self->written = snapshot->number;
  if (!snapshot->last || snapshot->steps->len > 0 || snapshot->learnt != NULL)
    return write_all (self, snapshot, error);
  if (self->path != NULL)
    lacuna_publish_remove (self->path);
  return TRUE;
}

gboolean
lacuna_journal_may_be_in (LacunaJournal *self, const char *path)
{
  gboolean is_in;

  if (!g_mutex_trylock (&self->mutex))
    return TRUE;
  is_in = g_strcmp0 (self->path, path) == 0;
  g_mutex_unlock (&self->mutex);
  return is_in;
}

void
lacuna_journal_release (LacunaJournal *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->written = G_MAXUINT;
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
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

/* NULL: not a name. */
static const char *
get_name (JsonArray *list, guint i)
{
  const char *name = lacuna_json_node_get_text (json_array_get_element (list, i), NULL);

  /* It is a file of the session's folder, and no path. */
  return name != NULL && strchr (name, '/') == NULL ? name : NULL;
}

static gboolean
read_steps (LacunaJournal *self, JsonObject *object, LacunaHistory *history)
{
  JsonArray *steps = lacuna_json_get_array (object, "steps");

  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      const char *name = get_name (steps, i);
      LacunaStep *step = name != NULL ? read_step (self->path, name, self->width, self->height) : NULL;

      if (step == NULL)
        return FALSE;
      g_ptr_array_add (history->steps, step);
      g_hash_table_insert (self->files, lacuna_step_ref (step), g_strdup (name));
    }
  history->position = lacuna_json_get_int (object, "position", 0, history->steps->len, 0);
  self->next = lacuna_json_get_int (object, "next", 0, G_MAXUINT, history->steps->len);
  return TRUE;
}

static void
read_saved (LacunaJournal *self, JsonObject *object, LacunaWork *work)
{
  JsonArray *saved = lacuna_json_get_array (object, "saved");

  for (guint i = 0; saved != NULL && i < json_array_get_length (saved); i++)
    {
      const char *name = get_name (saved, i);
      LacunaRetouch *retouch = NULL;

      for (guint j = 0; j < work->history.steps->len; j++)
        {
          LacunaStep *step = work->history.steps->pdata[j];

          if (g_strcmp0 (g_hash_table_lookup (self->files, step), name) == 0 && step->retouch != NULL)
            retouch = lacuna_retouch_ref (step->retouch);
        }
      g_ptr_array_add (work->saved, retouch);
    }
}

/* What was filled by the model at path was filled by that of the lesson. */
static void
take_over (LacunaWork *work, const char *path)
{
  for (guint i = 0; i < work->history.steps->len; i++)
    {
      LacunaStep *step = work->history.steps->pdata[i];

      if (step->model != NULL && g_strcmp0 (step->model, path) == 0)
        lacuna_step_set_model (step, lacuna_lesson_get_model (work->lesson));
    }
}

/* FALSE: the session names a model that can't be read. */
static gboolean
read_learnt (LacunaJournal *self, JsonObject *object, LacunaWork *work)
{
  JsonObject *learnt = lacuna_json_get_object (object, "learnt");
  const char *name = learnt != NULL ? lacuna_json_get_text (learnt, "file", NULL) : NULL;
  g_autofree char *path = NULL;
  char *data;
  gsize size;

  if (learnt == NULL)
    return TRUE;
  path = name != NULL && strchr (name, '/') == NULL ? g_build_filename (self->path, name, NULL) : NULL;
  if (path == NULL || !g_file_get_contents (path, &data, &size, NULL))
    return FALSE;
  self->learnt = g_bytes_new_take (data, size);
  self->learnt_name = g_strdup (name);
  work->lesson = lacuna_lesson_new_over (path, self->learnt, lacuna_json_get_number (learnt, "before", 0.0),
                                         lacuna_json_get_number (learnt, "after", 0.0));
  work->use_learnt = lacuna_json_get_flag (learnt, "used");
  self->learnt_path = g_strdup (lacuna_json_get_text (learnt, "model", NULL));
  take_over (work, self->learnt_path);
  return TRUE;
}

static gboolean
await_lock (LacunaJournal *self, GError **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while ((self->lock = lacuna_session_lock (self->path)) < 0 && g_get_monotonic_time () < end)
    g_usleep (PAUSE);
  if (self->lock < 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("The work on “%s” is open in another window. Close it there."), self->photo_path);
  return self->lock >= 0;
}

static gboolean
set_damaged (LacunaJournal *self, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("What was done to “%s” is damaged."), self->photo_path);
  return FALSE;
}

static gboolean
read_all (LacunaJournal *self, GCancellable *cancellable, LacunaWork *work, GError **error)
{
  g_autofree char *json = g_build_filename (self->path, "session.json", NULL), *file = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (JsonNode) root
      = g_file_get_contents (json, &text, &length, NULL) ? lacuna_json_parse (text, length, NULL) : NULL;
  JsonObject *object = lacuna_json_node_get_object (root);

  self->name = object != NULL ? g_strdup (lacuna_json_get_text (object, "file", NULL)) : NULL;
  if (self->name == NULL || strchr (self->name, '/') != NULL)
    return set_damaged (self, error);
  file = g_build_filename (self->path, self->name, NULL);
  self->photo = lacuna_photo_load (file, cancellable, error);
  if (self->photo == NULL)
    return FALSE;
  self->width = lacuna_photo_get_width (self->photo);
  self->height = lacuna_photo_get_height (self->photo);
  self->copied = TRUE;
  if (lacuna_json_get_int (object, "width", 0, G_MAXINT, -1) != self->width
      || lacuna_json_get_int (object, "height", 0, G_MAXINT, -1) != self->height
      || !read_steps (self, object, &work->history) || !read_learnt (self, object, work))
    return set_damaged (self, error);
  read_saved (self, object, work);
  work->filling = lacuna_json_get_flag (object, "filling");
  return TRUE;
}

/* Takes the fingerprint of the file that the session is about. Where another file lies there now, the session's own
 * size and time are kept, so that the difference still shows. */
static void
take_fingerprint (LacunaJournal *self, const LacunaFingerprint *photo)
{
  if (!lacuna_fingerprint_is_of (photo, self->photo_path))
    {
      self->print.size = self->known.size = photo->size;
      self->print.time = self->known.time = photo->time;
    }
  self->print.sum = g_strdup (photo->sum);
}

LacunaJournal *
lacuna_journal_open (const char *path, const char *photo_path, GCancellable *cancellable, LacunaPhoto **ret_photo,
                     LacunaWork *ret_work, GError **error)
{
  g_autoptr (LacunaSession) session = lacuna_session_read (path);
  g_autoptr (LacunaJournal) self = lacuna_journal_new (photo_path != NULL ? photo_path
                                                       : session != NULL  ? session->photo_path
                                                                          : path);
  LacunaWork work = { .saved = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref) };

  lacuna_history_init (&work.history);
  self->path = g_strdup (path);
  if (session != NULL)
    take_fingerprint (self, &session->photo);
  if (!await_lock (self, error) || !read_all (self, cancellable, &work, error))
    {
      lacuna_work_clear (&work);
      return NULL;
    }
  *ret_photo = g_object_ref (self->photo);
  *ret_work = work;
  return g_steal_pointer (&self);
}

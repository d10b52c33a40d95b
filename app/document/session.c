/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds, reads, forgets and removes the folders that sessions are kept in. A folder is forgotten, or removed as
 * unreadable from the list, only by who gets its lock, which a program holds as long as it has the session open.
 * There is no state but the files, so that any thread may call all of it: lists are made in a GTask's thread, and
 * the main loop forgets and restores. */
#include "app/document/session.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/json.h"
#include "engine/lacuna.h"

#define DAMAGED ".damaged"     /* ends the name of a session that was put aside */
#define FORGOTTEN ".forgotten" /* ends the name of one that can be restored yet */

static const char *const states[] = {
  [LACUNA_SESSION_UNDONE] = "undone",
  [LACUNA_SESSION_LEARNT] = "learnt",
  [LACUNA_SESSION_MARKED] = "marked",
  [LACUNA_SESSION_FILLED] = "filled",
  [LACUNA_SESSION_SAVED] = "saved",
};

void
lacuna_session_free (LacunaSession *self)
{
  if (self == NULL)
    return;
  lacuna_fingerprint_clear (&self->photo);
  g_free (self->path);
  g_free (self->photo_path);
  g_free (self->preview);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_free (self);
}

char *
lacuna_sessions_get_root (void)
{
  return g_build_filename (g_get_user_data_dir (), "lacuna", "sessions", NULL);
}

char *
lacuna_session_get_path (const char *id)
{
  g_autofree char *root = lacuna_sessions_get_root (), *name = g_path_get_basename (id);

  return g_build_filename (root, name, NULL);
}

int
lacuna_session_lock (const char *path)
{
  g_autofree char *file = g_build_filename (path, "lock", NULL);
  int lock = g_open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0)
    {
      close (lock);
      return -1;
    }
  return lock;
}

/* Renames the folder instead of removing it: what Lacuna can't read may still be of use to a person. */
void
lacuna_session_put_aside (const char *path)
{
  g_autofree char *aside = g_strconcat (path, DAMAGED, NULL);

  for (guint i = 2; g_rename (path, aside) != 0 && (errno == EEXIST || errno == ENOTEMPTY) && i < 100; i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s-%u" DAMAGED, path, i);
    }
}

static char *
get_forgotten_path (const char *path)
{
  return g_strconcat (path, FORGOTTEN, NULL);
}

gboolean
lacuna_session_forget (const char *path)
{
  g_autofree char *forgotten = get_forgotten_path (path);
  int lock = lacuna_session_lock (path);
  gboolean done = lock >= 0 && g_rename (path, forgotten) == 0;

  if (lock >= 0)
    close (lock);
  return done;
}

void
lacuna_session_restore (const char *path)
{
  g_autofree char *forgotten = get_forgotten_path (path);

  g_rename (forgotten, path);
}

void
lacuna_session_remove_forgotten (const char *path)
{
  g_autofree char *forgotten = get_forgotten_path (path);

  lacuna_publish_remove (forgotten);
}

static GDateTime *
get_time (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, 0, NULL, NULL);
  g_autoptr (GDateTime) time = info != NULL ? g_file_info_get_modification_date_time (info) : NULL;

  return time != NULL ? g_date_time_to_local (time) : g_date_time_new_now_local ();
}

static gsize
get_size (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  gsize size = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf status;

      if (g_stat (file, &status) == 0)
        size += status.st_size;
    }
  return size;
}

static LacunaSessionState
find_state (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (name, states[i]) == 0)
      return i;
  return LACUNA_SESSION_MARKED;
}

LacunaSession *
lacuna_session_read (const char *path)
{
  g_autofree char *json = g_build_filename (path, "session.json", NULL), *text = NULL;
  gsize length = 0;
  g_autoptr (JsonNode) root
      = g_file_get_contents (json, &text, &length, NULL) ? lacuna_json_parse (text, length, NULL) : NULL;
  JsonObject *object = lacuna_json_node_get_object (root);
  const char *uri = object != NULL ? lacuna_json_get_text (object, "photo", NULL) : NULL;
  char *photo = uri != NULL ? g_filename_from_uri (uri, NULL, NULL) : NULL;
  LacunaSession *self;

  if (photo == NULL)
    return NULL;
  self = g_new0 (LacunaSession, 1);
  self->path = g_strdup (path);
  self->photo_path = photo;
  self->photo.size = lacuna_json_get_int (object, "photo-size", 0, G_MAXINT64, -1);
  self->photo.time = lacuna_json_get_int (object, "photo-time", G_MININT64, G_MAXINT64, 0);
  self->photo.sum = g_strdup (lacuna_json_get_text (object, "photo-sum", NULL));
  self->preview = g_build_filename (path, "preview.png", NULL);
  self->state = find_state (lacuna_json_get_text (object, "state", NULL));
  self->time = get_time (json);
  self->size = get_size (path);
  return self;
}

/* Removes a folder into which nothing was written before the program was killed, and puts aside one that can't be
 * read. */
static void
clear_away (const char *path)
{
  g_autofree char *json = g_build_filename (path, "session.json", NULL);
  int lock = lacuna_session_lock (path);

  if (lock < 0)
    return;
  if (g_file_test (json, G_FILE_TEST_EXISTS))
    lacuna_session_put_aside (path);
  else
    lacuna_publish_remove (path);
  close (lock);
}

static int
compare_sessions (gconstpointer a, gconstpointer b)
{
  const LacunaSession *first = *(const LacunaSession *const *) a, *second = *(const LacunaSession *const *) b;

  return g_date_time_compare (second->time, first->time);
}

GPtrArray *
lacuna_sessions_list (void)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_session_free);
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, name, NULL);
      LacunaSession *session;

      if (g_str_has_suffix (name, DAMAGED) || g_str_has_suffix (name, FORGOTTEN))
        continue;
      session = lacuna_session_read (path);
      if (session != NULL)
        g_ptr_array_add (sessions, session);
      else
        clear_away (path);
    }
  g_ptr_array_sort (sessions, compare_sessions);
  return sessions;
}

gsize
lacuna_sessions_prune (GPtrArray *sessions)
{
  gsize size = 0;

  for (guint i = 0; i < sessions->len; i++)
    size += ((LacunaSession *) sessions->pdata[i])->size;
  for (guint i = sessions->len; i-- > 0;)
    {
      const LacunaSession *session = sessions->pdata[i];

      if (sessions->len <= LACUNA_SESSIONS_MOST && size <= LACUNA_SESSIONS_MOST_BYTES)
        break;
      if (session->state != LACUNA_SESSION_SAVED || !lacuna_session_forget (session->path))
        continue;
      lacuna_session_remove_forgotten (session->path);
      size -= session->size;
      g_ptr_array_remove_index (sessions, i);
    }
  return size;
}

void
lacuna_sessions_sweep (void)
{
  g_autofree char *root = lacuna_sessions_get_root ();
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, FORGOTTEN))
      {
        g_autofree char *path = g_build_filename (root, name, NULL);

        lacuna_publish_remove (path);
      }
}

/* Whether the file at path is the session's, which was moved there: nothing lies where it was, and the content is the
 * same. */
static gboolean
was_moved (const LacunaSession *session, const char *path)
{
  return !g_file_test (session->photo_path, G_FILE_TEST_EXISTS) && lacuna_fingerprint_is_of (&session->photo, path);
}

guint
lacuna_sessions_look_up (GPtrArray *sessions, const char *path, gboolean *ret_changed)
{
  gboolean changed = FALSE;
  guint i;

  for (i = 0; i < sessions->len; i++)
    {
      const LacunaSession *session = sessions->pdata[i];
      gboolean is_there = g_str_equal (session->photo_path, path);

      if (is_there ? lacuna_fingerprint_is_of (&session->photo, path) : was_moved (session, path))
        break;
      changed = changed || is_there;
    }
  *ret_changed = changed && i == sessions->len;
  return i;
}

LacunaSession *
lacuna_session_find (const char *path, gboolean *ret_changed)
{
  g_autoptr (GPtrArray) sessions = lacuna_sessions_list ();
  guint i = lacuna_sessions_look_up (sessions, path, ret_changed);

  return i < sessions->len ? g_ptr_array_steal_index (sessions, i) : NULL;
}

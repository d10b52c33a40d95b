/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/session.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <unistd.h>

#include "app/document/journal.h"

void
lacuna_session_free (LacunaSession *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->photo_path);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_free (self);
}

static GDateTime *
get_time (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, 0, NULL, NULL);
  g_autoptr (GDateTime) time = info != NULL ? g_file_info_get_modification_date_time (info) : NULL;

  return time != NULL ? g_date_time_to_local (time) : g_date_time_new_now_local ();
}

/* The object that the parser then holds, NULL where the file has none. */
static JsonObject *
read_object (JsonParser *parser, const char *json)
{
  JsonNode *root = json_parser_load_from_file (parser, json, NULL) ? json_parser_get_root (parser) : NULL;

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

char *
lacuna_session_get_photo_path (const char *path)
{
  g_autofree char *json = g_build_filename (path, "session.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = read_object (parser, json);

  return object != NULL ? g_strdup (json_object_get_string_member_with_default (object, "photo", NULL)) : NULL;
}

#define DAMAGED ".damaged" /* ends the name of a session that was put aside */

/* What can't be read may be of use to a person yet. */
static void
put_aside (const char *path)
{
  g_autofree char *aside = g_strconcat (path, DAMAGED, NULL);

  for (guint i = 2; g_rename (path, aside) != 0 && (errno == EEXIST || errno == ENOTEMPTY) && i < 100; i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s-%u" DAMAGED, path, i);
    }
}

/* NULL where there is nothing to recover. *ret_is_damaged: it can't be read. */
static LacunaSession *
session_read (const char *path, gboolean *ret_is_damaged)
{
  g_autofree char *json = g_build_filename (path, "session.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (LacunaSession) self = g_new0 (LacunaSession, 1);
  JsonObject *object = read_object (parser, json);

  if (object != NULL)
    self->photo_path = g_strdup (json_object_get_string_member_with_default (object, "photo", NULL));
  *ret_is_damaged = self->photo_path == NULL && g_file_test (json, G_FILE_TEST_EXISTS);
  if (self->photo_path == NULL || json_object_get_int_member_with_default (object, "position", 0) <= 0)
    return NULL;
  self->path = g_strdup (path);
  self->n_fills = json_object_get_int_member_with_default (object, "fills", 0);
  self->time = get_time (json);
  return g_steal_pointer (&self);
}

static int
compare_sessions (gconstpointer a, gconstpointer b)
{
  const LacunaSession *first = *(const LacunaSession * const *) a, *second = *(const LacunaSession * const *) b;

  return g_date_time_compare (second->time, first->time);
}

GPtrArray *
lacuna_sessions_list (void)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_session_free);
  g_autofree char *root = lacuna_journal_get_root ();
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (root, name, NULL);
      int lock = g_str_has_suffix (name, DAMAGED) ? -1 : lacuna_journal_lock (path);
      LacunaSession *session;
      gboolean is_damaged;

      if (lock < 0)
        continue;
      session = session_read (path, &is_damaged);
      if (session != NULL)
        g_ptr_array_add (sessions, session);
      else if (is_damaged)
        put_aside (path);
      else
        lacuna_journal_remove (path);
      close (lock);
    }
  g_ptr_array_sort (sessions, compare_sessions);
  return sessions;
}

void
lacuna_session_discard (const char *path)
{
  lacuna_journal_remove (path);
}

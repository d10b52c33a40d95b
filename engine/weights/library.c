#include "engine/weights/library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"
#include "engine/publish.h"
#include "engine/weights/models.h"

#define SUFFIX ".safetensors"

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "lacuna", "models", NULL);
}

/* The model's file in the user's folder; hidden: once it was removed. */
static char *
get_path (const char *model, gboolean hidden)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *file = g_strconcat (hidden ? ".removed-" : "", model, SUFFIX, NULL);

  return g_build_filename (folder, file, NULL);
}

static gboolean
is_taken (const char *name)
{
  g_autoptr (GPtrArray) models = lacuna_models_list ();
  g_autofree char *path = get_path (name, FALSE);

  for (guint i = 0; i < models->len; i++)
    if (g_str_equal (((LacunaModel *) models->pdata[i])->name, name))
      return TRUE;
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
copy (const char *from, const char *to, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (g_file_get_contents (from, &data, &size, &problem))
    return lacuna_publish (to, data, size, LACUNA_PUBLISH_DEFAULT, error);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("The model was not copied to “%s”: %s. Choose another folder, or free space."), to, problem->message);
  return FALSE;
}

static gboolean
check_generator (const char *path, GError **error)
{
  g_autoptr (LacunaWeights) weights = lacuna_weights_load (path, error);
  const LacunaWeightsEntry *first;

  if (weights == NULL)
    return FALSE;
  first = lacuna_weights_find (weights, "conv1.weight");
  if (first != NULL && first->n_dims == 4)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("“%s” holds no generator of this network. Choose a file of generator weights."), path);
  return FALSE;
}

char *
lacuna_library_import (const char *path, GError **error)
{
  g_autofree char *base = g_path_get_basename (path), *folder = get_folder (), *name = NULL, *to = NULL;

  if (!check_generator (path, error))
    return NULL;
  if (g_str_has_suffix (base, SUFFIX))
    base[strlen (base) - strlen (SUFFIX)] = '\0';
  name = g_strdup (base);
  for (guint i = 2; is_taken (name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", base, i);
    }
  to = get_path (name, FALSE);
  g_mkdir_with_parents (folder, 0700);
  return copy (path, to, error) ? g_steal_pointer (&name) : NULL;
}

gboolean
lacuna_library_export (const char *model, const char *path, GError **error)
{
  g_autofree char *from = lacuna_models_find (model, error);

  return from != NULL && copy (from, path, error);
}

static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("“%s” could not become “%s”: %s. See to it that the folder can be written to."), from, to,
               g_strerror (errno));
  return FALSE;
}

gboolean
lacuna_library_rename (const char *model, const char *name, GError **error)
{
  g_autofree char *from = get_path (model, FALSE), *to = get_path (name, FALSE);

  if (name[0] == '\0' || name[0] == '.' || strchr (name, '/') != NULL || g_str_has_suffix (name, SUFFIX))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” can't be the name of a model: it may not begin with a dot or have a slash."), name);
  else if (is_taken (name))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("There is a model “%s” already. Choose another name."),
                 name);
  else
    return move (from, to, error);
  return FALSE;
}

gboolean
lacuna_library_remove (const char *model, GError **error)
{
  g_autofree char *from = get_path (model, FALSE), *to = get_path (model, TRUE);

  return move (from, to, error);
}

gboolean
lacuna_library_restore (const char *model, GError **error)
{
  g_autofree char *from = get_path (model, TRUE), *to = get_path (model, FALSE);

  if (!is_taken (model))
    return move (from, to, error);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("The model “%s” was not brought back: there is another one of that name. Rename that first."), model);
  return FALSE;
}

void
lacuna_library_purge (const char *model)
{
  g_autofree char *path = get_path (model, TRUE);

  g_unlink (path);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library of models: files in the user's folder, which hide those of the same name in the installed ones. Nothing
 * is kept between two calls: each looks at the folders as they are. Any thread may call: the window lists on a worker
 * and on its main thread, and the engine's thread finds the model of a fill. */
#include "engine/weights/models.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/data.h"
#include "engine/error.h"
#include "engine/weights/architecture.h"
#include "engine/weights/model-name.h"
#include "engine/weights/weights.h"

#define SUFFIX ".safetensors"
#define DEFAULT_NAME "default"

G_DEFINE_BOXED_TYPE (LacunaModel, lacuna_model, lacuna_model_copy, lacuna_model_free)

LacunaModel *
lacuna_model_copy (const LacunaModel *self)
{
  LacunaModel *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->path = g_strdup (self->path);
  copy->title = g_strdup (self->title);
  copy->architecture = g_strdup (self->architecture);
  copy->license = g_strdup (self->license);
  return copy;
}

void
lacuna_model_free (LacunaModel *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->path);
  g_free (self->title);
  g_free (self->architecture);
  g_free (self->license);
  g_free (self);
}

const char *
lacuna_model_get_shown_name (const LacunaModel *self)
{
  if (!self->installed)
    return self->name;
  return strcmp (self->name, DEFAULT_NAME) == 0 ? _ ("Default") : self->title;
}

/* The folders of models, the user's first: a name is looked for in this order. */
static GPtrArray *
get_folders (void)
{
  GPtrArray *folders = lacuna_data_list_places ("models");

  g_ptr_array_insert (folders, 0, g_build_filename (g_get_user_data_dir (), "lacuna", "models", NULL));
  return folders;
}

/* Describes a model's file. NULL: it can't be read, or is no generator. */
static LacunaModel *
describe (const char *name, const char *path, gboolean installed)
{
  g_autoptr (LacunaWeights) weights = lacuna_weights_load (path, NULL);
  const LacunaWeightsEntry *first;
  LacunaArchitecture architecture;
  const char *title;
  LacunaModel *self;

  if (weights == NULL)
    return NULL;
  first = lacuna_weights_find (weights, "conv1.weight");
  if (!lacuna_architecture_find (lacuna_weights_get_metadata (weights, "architecture"), &architecture) || first == NULL
      || first->n_dims != 4)
    return NULL;

  title = lacuna_weights_get_metadata (weights, "name");
  self = g_new0 (LacunaModel, 1);
  self->name = g_strdup (name);
  self->path = g_strdup (path);
  self->title = g_strdup (title != NULL ? title : name);
  self->installed = installed;
  self->architecture = g_strdup (lacuna_architecture_get_name (architecture));
  self->width = first->dims[0];
  self->trained_side = lacuna_weights_get_number (weights, "trained_side", G_MAXUINT);
  self->trained_photos = lacuna_weights_get_number (weights, "trained_photos", G_MAXUINT);
  self->trained_images = lacuna_weights_get_number (weights, "trained_images", G_MAXUINT64);
  self->license = g_strdup (lacuna_weights_get_metadata (weights, "license"));
  return self;
}

static gboolean
has_name (gconstpointer model, gconstpointer name)
{
  return strcmp (((const LacunaModel *) model)->name, name) == 0;
}

static void
list_folder (GPtrArray *models, const char *folder, gboolean installed)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *name = NULL;
      g_autofree char *path = NULL;
      LacunaModel *model;

      if (file[0] == '.' || !g_str_has_suffix (file, SUFFIX))
        continue;
      name = g_strndup (file, strlen (file) - strlen (SUFFIX));
      if (g_ptr_array_find_with_equal_func (models, name, has_name, NULL))
        continue;
      path = g_build_filename (folder, file, NULL);
      model = describe (name, path, installed);
      if (model != NULL)
        g_ptr_array_add (models, model);
    }
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const LacunaModel *x = *(LacunaModel *const *) a, *y = *(LacunaModel *const *) b;
  gboolean x_default = strcmp (x->name, DEFAULT_NAME) == 0, y_default = strcmp (y->name, DEFAULT_NAME) == 0;

  return x_default != y_default ? y_default - x_default : strcmp (x->name, y->name);
}

GPtrArray *
lacuna_models_list (void)
{
  g_autoptr (GPtrArray) folders = get_folders ();
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_model_free);

  for (guint i = 0; i < folders->len; i++)
    list_folder (models, folders->pdata[i], i > 0);
  g_ptr_array_sort (models, compare);
  return models;
}

static void
set_unknown (const char *name, const char *user_folder, GError **error)
{
  g_autoptr (GPtrArray) models = lacuna_models_list ();
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < models->len; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", ((LacunaModel *) models->pdata[i])->name);
  if (models->len == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("There is no model “%s”, nor any other. Put one into “%s”, or name a file."), name, user_folder);
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("There is no model “%s”. Choose one of: %s."), name,
                 names->str);
}

char *
lacuna_models_find (const char *name, GError **error)
{
  g_autoptr (GPtrArray) folders = NULL;
  g_autofree char *file = NULL;

  if (name == NULL)
    name = DEFAULT_NAME;
  if (strchr (name, '/') != NULL || g_str_has_suffix (name, SUFFIX))
    return g_strdup (name);

  folders = get_folders ();
  file = g_strconcat (name, SUFFIX, NULL);
  for (guint i = 0; i < folders->len; i++)
    {
      g_autofree char *path = g_build_filename (folders->pdata[i], file, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  set_unknown (name, folders->pdata[0], error);
  return NULL;
}

char *
lacuna_models_get_user_path (const char *name)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (g_get_user_data_dir (), "lacuna", "models", file, NULL);
}

char *
lacuna_models_get_critics_path (const char *path)
{
  g_autofree char *file = g_path_get_basename (path), *own = NULL;
  gsize stem = strlen (path) - (g_str_has_suffix (path, SUFFIX) ? strlen (SUFFIX) : 0);

  own = g_build_filename (g_get_user_data_dir (), "lacuna", "models", file, NULL);
  if (strcmp (path, own) == 0)
    return g_build_filename (g_get_user_data_dir (), "lacuna", "critics", file, NULL);
  return g_strdup_printf ("%.*s-critics" SUFFIX, (int) stem, path);
}

gboolean
lacuna_models_check_name (const char *name, GError **error)
{
  g_autoptr (GPtrArray) models = NULL;

  if (name[0] == '\0' || name[0] == '.' || strlen (name) > 100 || strpbrk (name, "/\\") != NULL
      || !g_utf8_validate (name, -1, NULL) || g_str_has_suffix (name, SUFFIX))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("“%s” can't be the name of a model. Choose letters, digits and hyphens."), name);
      return FALSE;
    }
  models = lacuna_models_list ();
  for (guint i = 0; i < models->len; i++)
    {
      const LacunaModel *model = models->pdata[i];

      if (!model->installed || strcmp (model->name, name) != 0)
        continue;
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("“%s” is a model that came with the program. Choose another name."), name);
      return FALSE;
    }
  return TRUE;
}

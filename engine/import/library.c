/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports, renames and removes the user's own models. A removed model is the same file under a hidden name
 * (“.removed-”), from which it is restored until it is purged; critics follow their model in a second rename. The
 * window exports on a worker and changes names on its main thread; the command line does both on its main thread. */
#include "engine/import/library.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/library-private.h"
#include "engine/network/load.h"
#include "engine/weights/model-name.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

#define SUFFIX ".safetensors"

/* The model's file in the user's folder; hidden: once it was removed. */
static char *
get_path (const char *model, gboolean hidden)
{
  g_autofree char *name = g_strconcat (hidden ? ".removed-" : "", model, NULL);

  return lacuna_models_get_user_path (name);
}

static char *
get_critics_path (const char *model, gboolean hidden)
{
  g_autofree char *path = get_path (model, hidden);

  return lacuna_models_get_critics_path (path);
}

/* Whether a model has that name, or is shown by it, in letters of whatever case. */
static gboolean
is_taken (const char *name)
{
  g_autoptr (GPtrArray) models = lacuna_models_list ();
  g_autofree char *path = get_path (name, FALSE), *folded = g_utf8_casefold (name, -1);

  for (guint i = 0; i < models->len; i++)
    {
      const LacunaModel *model = models->pdata[i];
      g_autofree char *other = g_utf8_casefold (model->name, -1);
      g_autofree char *shown = g_utf8_casefold (lacuna_model_get_shown_name (model), -1);

      if (g_str_equal (folded, other) || g_str_equal (folded, shown))
        return TRUE;
    }
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

char *
lacuna_library_choose_name (const char *wish)
{
  g_autofree char *name = g_strdup (wish);

  for (guint i = 2; is_taken (name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", wish, i);
    }
  return g_steal_pointer (&name);
}

static LacunaWeightsType
choose_type (LacunaPrecision precision, LacunaWeightsType kept)
{
  switch (precision)
    {
    case LACUNA_PRECISION_FP32:
      return LACUNA_TYPE_F32;
    case LACUNA_PRECISION_FP16:
      return LACUNA_TYPE_F16;
    case LACUNA_PRECISION_KEPT:
    default:
      return kept;
    }
}

/* Layer i for RGB. */
static gboolean
export_layer (LacunaWeights *weights, guint i, LacunaNetwork network, LacunaPrecision precision,
              LacunaWeightsWriter *writer, GError **error)
{
  const LacunaConvForm form = lacuna_layer_get_form (i, network);
  const guint dims[] = { lacuna_conv_form_get_sums (&form), form.in, form.kernel, form.kernel };
  g_autofree char *weight_name = g_strconcat (lacuna_layer_get (i)->name, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (lacuna_layer_get (i)->name, ".bias", NULL);
  g_autofree float *bias = NULL;
  g_autofree float *weight = lacuna_layer_load (weights, i, network, &bias, error);
  LacunaWeightsType type;

  if (weight == NULL)
    return FALSE;
  type = choose_type (precision, lacuna_weights_find (weights, weight_name)->type);
  lacuna_weights_writer_add (writer, weight_name, type, 4, dims, weight);
  lacuna_weights_writer_add (writer, bias_name, type, 1, dims, bias);
  return TRUE;
}

gboolean
lacuna_models_export (const char *model, const char *path, LacunaPrecision precision, GError **error)
{
  g_autofree char *from = lacuna_models_find (model, error);
  g_autoptr (LacunaWeights) weights = from != NULL ? lacuna_weights_load (from, error) : NULL;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autofree const char **keys = NULL;
  LacunaNetwork network;

  if (weights != NULL && g_str_has_suffix (path, ".onnx"))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("Models are exported as safetensors, not as ONNX. Name a file that ends in .safetensors."));
      return FALSE;
    }
  if (weights == NULL || !lacuna_layers_check (weights, &network, error))
    return FALSE;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    if (!export_layer (weights, i, network, precision, writer, error))
      return FALSE;
  keys = lacuna_weights_list_metadata (weights);
  for (guint i = 0; keys[i] != NULL; i++)
    lacuna_weights_writer_set_metadata (writer, keys[i], lacuna_weights_get_metadata (weights, keys[i]));
  lacuna_weights_writer_set_metadata (writer, "channels", "RGB");
  return lacuna_weights_writer_save (writer, path, error);
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

/* Whether it is a model of the user's, as only these can be changed. */
static gboolean
check_own (const char *model, GError **error)
{
  g_autofree char *path = get_path (model, FALSE);

  if (strchr (model, '/') == NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
               is_taken (model) ? _ ("The model “%s” came with the program and can't be changed. Export it, and import "
                                     "the copy.")
                                : _ ("You have no model “%s” of your own. “lacuna models” lists all."),
               model);
  return FALSE;
}

/* A model, and its critics where it has some. */
static gboolean
move_model (const char *from, gboolean from_hidden, const char *to, gboolean to_hidden, GError **error)
{
  g_autofree char *old = get_path (from, from_hidden), *new = get_path (to, to_hidden);
  g_autofree char *old_critics = get_critics_path (from, from_hidden), *new_critics = get_critics_path (to, to_hidden);

  return move (old, new, error)
         && (!g_file_test (old_critics, G_FILE_TEST_EXISTS) || move (old_critics, new_critics, error));
}

gboolean
lacuna_models_rename (const char *model, const char *name, GError **error)
{
  if (name[0] == '\0' || name[0] == '.' || strchr (name, '/') != NULL || g_str_has_suffix (name, SUFFIX))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("“%s” can't be the name of a model: it may not begin with a dot or have a slash."), name);
  else if (is_taken (name))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("There is a model “%s” already. Choose another name."),
                 name);
  else
    return check_own (model, error) && move_model (model, FALSE, name, FALSE, error);
  return FALSE;
}

gboolean
lacuna_models_remove (const char *model, GError **error)
{
  return check_own (model, error) && move_model (model, FALSE, model, TRUE, error);
}

gboolean
lacuna_models_restore (const char *model, GError **error)
{
  g_autofree char *hidden = get_path (model, TRUE);

  if (is_taken (model))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("The model “%s” was not brought back: there is another one of that name. Rename that first."),
                 model);
  else if (strchr (model, '/') != NULL || !g_file_test (hidden, G_FILE_TEST_EXISTS))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("No model “%s” was removed that could be brought back."),
                 model);
  else
    return move_model (model, TRUE, model, FALSE, error);
  return FALSE;
}

void
lacuna_models_purge (const char *model)
{
  g_autofree char *path = get_path (model, TRUE), *critics = get_critics_path (model, TRUE);

  g_unlink (path);
  g_unlink (critics);
}

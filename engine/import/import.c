/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imports a model into the user's library. Every tensor is read and checked before a file is written, and the critics
 * are saved before the generator, so that a model that is listed is whole. Messages of the readers are parts of a
 * sentence, which is completed here. It runs on the thread of the import: a worker of the window, or the command line's
 * main thread. */
#include "engine/import/import.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/family.h"
#include "engine/import/library-private.h"
#include "engine/import/library.h"
#include "engine/import/open.h"
#include "engine/weights/model-name.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

/* Returns a name for a file of the library, made of the source's: of "snap-0" and the like that of its folder. */
static char *
derive_name (const char *source)
{
  g_autofree char *path = g_canonicalize_filename (source, NULL);
  g_autofree char *folder = g_path_get_dirname (path), *parent = g_path_get_basename (folder);
  g_autofree char *base = g_path_get_basename (path), *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot > base)
    *dot = '\0';
  name = g_utf8_make_valid (g_str_has_prefix (base, "snap-") || g_str_has_prefix (base, "model.ckpt") ? parent : base,
                            -1);
  g_strdelimit (name, "/\\", '-');
  if (name[0] == '.' || name[0] == '\0' || strlen (name) > 90)
    return g_strdup ("imported");
  return g_steal_pointer (&name);
}

static char *
choose_name (const char *wish, const char *source, GError **error)
{
  g_autofree char *derived = derive_name (source);
  g_autofree char *path = wish != NULL ? lacuna_models_get_user_path (wish) : NULL;

  if (wish == NULL)
    return lacuna_library_choose_name (derived);
  if (!lacuna_models_check_name (wish, error))
    return NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup (wish);
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("There is a model “%s” already. Choose another name."),
               wish);
  return NULL;
}

/* Sets the metadata: what the file tells of itself is kept, and what it does not tell is added. */
static void
set_metadata (LacunaWeightsWriter *writer, LacunaCheckpoint *checkpoint, const LacunaMatch *match, const char *source)
{
  g_autofree char *base = g_path_get_basename (source), *display = g_filename_display_name (base);
  g_autofree char *origin = g_strdup_printf ("%s: %s", lacuna_match_get_title (match), display);
  const LacunaConvForm first = lacuna_layer_get_form (0, match->network);
  g_autofree char *width = g_strdup_printf ("%u", lacuna_conv_form_get_sums (&first));
  const char *const known[][2] = {
    { "channels", lacuna_match_get_channels (match) },
    { "license", "unknown" },
    { "source", origin },
  };
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, checkpoint->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    lacuna_weights_writer_set_metadata (writer, key, value);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (!g_hash_table_contains (checkpoint->metadata, known[i][0]))
      lacuna_weights_writer_set_metadata (writer, known[i][0], known[i][1]);
  lacuna_weights_writer_set_metadata (writer, "architecture",
                                      lacuna_architecture_get_name (match->network.architecture));
  lacuna_weights_writer_set_metadata (writer, "cnum", width);
}

/* Checks that the architecture which the file names, if it names one, can be run; which of those it is the shapes
 * tell. */
static gboolean
check_architecture (LacunaCheckpoint *checkpoint, GError **error)
{
  const char *name = g_hash_table_lookup (checkpoint->metadata, "architecture");
  LacunaArchitecture ignored;

  if (lacuna_architecture_find (name, &ignored))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("its weights are of the architecture “%s”; only “%s” and “%s” can be run"), name,
               lacuna_architecture_get_name (LACUNA_ARCHITECTURE_V1),
               lacuna_architecture_get_name (LACUNA_ARCHITECTURE_V2));
  return FALSE;
}

/* Opens the checkpoint of a path, and checks that every tensor is known and there. */
static LacunaCheckpoint *
open_known (const char *path, char **ret_source, LacunaMatch *ret_match, GError **error)
{
  g_autofree char *source = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_checkpoint_open (path, &source, error);

  if (checkpoint == NULL || !check_architecture (checkpoint, error)
      || !lacuna_match_find (checkpoint, ret_match, error))
    return NULL;
  if (checkpoint->absent != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&checkpoint->absent));
      return NULL;
    }
  *ret_source = g_steal_pointer (&source);
  return g_steal_pointer (&checkpoint);
}

static gboolean
save (LacunaWeightsWriter *writer, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_mkdir_with_parents (folder, 0700);
  return lacuna_weights_writer_save (writer, path, error);
}

/* Both writers are filled before either is saved: a damaged file leaves nothing behind. */
static gboolean
write_model (LacunaCheckpoint *checkpoint, const LacunaMatch *match, const char *source, const char *name,
             GStrvBuilder *notes, GError **error)
{
  g_autoptr (LacunaWeightsWriter) generator = lacuna_weights_writer_new (), critics = lacuna_weights_writer_new ();
  g_autofree char *path = lacuna_models_get_user_path (name), *critics_path = lacuna_models_get_critics_path (path);
  guint n_critic_layers;

  if (!lacuna_match_write_generator (match, checkpoint, generator, error)
      || !lacuna_match_write_critics (match, checkpoint, critics, &n_critic_layers, error))
    return FALSE;
  set_metadata (generator, checkpoint, match, source);
  set_metadata (critics, checkpoint, match, source);
  if (n_critic_layers == LACUNA_MATCH_CRITIC_LAYERS && !save (critics, critics_path, error))
    return FALSE;
  if (n_critic_layers > 0 && n_critic_layers < LACUNA_MATCH_CRITIC_LAYERS)
    g_strv_builder_add (notes, _ ("Its critics are incomplete and were left out."));
  if (match->network.architecture == LACUNA_ARCHITECTURE_V2)
    g_strv_builder_add (notes,
                        _ ("Its convolutions are gated (DeepFill v2): it fills, but can't be the base of a training."));
  if (lacuna_match_get_note (match) != NULL)
    g_strv_builder_add (notes, lacuna_match_get_note (match));
  return save (generator, path, error);
}

char *
lacuna_models_import (const char *path, const char *name, char ***ret_notes, GError **error)
{
  g_autofree char *display = g_filename_display_name (path);
  g_autofree char *source = NULL, *chosen = NULL;
  g_auto (LacunaMatch) match = { 0 };
  g_autoptr (GError) reason = NULL;
  g_autoptr (LacunaCheckpoint) checkpoint = open_known (path, &source, &match, &reason);
  g_autoptr (GStrvBuilder) notes = g_strv_builder_new ();

  if (checkpoint != NULL)
    chosen = choose_name (name, source, error);
  if (checkpoint != NULL && chosen == NULL)
    return NULL;
  if (checkpoint != NULL && write_model (checkpoint, &match, source, chosen, notes, &reason))
    {
      *ret_notes = g_strv_builder_end (notes);
      return g_steal_pointer (&chosen);
    }
  g_set_error (error, reason->domain, reason->code, _ ("“%s” was not imported: %s%s"), display, reason->message,
               g_str_has_suffix (reason->message, ".") ? "" : ".");
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/keeper.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/publish.h"
#include "engine/train/options-private.h"
#include "engine/train/snapshot.h"
#include "engine/weights/architecture.h"
#include "engine/weights/models.h"
#include "engine/weights/weights.h"

static gboolean
make_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0755) == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s. Check your data folder."),
               folder, g_strerror (errno));
  return FALSE;
}

gboolean
lacuna_keeper_save_state (const LacunaTrainingProgress *progress, LacunaLearner *learner, GError **error)
{
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autofree char *path = lacuna_training_get_state_path (progress->name);
  g_autofree char *json = lacuna_training_progress_to_json (progress);

  lacuna_weights_writer_set_metadata (writer, "progress", json);
  return make_folder_of (path, error) && lacuna_learner_add_state (learner, writer, error)
         && lacuna_weights_writer_save (writer, path, error);
}

static void
set_number (LacunaWeightsWriter *writer, const char *key, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  lacuna_weights_writer_set_metadata (writer, key, g_ascii_formatd (text, sizeof text, "%.6g", number));
}

static void
set_count (LacunaWeightsWriter *writer, const char *key, guint64 count)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, count);

  lacuna_weights_writer_set_metadata (writer, key, text);
}

/* What came from the base: who made it is not forgotten. */
static void
set_parentage (LacunaWeightsWriter *writer, const LacunaTrainingProgress *progress)
{
  g_autofree char *path = lacuna_models_find (progress->base, NULL);
  g_autofree char *parent = path != NULL ? g_filename_display_basename (path) : NULL;
  g_autoptr (LacunaWeights) base = NULL;
  guint64 n_images = progress->step * progress->options.batch;
  const char *license;

  if (strcmp (progress->base, LACUNA_BASE_NONE) != 0 && path != NULL)
    base = lacuna_weights_load (path, NULL);
  if (base != NULL)
    {
      license = lacuna_weights_get_metadata (base, "license");
      if (license != NULL)
        lacuna_weights_writer_set_metadata (writer, "license", license);
      n_images += lacuna_weights_get_number (base, "trained_images", G_MAXINT64);
      /* A model may be given away: it tells no folders. */
      lacuna_weights_writer_set_metadata (writer, "parent", parent);
    }
  set_count (writer, "trained_images", n_images);
}

gboolean
lacuna_keeper_save_best (const LacunaTrainingProgress *progress, const LacunaHeldOutScore *score,
                         LacunaLearner *learner, GError **error)
{
  const LacunaTrainingOptions *options = &progress->options;
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  g_autofree char *path = lacuna_training_get_best_path (progress->name);

  lacuna_weights_writer_set_metadata (writer, "architecture", lacuna_architecture_get_name (LACUNA_ARCHITECTURE_V1));
  lacuna_weights_writer_set_metadata (writer, "channels", "RGB");
  lacuna_weights_writer_set_metadata (writer, "name", progress->name);
  set_parentage (writer, progress);
  set_count (writer, "trained_side", (lacuna_training_options_get_least_side (options) + options->side) / 2);
  set_count (writer, "trained_photos", progress->n_photos);
  set_number (writer, "held_out_l1", score->l1);
  set_number (writer, "held_out_psnr", score->psnr);
  set_number (writer, "held_out_l1_before", progress->before.l1);
  return make_folder_of (path, error) && lacuna_learner_add_average (learner, writer, LACUNA_TYPE_F16, error)
         && lacuna_weights_writer_save (writer, path, error);
}

/* The L1 of the weights that would be kept: the best ones, or, if none beat the base, the last that were looked at. */
static double
get_new_l1 (const LacunaTrainingProgress *progress)
{
  for (guint i = progress->points->len; progress->best_step == 0 && i-- > 0;)
    {
      double held_out = g_array_index (progress->points, LacunaTrainingPoint, i).held_out;

      if (isfinite (held_out))
        return held_out;
    }
  return progress->best.l1;
}

gboolean
lacuna_keeper_publish (const LacunaTrainingProgress *progress, gboolean worse, GError **error)
{
  g_autofree char *best = lacuna_training_get_best_path (progress->name);
  g_autofree char *path = lacuna_models_get_user_path (progress->name);
  g_autoptr (GError) reason = NULL;
  g_autofree char *content = NULL;
  gsize size;

  if (!worse && (progress->best_step == 0 || !(progress->best.l1 < progress->before.l1)))
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("The new model is not better than the one before: L1 %.3f %% in the holes of photos held out, and "
             "%.3f %% before. Nothing was replaced. Learn from more photos, longer, or at a lower rate."),
          get_new_l1 (progress), progress->before.l1);
      return FALSE;
    }
  if (!make_folder_of (path, error))
    return FALSE;
  if (!g_file_get_contents (best, &content, &size, &reason)
      || !lacuna_publish (path, content, size, LACUNA_PUBLISH_DEFAULT, &reason))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("The model “%s” can't be written: %s. Free some space, and keep it again."), progress->name,
                   reason->message);
      return FALSE;
    }
  lacuna_training_forget (progress->name);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a training has come, as JSON in its snapshot's metadata, and where snapshots lie. A snapshot comes from a
 * file: what it says is checked, and what it lacks gets a default; the name, of which paths are made, is never taken
 * from it. The owner's main thread loads, lists and forgets snapshots, and the engine's thread loads and writes them
 * during a run. */
#include "engine/train/snapshot.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/json.h"
#include "engine/publish.h"
#include "engine/train/lock.h"
#include "engine/train/options-private.h"
#include "engine/weights/weights.h"

#define STATE_FILE "state.safetensors"
#define BEST_FILE "best.safetensors"
#define PARTS "-parts"
#define MOST_STEPS G_MAXUINT32 /* or photos, or looks */

G_DEFINE_BOXED_TYPE (LacunaTrainingProgress, lacuna_training_progress, lacuna_training_progress_copy,
                     lacuna_training_progress_free)

LacunaTrainingProgress *
lacuna_training_progress_new (const char *name, const char *folder, const char *base,
                              const LacunaTrainingOptions *options)
{
  LacunaTrainingProgress *self = g_new0 (LacunaTrainingProgress, 1);

  self->name = g_strdup (name);
  self->folder = g_strdup (folder);
  self->base = g_strdup (base);
  self->options = *options;
  self->rate_factor = 1.0;
  self->points = g_array_new (FALSE, FALSE, sizeof (LacunaTrainingPoint));
  return self;
}

LacunaTrainingProgress *
lacuna_training_progress_copy (const LacunaTrainingProgress *self)
{
  LacunaTrainingProgress *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->folder = g_strdup (self->folder);
  copy->held_out_folder = g_strdup (self->held_out_folder);
  copy->base = g_strdup (self->base);
  copy->points = g_array_copy (self->points);
  return copy;
}

void
lacuna_training_progress_free (LacunaTrainingProgress *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->folder);
  g_free (self->held_out_folder);
  g_free (self->base);
  g_array_unref (self->points);
  g_free (self);
}

/* The losses in the order of a point's numbers. */
static void
list_losses (LacunaLosses *losses, double *ret_numbers[9])
{
  double *numbers[] = { &losses->l1,         &losses->reconstruction,
                        &losses->l1_coarse,  &losses->l1_refined,
                        &losses->wasserstein[0], &losses->wasserstein[1],
                        &losses->penalty[0], &losses->penalty[1],
                        &losses->adversarial };

  memcpy (ret_numbers, numbers, sizeof numbers);
}

static JsonArray *
describe_point (LacunaTrainingPoint *point)
{
  JsonArray *array = json_array_new ();
  double *numbers[9];

  list_losses (&point->losses, numbers);
  json_array_add_int_element (array, point->step);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    lacuna_json_add_number (array, *numbers[i]);
  lacuna_json_add_number (array, point->held_out);
  return array;
}

/* NAN, as what is not finite is written, where there is no number. */
static double
get_number (JsonNode *array, guint i)
{
  return lacuna_json_node_get_number (json_array_get_element (json_node_get_array (array), i), NAN);
}

static void
read_points (LacunaTrainingProgress *self, JsonArray *points)
{
  for (guint i = 0; points != NULL && i < json_array_get_length (points); i++)
    {
      JsonNode *node = json_array_get_element (points, i);
      LacunaTrainingPoint point = { 0 };
      double *numbers[9], step;

      if (!JSON_NODE_HOLDS_ARRAY (node)
          || json_array_get_length (json_node_get_array (node)) != 2 + G_N_ELEMENTS (numbers))
        continue;
      list_losses (&point.losses, numbers);
      step = get_number (node, 0);
      for (guint k = 0; k < G_N_ELEMENTS (numbers); k++)
        *numbers[k] = get_number (node, 1 + k);
      point.held_out = get_number (node, 1 + G_N_ELEMENTS (numbers));
      if (!(step >= 0.0 && step <= MOST_STEPS))
        continue;
      point.step = step;
      g_array_append_val (self->points, point);
    }
}

char *
lacuna_training_progress_to_json (const LacunaTrainingProgress *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonArray *points = json_array_new ();

  json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "folder", self->folder);
  if (self->held_out_folder != NULL)
    json_object_set_string_member (object, "held_out_folder", self->held_out_folder);
  json_object_set_string_member (object, "base", self->base);
  json_object_set_object_member (object, "options", lacuna_training_options_describe (&self->options));
  json_object_set_int_member (object, "step", self->step);
  lacuna_json_set_number (object, "seconds", self->seconds);
  lacuna_json_set_number (object, "rate_factor", self->rate_factor);
  json_object_set_int_member (object, "photos", self->n_photos);
  json_object_set_int_member (object, "held_out", self->n_held_out);
  lacuna_json_set_number (object, "l1_before", self->before.l1);
  lacuna_json_set_number (object, "psnr_before", self->before.psnr);
  lacuna_json_set_number (object, "l1_best", self->best.l1);
  lacuna_json_set_number (object, "psnr_best", self->best.psnr);
  json_object_set_int_member (object, "best_step", self->best_step);
  json_object_set_int_member (object, "idle", self->n_idle);
  json_object_set_boolean_member (object, "has_looked", self->has_looked);
  json_object_set_int_member (object, "looked_at", self->looked_at);
  for (guint i = 0; i < self->points->len; i++)
    json_array_add_array_element (points, describe_point (&g_array_index (self->points, LacunaTrainingPoint, i)));
  json_object_set_array_member (object, "points", points);
  root = json_node_init_object (json_node_alloc (), object);
  return json_to_string (root, FALSE);
}

static guint
get_count (JsonObject *object, const char *name)
{
  return lacuna_json_get_int (object, name, 0, MOST_STEPS, 0);
}

LacunaTrainingProgress *
lacuna_training_progress_from_json (const char *json, GError **error)
{
  g_autoptr (LacunaTrainingProgress) self = NULL;
  g_autoptr (JsonNode) root = lacuna_json_parse (json, strlen (json), NULL);
  JsonObject *object = lacuna_json_node_get_object (root);
  JsonObject *options = object != NULL ? lacuna_json_get_object (object, "options") : NULL;
  LacunaTrainingOptions values;

  if (options == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("The snapshot doesn't tell how far the training had come. Start it anew."));
      return NULL;
    }
  lacuna_training_options_init (&values, LACUNA_PRESET_QUICK, FALSE);
  lacuna_training_options_read (&values, options);
  if (!lacuna_training_options_check (&values, error))
    return NULL;
  self = lacuna_training_progress_new (lacuna_json_get_text (object, "name", ""),
                                       lacuna_json_get_text (object, "folder", ""),
                                       lacuna_json_get_text (object, "base", ""), &values);
  self->held_out_folder = g_strdup (lacuna_json_get_text (object, "held_out_folder", NULL));
  self->step = get_count (object, "step");
  self->seconds = lacuna_json_get_number (object, "seconds", 0.0);
  self->rate_factor = lacuna_json_get_number (object, "rate_factor", 1.0);
  self->n_photos = get_count (object, "photos");
  self->n_held_out = get_count (object, "held_out");
  self->before.l1 = lacuna_json_get_number (object, "l1_before", 0.0);
  self->before.psnr = lacuna_json_get_number (object, "psnr_before", 0.0);
  self->best.l1 = lacuna_json_get_number (object, "l1_best", 0.0);
  self->best.psnr = lacuna_json_get_number (object, "psnr_best", 0.0);
  self->best_step = get_count (object, "best_step");
  self->n_idle = get_count (object, "idle");
  self->has_looked = lacuna_json_get_flag (object, "has_looked");
  self->looked_at = get_count (object, "looked_at");
  read_points (self, lacuna_json_get_array (object, "points"));
  return g_steal_pointer (&self);
}

static char *
get_path (const char *name, const char *file)
{
  return g_build_filename (g_get_user_data_dir (), "lacuna", "training", name, file, NULL);
}

char *
lacuna_training_get_state_path (const char *name)
{
  return get_path (name, STATE_FILE);
}

char *
lacuna_training_get_best_path (const char *name)
{
  return get_path (name, BEST_FILE);
}

LacunaTrainingProgress *
lacuna_training_progress_load (const char *name, LacunaWeights **ret_state, GError **error)
{
  g_autofree char *path = lacuna_training_get_state_path (name);
  g_autoptr (LacunaTrainingProgress) self = NULL;
  g_autoptr (LacunaWeights) state = NULL;
  const char *json;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("There is no snapshot of a training of “%s” to go on from. Start it anew."), name);
      return NULL;
    }
  state = lacuna_weights_load (path, error);
  if (state == NULL)
    return NULL;
  json = lacuna_weights_get_metadata (state, "progress");
  self = lacuna_training_progress_from_json (json != NULL ? json : "", error);
  if (self == NULL)
    return NULL;
  /* Paths are made of it: what the file says is not to be trusted. */
  g_free (self->name);
  self->name = g_strdup (name);
  if (ret_state != NULL)
    *ret_state = g_steal_pointer (&state);
  return g_steal_pointer (&self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
lacuna_training_list (void)
{
  g_autofree char *folder = get_path (NULL, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *state = lacuna_training_get_state_path (name);

      if (!g_str_has_prefix (name, LACUNA_TRAINING_PHOTO) && g_file_test (state, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

void
lacuna_training_forget (const char *name)
{
  g_autofree char *state = lacuna_training_get_state_path (name);
  g_autofree char *best = lacuna_training_get_best_path (name);
  g_autofree char *folder = get_path (name, NULL);

  g_unlink (state);
  g_unlink (best);
  g_rmdir (folder);
}

char *
lacuna_training_get_parts_path (const char *name)
{
  g_autofree char *folder = g_strconcat (name, PARTS, NULL);

  return get_path (folder, NULL);
}

void
lacuna_training_forget_photos (void)
{
  g_autofree char *room = get_path (NULL, NULL);
  g_autoptr (GDir) dir = g_dir_open (room, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *owner = g_strndup (name, strlen (name) - (g_str_has_suffix (name, PARTS) ? strlen (PARTS) : 0));
      g_autofree char *path = get_path (name, NULL);
      g_autoptr (LacunaTrainingLock) lock = NULL;

      if (g_str_has_prefix (name, LACUNA_TRAINING_PHOTO) && (lock = lacuna_training_lock_take (owner, NULL)) != NULL)
        lacuna_publish_remove (path);
    }
}

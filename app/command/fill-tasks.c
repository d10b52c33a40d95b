/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the list of tasks of “lacuna fill” from its operands: a photo, its mask, and what is to be written, for each
 * task. In a list that it returns no two photos have the same path as output, standard input is named once at most,
 * and no input is overwritten without --force. A task owns its strings, except for folder and patch, which are the
 * request's. The main thread runs all of it. */
#include "app/command/fill-tasks.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "app/command/file-use.h"
#include "app/command/pairs.h"
#include "app/command/standard.h"

static void
task_free (gpointer data)
{
  LacunaFillTask *self = data;

  g_free (self->photo);
  g_free (self->mask);
  g_free (self->output);
  g_free (self->stages);
  g_free (self->provenance);
  g_free (self);
}

/* Whether nothing that is read is overwritten, unless that is wanted, and nothing is written twice. */
static gboolean
check_files (GPtrArray *tasks, const LacunaFillRequest *request)
{
  g_autoptr (LacunaFileUse) use = lacuna_file_use_new ();
  g_autoptr (GPtrArray) steering = lacuna_steer_list_files (&request->choices.steer);
  const char *wanted = request->choices.model;
  g_autofree char *model = wanted != NULL ? lacuna_models_find (wanted, NULL) : NULL;

  lacuna_file_use_read (use, model);
  for (guint i = 0; i < steering->len; i++)
    lacuna_file_use_read (use, steering->pdata[i]);
  for (guint i = 0; i < tasks->len; i++)
    {
      const LacunaFillTask *task = tasks->pdata[i];

      lacuna_file_use_read (use, task->photo);
      lacuna_file_use_read (use, task->mask);
      lacuna_file_use_write (use, task->output);
      lacuna_file_use_write (use, task->patch);
      lacuna_file_use_export (use, LACUNA_EXPORT_STAGES, task->stages);
      lacuna_file_use_export (use, LACUNA_EXPORT_PROVENANCE, task->provenance);
    }
  return lacuna_file_use_check (use, &request->force);
}

static gboolean
is_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* Takes mask. */
static LacunaFillTask *
add_task (GPtrArray *tasks, const char *photo, char *mask)
{
  LacunaFillTask *task = g_new0 (LacunaFillTask, 1);

  task->photo = g_strdup (photo);
  task->mask = mask;
  task->is_named = TRUE;
  g_ptr_array_add (tasks, task);
  return task;
}

/* Makes tasks of operands that are photos and masks in turn. */
static gboolean
pair_operands (GPtrArray *tasks, const LacunaFillRequest *request)
{
  guint n = g_strv_length (request->operands);

  if (n % 2 != 0)
    {
      lacuna_command_reject (is_folder (request->operands[0])
                                 ? _ ("The masks of the photos in the folder are missing: --masks MASKS.")
                                 : _ ("A photo and its mask are needed, for each photo one."));
      return FALSE;
    }
  for (guint i = 0; i < n; i += 2)
    add_task (tasks, request->operands[i], g_strdup (request->operands[i + 1]));
  return TRUE;
}

/* Makes tasks of operands that are photos and folders of photos, whose masks --masks tells. */
static LacunaExit
find_photos (GPtrArray *tasks, const LacunaFillRequest *request)
{
  for (char **operand = request->operands; *operand != NULL; operand++)
    {
      g_autoptr (GPtrArray) pairs = NULL;
      g_autoptr (GError) error = NULL;

      if (!is_folder (*operand))
        {
          add_task (tasks, *operand,
                    lacuna_standard_is_meant (request->masks) ? g_strdup (request->masks)
                                                              : lacuna_pair_find_mask (*operand, request->masks));
          continue;
        }
      pairs = lacuna_pairs_list (*operand, request->masks, &error);
      if (pairs == NULL)
        {
          lacuna_command_complain ("%s", error->message);
          return LACUNA_EXIT_FAILED;
        }
      for (guint i = 0; i < pairs->len; i++)
        {
          const LacunaPair *pair = pairs->pdata[i];

          add_task (tasks, pair->photo, g_strdup (pair->mask))->is_named = FALSE;
        }
    }
  return LACUNA_EXIT_DONE;
}

/* Whether standard input is wanted once at most, and by a photo that has no need of a name. */
static gboolean
check_input (GPtrArray *tasks, gboolean in_folder)
{
  guint n = 0;

  for (guint i = 0; i < tasks->len; i++)
    {
      const LacunaFillTask *task = tasks->pdata[i];

      if (in_folder && lacuna_standard_is_meant (task->photo))
        {
          lacuna_command_reject (
              _ ("A photo from standard input has no name to be written under in a folder: -o OUT."));
          return FALSE;
        }
      n += lacuna_standard_is_meant (task->photo) + lacuna_standard_is_meant (task->mask);
    }
  if (n > 1)
    lacuna_command_reject (_ ("Standard input holds one photo or one mask: “-” can be named once."));
  return n <= 1;
}

/* Whether standard output can be what it is to be: one photo, and nothing else. */
static gboolean
check_output (GPtrArray *tasks, const LacunaFillRequest *request)
{
  if (tasks->len > 1)
    lacuna_command_reject (_ ("Standard output holds one photo. Several need a folder: -o FOLDER/."));
  else if (request->json || request->explain)
    lacuna_command_reject (_ ("The photo goes to standard output, where nothing else can go: leave out --%s, or name a "
                              "file with -o."),
                           request->json ? "json" : "explain");
  else if (isatty (STDOUT_FILENO))
    lacuna_command_reject (
        _ ("Standard output is a terminal, which can't show a photo. Lead it into a file or a program."));
  else
    return TRUE;
  return FALSE;
}

/* Returns the folder for the stages or the provenance of a photo: with several photos, one in `folder` for each. */
static char *
name_folder (const char *folder, const char *photo, guint n_photos)
{
  return folder != NULL && n_photos > 1 ? g_build_filename (folder, photo, NULL) : g_strdup (folder);
}

/* Sets where each photo, its stages and its provenance are written. FALSE: that can't be, which was said. */
static gboolean
name_outputs (GPtrArray *tasks, const LacunaFillRequest *request, gboolean has_folder)
{
  gboolean is_standard = lacuna_standard_is_meant (request->output);
  gboolean in_folder = request->output != NULL && !is_standard
                       && (has_folder || g_str_has_suffix (request->output, "/") || is_folder (request->output));

  if (!check_input (tasks, in_folder) || (is_standard && !check_output (tasks, request)))
    return FALSE;
  if (tasks->len > 1 && request->output != NULL && !in_folder)
    {
      lacuna_command_reject (_ ("Several photos need a folder: -o “%s/”."), request->output);
      return FALSE;
    }
  for (guint i = 0; i < tasks->len; i++)
    {
      LacunaFillTask *task = tasks->pdata[i];
      g_autofree char *name = g_path_get_basename (task->photo);

      task->output = in_folder ? g_build_filename (request->output, name, NULL) : g_strdup (request->output);
      task->folder = in_folder ? request->output : NULL;
      task->stages = name_folder (request->stages, name, tasks->len);
      task->provenance = name_folder (request->provenance, name, tasks->len);
      task->patch = request->patch;
    }
  if (request->patch != NULL && tasks->len > 1)
    {
      lacuna_command_reject (_ ("--patch holds one photo with its patch. Fill one photo at a time."));
      return FALSE;
    }
  return check_files (tasks, request);
}

GPtrArray *
lacuna_fill_tasks_new (const LacunaFillRequest *request, LacunaExit *ret_code)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  gboolean has_folder = FALSE;

  *ret_code = LACUNA_EXIT_WRONG_USE;
  if (request->operands == NULL)
    {
      lacuna_command_reject (request->masks != NULL ? _ ("A photo or a folder of photos is needed.")
                                                    : _ ("A photo and its mask are needed."));
      return NULL;
    }
  if (request->output == NULL
      && (!request->explain || request->stages != NULL || request->provenance != NULL || request->patch != NULL
          || request->record))
    {
      lacuna_command_reject (_ ("Where to write is missing: -o OUT."));
      return NULL;
    }
  if (request->masks == NULL && !pair_operands (tasks, request))
    return NULL;
  if (request->masks != NULL)
    {
      LacunaExit code = find_photos (tasks, request);

      if (code != LACUNA_EXIT_DONE)
        {
          *ret_code = code;
          return NULL;
        }
      for (char **operand = request->operands; *operand != NULL; operand++)
        has_folder |= is_folder (*operand);
    }
  return name_outputs (tasks, request, has_folder) ? g_steal_pointer (&tasks) : NULL;
}

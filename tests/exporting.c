/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests how the window's dialogs for files are answered. The oracle is which files there are then, and under which names. */
#include "tests/in-window.h"

#include <glib/gstdio.h>

/* There is one at most. */
static GtkWidget *
find_file_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *dialog = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (!GTK_IS_FILE_CHOOSER_DIALOG (window) || !gtk_widget_get_mapped (window))
        continue;
      g_assert_null (dialog);
      dialog = window;
    }
  return dialog;
}

static gboolean
is_in (GtkFileChooser *dialog, GFile *folder)
{
  g_autoptr (GFile) current = gtk_file_chooser_get_current_folder (dialog);

  return current != NULL && g_file_equal (current, folder);
}

/* Answers the dialog of the action by "marks" in folder, which is the photo's: in another one GTK 4.18 would lose what it
 * has listed of the first. */
static void
save_marks (LacunaWindow *window, const char *action, GFile *folder)
{
  GtkWidget *dialog;

  WAIT_UNTIL (is_enabled (window, action));
  for (guint i = 0; i < 2; i++)
    g_action_group_activate_action (G_ACTION_GROUP (window), action, NULL);
  WAIT_UNTIL (find_file_dialog () != NULL);
  WAIT_UNTIL (is_in (GTK_FILE_CHOOSER (find_file_dialog ()), folder));
  settle ();
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (find_file_dialog ()), "marks");
  for (settle (); (dialog = find_file_dialog ()) != NULL; settle ())
    gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
}

/* What is there already is overwritten after a question alone. */
static void
check_overwriting (LacunaWindow *window, GFile *folder, const char *mask)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (mask, "kept", -1, NULL));
  save_marks (window, "export-mask", folder);
  answer ("cancel");
  settle ();
  g_assert_true (g_file_get_contents (mask, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "kept");
  save_marks (window, "export-mask", folder);
  answer ("overwrite");
  do
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (content);
      g_assert_true (g_file_get_contents (mask, &content, NULL, NULL));
  } while (g_str_equal (content, "kept"));
}

static void
note_enabled (GActionGroup *group, const char *action, gboolean enabled, gpointer was_enabled)
{
  *(gboolean *) was_enabled |= enabled;
}

/* Copies the sample into a folder; back: removes it from there. */
static void
copy_sample (const char *folder, gboolean back)
{
  const char *names[] = { "zion-tunnel.jpg", "zion-tunnel.mask.png" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GFile) sample = g_file_new_build_filename (g_getenv ("LACUNA_DATA"), "samples", names[i], NULL);
      g_autoptr (GFile) copy = g_file_new_build_filename (folder, names[i], NULL);

      g_assert_true (back ? g_file_delete (copy, NULL, NULL)
                          : g_file_copy (sample, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
    }
}

/* Fills by a small model: how well it does is no matter. */
static void
fill_quickly (LacunaWindow *window)
{
  GSettings *settings = lacuna_services_get_settings (lacuna_application_get_services (application));
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);

  g_settings_set_string (settings, "model", model);
  WAIT_UNTIL (is_enabled (window, "fill"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.fill", NULL);
  WAIT_UNTIL (is_enabled (window, "export-attention-array"));
  g_settings_reset (settings, "model");
}

/* A name without suffix gets one. */
static void
test_suffix (void)
{
  LacunaWindow *window;
  g_autofree char *path = g_dir_make_tmp ("lacuna-exporting-XXXXXX", NULL);
  g_autofree char *mask = g_build_filename (path, "marks.png", NULL);
  g_autofree char *project = g_build_filename (path, "marks.lacuna", NULL);
  g_autofree char *numbers = g_build_filename (path, "marks.npy", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  gboolean could_be_cancelled = FALSE;

  if (gtk_get_minor_version () >= 10 && g_getenv ("LACUNA_SANITIZED") != NULL)
    {
      g_test_skip ("newer GTK loses what its dialog has listed, which counts as a leak");
      g_rmdir (path);
      return;
    }
  window = make_window (1000);
  copy_sample (path, FALSE);
  open_in (window, path);
  save_marks (window, "export-mask", folder);
  WAIT_UNTIL (g_file_test (mask, G_FILE_TEST_EXISTS));

  /* A newer GTK adds the suffix of the kind of file itself, and asks itself. */
  if (gtk_get_minor_version () < 10)
    check_overwriting (window, folder, mask);

  /* As long as it is written, a project can be cancelled; that may be over by the time that the dialog is gone. */
  g_signal_connect (window, "action-enabled-changed::cancel-save", G_CALLBACK (note_enabled), &could_be_cancelled);
  save_marks (window, "save-project", folder);
  WAIT_UNTIL (could_be_cancelled && !is_enabled (window, "cancel-save"));
  g_assert_true (g_file_test (project, G_FILE_TEST_EXISTS));

  fill_quickly (window);
  /* For the shares of a place, one would have to point there. */
  gtk_widget_activate_action (GTK_WIDGET (window), "view.attention", "s", "flow");
  save_marks (window, "export-attention-array", folder);
  g_assert_true (g_file_test (numbers, G_FILE_TEST_EXISTS));
  gtk_window_destroy (GTK_WINDOW (window));
  g_remove (numbers);
  g_remove (mask);
  g_remove (project);
  copy_sample (path, TRUE);
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  init_application (&argc, &argv);
  g_test_add_func ("/exporting/suffix", test_suffix);
  return run_tests ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/window/application.h"

#include <stdio.h>

#include "app/window/window.h"

/* Windows within the test's own process, on the samples of the data folder. */

static LacunaApplication *application;
static G_GNUC_UNUSED GtkWidget *found; /* by what walk() calls */

#define WAIT_UNTIL(condition)                        \
  G_STMT_START                                       \
    while (!(condition))                             \
      g_main_context_iteration (NULL, TRUE);         \
  G_STMT_END

static inline LacunaWindow *
make_window (int width)
{
  LacunaServices *services = lacuna_application_get_services (application);
  LacunaWindow *window;

  g_settings_set_int (lacuna_services_get_settings (services), "window-width", width);
  window = lacuna_window_new (GTK_APPLICATION (application), services);
  gtk_window_present (GTK_WINDOW (window));
  WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (window)) > 0);
  return window;
}

static inline gboolean
is_enabled (LacunaWindow *window, const char *action)
{
  g_assert_true (g_action_group_has_action (G_ACTION_GROUP (window), action));
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), action);
}

/* Opens the sample that lies in a folder, with its mask. */
static inline void
open_in (LacunaWindow *window, const char *folder)
{
  g_autofree char *photo = g_build_filename (folder, "zion-tunnel.jpg", NULL);
  g_autofree char *mask = g_build_filename (folder, "zion-tunnel.mask.png", NULL);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.open-sample", "(ss)", photo, mask);
  WAIT_UNTIL (lacuna_window_get_document (window) != NULL
              && lacuna_document_has_hole (lacuna_window_get_document (window))
              && !lacuna_document_get_busy (lacuna_window_get_document (window)));
}

static inline void
open_sample (LacunaWindow *window)
{
  g_autofree char *folder = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", NULL);

  open_in (window, folder);
}

static inline void
settle (void)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

/* Opens the sample of that name without its mask. */
static inline void
open_photo (LacunaWindow *window, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("LACUNA_DATA"), "samples", name, NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const char *uris[] = { uri, NULL };

  gtk_widget_activate_action (GTK_WIDGET (window), "win.open-files", "^as", uris);
  WAIT_UNTIL (lacuna_window_get_document (window) != NULL
              && lacuna_document_is_of (lacuna_window_get_document (window), path));
  settle ();
}

/* Of what is in the window, which itself asks for no width. */
static inline int
get_least_width (LacunaWindow *window)
{
  GtkWidget *elastic = adw_application_window_get_content (ADW_APPLICATION_WINDOW (window));
  int width;

  gtk_widget_measure (gtk_widget_get_first_child (elastic), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

static inline AdwMessageDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

/* As a click on that button does. */
static inline void
answer (const char *response)
{
  AdwMessageDialog *dialog;

  WAIT_UNTIL (find_dialog () != NULL);
  dialog = find_dialog ();
  adw_message_dialog_response (dialog, response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Calls check for widget and all below it. */
static inline void
walk (GtkWidget *widget, void (*check) (GtkWidget *widget))
{
  check (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    walk (child, check);
}

/* What newer libraries warn of among themselves: libadwaita 1.7 measures the labels of its own message dialogs in a way
 * of which GTK 4.18 warns; in GTK 4.24's own animations time goes backward, and it tells itself of frames twice. */
static inline gboolean
is_known (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      const char *message = fields[i].value;
      gpointer label;

      if (!g_str_equal (fields[i].key, "MESSAGE"))
        continue;
      if (sscanf (message, "Trying to measure GtkLabel %p for", &label) == 1)
        return gtk_widget_get_ancestor (label, ADW_TYPE_MESSAGE_DIALOG) != NULL;
      return g_str_has_prefix (message, "gtk_svg_advance: time went backward")
             || g_str_has_prefix (message, "gdk_frame_timings_submitted() called on submitted frame");
    }
  return FALSE;
}

/* All other warnings are fatal, as G_DEBUG asks. */
static inline GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if ((level & G_LOG_LEVEL_WARNING) && is_known (fields, n_fields))
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

static inline void
init_application (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_init (argc, argv, NULL);
  application = lacuna_application_new ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
}

static inline int
run_tests (void)
{
  int status = g_test_run ();

  g_object_unref (application);
  return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/complain.h"

#include <glib/gi18n.h>

#define LAST_TOAST "lacuna-last-toast"
#define WAITING    "lacuna-waiting" /* of a toast that waits */
#define TELLING    "telling" /* class of an overlay that shows a toast */
#define GOING 400 /* milliseconds: longer than a toast takes to go */

/* Of paths between any language's quotation marks or brackets, their folders. */
static GRegex *
match_folders (void)
{
  static const char *const pairs[][2] = { { "“", "”" }, { "„", "“" }, { "‘", "’" }, { "«", "»" }, { "»", "«" },
                                          { "「", "」" }, { "『", "』" }, { "(", ")" }, { "\"", "\"" } };
  g_autofree char *cache = g_regex_escape_string (g_get_user_cache_dir (), -1);
  g_autoptr (GString) pattern = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      const char *open = pairs[i][0], *close = pairs[i][1];

      g_string_append_printf (pattern, "%s(?<=[%s])(?!%s/)/[^%s]*/(?=[^/%s])", i > 0 ? "|" : "", open, cache, close,
                              close);
    }
  return g_regex_new (pattern->str, 0, 0, NULL);
}

char *
lacuna_name_files (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  g_autoptr (GRegex) folders = match_folders ();

  return g_regex_replace_literal (folders, valid, -1, 0, "", 0, NULL);
}

void
lacuna_complain (GtkWidget *widget, const char *heading, const GError *error)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (!GTK_IS_WINDOW (root) || !gtk_widget_get_realized (GTK_WIDGET (root)))
    return;
  text = lacuna_name_files (error->message);
  dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A toast that waits until the one before has gone. */
typedef struct {
  GWeakRef  overlay;
  AdwToast *toast;
  gboolean  is_over; /* it was dismissed meanwhile */
} Waiting;

static void
note_dismissed (Waiting *self)
{
  self->is_over = TRUE;
}

static void
waiting_free (gpointer data)
{
  Waiting *self = data;

  g_weak_ref_clear (&self->overlay);
  g_signal_handlers_disconnect_by_data (self->toast, self);
  g_object_set_data (G_OBJECT (self->toast), WAITING, NULL);
  g_object_unref (self->toast);
  g_free (self);
}

static gboolean
add_toast (gpointer data)
{
  Waiting *self = data;
  g_autoptr (AdwToastOverlay) overlay = g_weak_ref_get (&self->overlay);

  if (!self->is_over && overlay != NULL && gtk_widget_get_root (GTK_WIDGET (overlay)) != NULL)
    adw_toast_overlay_add_toast (overlay, g_object_ref (self->toast));
  return G_SOURCE_REMOVE;
}

void
lacuna_dismiss_toast (AdwToast *toast)
{
  /* libadwaita does nothing about one that it was not given yet. */
  if (g_object_get_data (G_OBJECT (toast), WAITING) != NULL)
    g_signal_emit_by_name (toast, "dismissed");
  else
    adw_toast_dismiss (toast);
}

/* Gives pages that end above a toast their place again, unless another toast follows. */
static void
give_back_room (AdwToast *toast, AdwToastOverlay *overlay)
{
  if (g_object_get_data (G_OBJECT (overlay), LAST_TOAST) == toast)
    gtk_widget_remove_css_class (GTK_WIDGET (overlay), TELLING);
}

void
lacuna_show_toast (AdwToastOverlay *overlay, AdwToast *toast)
{
  AdwToast *last = g_object_get_data (G_OBJECT (overlay), LAST_TOAST);
  Waiting *waiting = g_new0 (Waiting, 1);

  g_weak_ref_init (&waiting->overlay, overlay);
  waiting->toast = g_object_ref (toast);
  g_object_set_data (G_OBJECT (toast), WAITING, waiting);
  g_signal_connect_swapped (toast, "dismissed", G_CALLBACK (note_dismissed), waiting);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  if (last != NULL && adw_toast_get_button_label (last) == NULL)
    lacuna_dismiss_toast (last);
  /* libadwaita 1.2 frees a toast twice that another follows while it goes. */
  g_timeout_add_full (G_PRIORITY_DEFAULT, last != NULL ? GOING : 0, add_toast, waiting, waiting_free);
  g_object_set_data_full (G_OBJECT (overlay), LAST_TOAST, toast, g_object_unref);
  gtk_widget_add_css_class (GTK_WIDGET (overlay), TELLING);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (give_back_room), overlay, 0);
}

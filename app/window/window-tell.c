/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the window says of its own accord. */

#define SECONDS 5
#define READ_IN_A_SECOND 12 /* characters */
#define LINE 30             /* characters, where as many fit */
#define AROUND 60           /* pixels of a toast, and beside it, that are not its text's */
#define TOGETHER G_USEC_PER_SEC

/* Has the pointer reach what lies below the toast that title is in: it goes by itself, and needs no button. */
static void
let_through (GtkWidget *title)
{
  GtkWidget *toast = title;

  while (toast != NULL && g_strcmp0 (gtk_widget_get_css_name (toast), "toast") != 0)
    toast = gtk_widget_get_parent (toast);
  if (toast == NULL)
    return;
  gtk_widget_set_can_target (toast, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child (toast); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child))
      gtk_widget_set_visible (child, FALSE);
}

/* How many characters, of the font's size, fit a line of a toast. */
static int
count_fitting (GtkWidget *toasts)
{
  PangoContext *context = gtk_widget_get_pango_context (toasts);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                   pango_font_metrics_get_approximate_digit_width (metrics));

  pango_font_metrics_unref (metrics);
  return CLAMP ((gtk_widget_get_width (toasts) - AROUND) * PANGO_SCALE / MAX (width, 1), 1, LINE);
}

/* A toast that is as long, and stays as long, as its text asks for. */
static AdwToast *
make_toast (const char *text, int line)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1), line));
  gtk_label_set_max_width_chars (GTK_LABEL (label), line);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  g_signal_connect (label, "map", G_CALLBACK (let_through), NULL);
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_timeout (toast, MAX (SECONDS, g_utf8_strlen (text, -1) / READ_IN_A_SECOND));
  return toast;
}

/* Lets the last toast say text too, where both come within moments, as several notes on a photo do: none pushes out
 * another. is_about: it is about the open photo, as then the whole toast is. FALSE: it is long since. */
static gboolean
join (LacunaWindow *self, const char *text, gboolean is_about)
{
  g_autofree char *both = NULL;
  GtkLabel *label;

  if (self->toast == NULL || g_get_monotonic_time () - self->told > TOGETHER)
    return FALSE;
  label = GTK_LABEL (adw_toast_get_custom_title (self->toast));
  both = g_strconcat (gtk_label_get_text (label), "\n", text, NULL);
  if (strstr (gtk_label_get_text (label), text) == NULL)
    gtk_label_set_text (label, both);
  self->is_about = self->is_about || is_about;
  return TRUE;
}

static void
forget_toast (AdwToast *toast, LacunaWindow *self)
{
  if (self->toast == toast)
    g_clear_weak_pointer (&self->toast);
}

void
lacuna_window_drop_toast (LacunaWindow *self)
{
  if (self->toast != NULL && self->is_about)
    lacuna_dismiss_toast (self->toast);
}

void
lacuna_window_toast (LacunaWindow *self, LacunaDocument *document, const char *format, ...)
{
  g_autofree char *whole = NULL, *text = NULL;
  AdwToast *toast;
  va_list arguments;

  if (!gtk_widget_get_realized (GTK_WIDGET (self)) || (document != NULL && document != self->document))
    return;
  va_start (arguments, format);
  whole = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = lacuna_name_files (whole);
  if (join (self, text, document != NULL))
    return;
  toast = make_toast (text, count_fitting (GTK_WIDGET (self->toasts)));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (forget_toast), self, 0);
  g_set_weak_pointer (&self->toast, toast);
  self->is_about = document != NULL;
  self->told = g_get_monotonic_time ();
  lacuna_show_toast (self->toasts, toast);
}

void
lacuna_window_offer_lesson (LacunaWindow *self)
{
  if (lacuna_document_get_lesson (self->document) != NULL)
    return;
  if (self->offered == NULL)
    self->offered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!g_hash_table_add (self->offered, g_strdup (lacuna_document_get_path (self->document))))
    return;
  lacuna_lesson_bar_offer (self->lesson_bar);
}

void
lacuna_window_complain (LacunaWindow *self, const char *heading, const GError *error)
{
  lacuna_complain (GTK_WIDGET (self), heading, error);
}

/* What goes on, until it is answered whether it is to end, and what is done then. */
typedef struct {
  void (*end) (LacunaWindow *self);
  const char   *action;
  GVariant     *target;
  LacunaWindow *window; /* NULL until it is answered */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_object (&self->window);
  g_clear_pointer (&self->target, g_variant_unref);
  g_free (self);
}

static gboolean
activate (gpointer data)
{
  const Question *question = data;

  if (question->action != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (question->window), question->action, question->target);
  return G_SOURCE_REMOVE;
}

/* The action comes once the dialog is gone that was answered: it must not outlive the window that it belongs to. */
static void
answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  LacunaWindow *self = data;
  Question *question;

  if (!g_str_equal (response, "end"))
    return;
  question = g_object_steal_data (G_OBJECT (dialog), "question");
  question->end (self);
  question->window = g_object_ref (self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, activate, question, question_free);
}

void
lacuna_window_ask_to_end (LacunaWindow *self, const char *heading, const char *body, const char *label,
                          void (*end) (LacunaWindow *self), const char *action, GVariant *target)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), heading, body));
  Question *question = g_new (Question, 1);

  *question = (Question){ end, action, target != NULL ? g_variant_ref_sink (target) : NULL, NULL };
  g_object_set_data_full (G_OBJECT (dialog), "question", question, question_free);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Go On"), "end", label, NULL);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
end_lesson (LacunaWindow *self)
{
  if (self->document != NULL)
    lacuna_document_cancel_learning (self->document);
}

gboolean
lacuna_window_ask_about_lesson (LacunaWindow *self, const char *action, GVariant *target)
{
  g_autoptr (GVariant) owned = target != NULL ? g_variant_ref_sink (target) : NULL;

  if (self->document == NULL || !lacuna_document_get_learning (self->document))
    return FALSE;
  /* Another may have been chosen in the strip. */
  lacuna_filmstrip_select (self->filmstrip, lacuna_document_get_path (self->document));
  lacuna_window_ask_to_end (self, _ ("Stop Learning This Photo?"),
                            _ ("What was learnt from it so far is lost. What you marked and filled is kept."),
                            _ ("_Stop Learning"), end_lesson, action, owned);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the window says of its own accord. */

#define SECONDS 5
#define READ_IN_A_SECOND 12 /* characters */
#define LINE 30             /* characters, where as many fit */
#define AROUND 60           /* pixels of a toast, and beside it, that are not its text's */
#define MOST_LINES 8        /* of a text that a toast has all of; of a longer one it has FEW, and a button that shows it */
#define FEW_LINES 3
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

static gboolean
is_long (const char *text, int line)
{
  return g_utf8_strlen (text, -1) > MOST_LINES * line;
}

static void
show_details (AdwToast *toast, GtkWindow *window)
{
  GtkWidget *dialog = adw_message_dialog_new (window, _ ("Details"), g_object_get_data (G_OBJECT (toast), "text"));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A toast that is as long, and stays as long, as its text asks for; or begins it, and shows it all where it is asked. */
static AdwToast *
make_toast (LacunaWindow *self, const char *text, int line)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  if (is_long (text, line))
    {
      g_autofree char *paragraph = g_strdelimit (g_strdup (text), "\n", ' ');

      /* Pango counts the lines of each paragraph. */
      gtk_label_set_text (GTK_LABEL (label), paragraph);
      gtk_label_set_lines (GTK_LABEL (label), FEW_LINES);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      adw_toast_set_button_label (toast, _ ("Details"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (show_details), self, 0);
    }
  else
    g_signal_connect (label, "map", G_CALLBACK (let_through), NULL);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* The button needs room too. */
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (g_utf8_strlen (text, -1), is_long (text, line) ? line / 2 : line));
  gtk_label_set_max_width_chars (GTK_LABEL (label), line);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  adw_toast_set_custom_title (toast, label);
  g_object_set_data_full (G_OBJECT (toast), "text", g_strdup (text), g_free);
  adw_toast_set_timeout (toast, MAX (SECONDS, MIN (g_utf8_strlen (text, -1), MOST_LINES * line) / READ_IN_A_SECOND));
  return toast;
}

/* Puts the last toast's text before this one, where both come within moments, as several notes on a photo do: none pushes
 * out another. is_about: it is about the open photo, as then the whole toast is. TRUE: the last toast has it already. */
static gboolean
join (LacunaWindow *self, char **text, gboolean is_about)
{
  g_autofree char *both = NULL;
  gboolean is_recent = self->toast != NULL && g_get_monotonic_time () - self->told <= TOGETHER;
  const char *before;

  self->is_about = is_about || (is_recent && self->is_about);
  if (!is_recent)
    return FALSE;
  before = g_object_get_data (G_OBJECT (self->toast), "text");
  if (strstr (before, *text) != NULL)
    return TRUE;
  both = g_strconcat (before, "\n", *text, NULL);
  g_free (*text);
  *text = g_steal_pointer (&both);
  lacuna_dismiss_toast (self->toast);
  return FALSE;
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
  if (join (self, &text, document != NULL))
    return;
  toast = make_toast (self, text, count_fitting (GTK_WIDGET (self->toasts)));
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (forget_toast), self, 0);
  g_set_weak_pointer (&self->toast, toast);
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

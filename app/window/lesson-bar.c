/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/lesson-bar.h"

#include <glib/gi18n.h>

#define AROUND 36 /* logical pixels beside and between the text and the buttons */

struct _LacunaLessonBar {
  AdwBin parent_instance;

  /* Template widgets */
  GtkWidget *content, *text, *buttons, *progress, *cancel_button, *use_switch, *learn_button, *decline_button;
  GtkLabel  *status;

  /* Owned; NULL: none */
  LacunaDocument *document;
  LacunaLesson   *lesson;

  int      width;
  gboolean is_offered;
};

G_DEFINE_FINAL_TYPE (LacunaLessonBar, lacuna_lesson_bar, ADW_TYPE_BIN)

static void
update_progress (LacunaLessonBar *self)
{
  g_autofree char *status = NULL;
  double progress;

  if (!lacuna_document_get_learning (self->document))
    return;
  g_object_get (self->lesson, "status", &status, "progress", &progress, NULL);
  gtk_label_set_label (self->status, status);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), progress);
}

static void
show_result (LacunaLessonBar *self)
{
  gboolean is_used = lacuna_document_get_use_learnt (self->document);
  g_autofree char *score = NULL;
  double before, after;

  lacuna_lesson_get_score (self->lesson, &before, &after);
  score = g_strdup_printf (_ ("L1 %.2f %% in holes of a part of the photo that was held out, and %.2f %% before"),
                           after, before);
  gtk_label_set_label (self->status, is_used ? _ ("Fills go by what was learnt from this photo")
                                             : _ ("What was learnt from this photo is not used"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), score);
  gtk_switch_set_active (GTK_SWITCH (self->use_switch), is_used);
}

/* The least width of a part of the bar, in logical pixels. */
static int
measure (GtkWidget *part)
{
  int width;

  gtk_widget_measure (part, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

void
lacuna_lesson_bar_lay_out (LacunaLessonBar *self, int width)
{
  gboolean narrow = measure (self->text) + measure (self->buttons) + AROUND > width;

  self->width = width;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->content),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
update (LacunaLessonBar *self)
{
  LacunaLesson *lesson = self->document != NULL ? lacuna_document_get_lesson (self->document) : NULL;
  gboolean is_learning = lesson != NULL && lacuna_document_get_learning (self->document);

  if (lesson != self->lesson && self->lesson != NULL)
    g_signal_handlers_disconnect_by_data (self->lesson, self);
  if (lesson != self->lesson && lesson != NULL)
    g_signal_connect_swapped (lesson, "notify::status", G_CALLBACK (update_progress), self);
  g_set_object (&self->lesson, lesson);
  self->is_offered = self->is_offered && lesson == NULL;
  gtk_widget_set_visible (self->content, lesson != NULL || self->is_offered);
  gtk_widget_set_visible (self->learn_button, self->is_offered);
  gtk_widget_set_visible (self->decline_button, self->is_offered);
  gtk_widget_set_visible (self->progress, is_learning);
  gtk_widget_set_visible (self->cancel_button, is_learning);
  gtk_widget_set_visible (self->use_switch, lesson != NULL && !is_learning);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), NULL);
  if (is_learning)
    update_progress (self);
  else if (lesson != NULL)
    show_result (self);
  else
    gtk_label_set_label (self->status, _ ("This fill may not be right."));
  lacuna_lesson_bar_lay_out (self, self->width);
}

void
lacuna_lesson_bar_offer (LacunaLessonBar *self)
{
  self->is_offered = TRUE;
  update (self);
}

static void
decline (LacunaLessonBar *self)
{
  self->is_offered = FALSE;
  update (self);
}

static void
cancel (LacunaLessonBar *self)
{
  lacuna_document_cancel_learning (self->document);
}

static void
follow_switch (LacunaLessonBar *self)
{
  gboolean use = gtk_switch_get_active (GTK_SWITCH (self->use_switch));

  if (self->document != NULL && use != lacuna_document_get_use_learnt (self->document))
    lacuna_document_set_use_learnt (self->document, use);
}

void
lacuna_lesson_bar_set_document (LacunaLessonBar *self, LacunaDocument *document)
{
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document != NULL)
    {
      g_signal_connect_swapped (document, "notify::use-learnt", G_CALLBACK (update), self);
      g_signal_connect_swapped (document, "notify::filling", G_CALLBACK (decline), self);
      g_signal_connect_swapped (document, "retouched", G_CALLBACK (decline), self);
    }
  decline (self);
}

static void
lacuna_lesson_bar_dispose (GObject *object)
{
  LacunaLessonBar *self = LACUNA_LESSON_BAR (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->lesson != NULL)
    g_signal_handlers_disconnect_by_data (self->lesson, self);
  g_clear_object (&self->lesson);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (lacuna_lesson_bar_parent_class)->dispose (object);
}

static void
lacuna_lesson_bar_class_init (LacunaLessonBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_lesson_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/window/lesson-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, content);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, text);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, buttons);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, progress);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, learn_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, decline_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, use_switch);
  gtk_widget_class_bind_template_child (widget_class, LacunaLessonBar, status);
  gtk_widget_class_bind_template_callback (widget_class, cancel);
  gtk_widget_class_bind_template_callback (widget_class, decline);
  gtk_widget_class_bind_template_callback (widget_class, follow_switch);
}

static void
lacuna_lesson_bar_init (LacunaLessonBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/steps-view.h"

#include <glib/gi18n.h>

#include "app/view/attention/step-text.h"

struct _LacunaStepsView {
  AdwBin     parent_instance;
  GtkWidget *title, *previous, *next, *equation, *paper, *sentence, *pictures, *numbers;
  GtkWidget *left, *left_caption, *right_box, *right, *right_caption;
};

G_DEFINE_FINAL_TYPE (LacunaStepsView, lacuna_steps_view, ADW_TYPE_BIN)

static void
show_picture (GtkWidget *picture, GtkWidget *caption, GdkTexture *texture_consumed, const char *name)
{
  g_autoptr (GdkTexture) texture = texture_consumed;

  gtk_picture_set_paintable (GTK_PICTURE (picture), GDK_PAINTABLE (texture));
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_label_set_text (GTK_LABEL (caption), name);
}

static void
update_pictures (LacunaStepsView *self, LacunaExplanation *explanation)
{
  LacunaAttentionStep step = lacuna_explanation_get_step (explanation);
  LacunaAttentionQuery *query = lacuna_explanation_get_query (explanation);
  gboolean pasted = step == LACUNA_ATTENTION_STEP_PASTE;

  gtk_widget_set_visible (self->pictures, query != NULL && (pasted || step == LACUNA_ATTENTION_STEP_PATCH));
  gtk_widget_set_visible (self->right_box, pasted);
  if (query == NULL)
    return;
  if (step == LACUNA_ATTENTION_STEP_PATCH)
    show_picture (self->left, self->left_caption, lacuna_attention_query_draw_read (query), _ ("Compared"));
  if (!pasted)
    return;
  show_picture (self->left, self->left_caption, lacuna_attention_query_draw_pasted (query), _ ("Mean of patches"));
  show_picture (self->right, self->right_caption, lacuna_attention_query_draw_made (query), _ ("Network’s result"));
}

void
lacuna_steps_view_update (LacunaStepsView *self, LacunaExplanation *explanation)
{
  g_autofree char *title = lacuna_step_text_get_title (explanation);
  g_autofree char *numbers = lacuna_step_text_get_numbers (explanation);
  g_autofree char *all = lacuna_step_text_describe (explanation);
  GtkWidget *told[] = { GTK_WIDGET (self), self->previous, self->next };

  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->equation), lacuna_step_text_get_equation (explanation));
  gtk_label_set_text (GTK_LABEL (self->paper), lacuna_step_text_get_paper (explanation));
  gtk_label_set_text (GTK_LABEL (self->sentence), lacuna_step_text_get_sentence (explanation));
  gtk_label_set_text (GTK_LABEL (self->numbers), numbers);
  gtk_widget_set_visible (self->numbers, *numbers != '\0');
  update_pictures (self, explanation);
  /* The buttons describe what has changed, so that a screen reader tells it after a button was pressed. */
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (told[i]), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, all, -1);
}

/* Moves the focus at the first and last step to the button that still leads on. */
static void
on_sensitive (GtkWidget *button, GParamSpec *pspec, LacunaStepsView *self)
{
  GtkRoot *root = gtk_widget_get_root (button);

  if (root != NULL && !gtk_widget_get_sensitive (button) && gtk_root_get_focus (root) == NULL)
    gtk_widget_grab_focus (button == self->next ? self->previous : self->next);
}

static void
lacuna_steps_view_class_init (LacunaStepsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/steps-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, title);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, previous);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, next);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, equation);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, paper);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, sentence);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, pictures);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, numbers);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, left);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, left_caption);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, right_box);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, right);
  gtk_widget_class_bind_template_child (widget_class, LacunaStepsView, right_caption);
  gtk_widget_class_bind_template_callback (widget_class, on_sensitive);
}

static void
lacuna_steps_view_init (LacunaStepsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/steer-button.h"

#include <glib/gi18n.h>

struct _LacunaSteerButton {
  AdwBin         parent_instance;
  GtkWidget     *scale, *word;
  GtkAdjustment *strength;
};

G_DEFINE_FINAL_TYPE (LacunaSteerButton, lacuna_steer_button, ADW_TYPE_BIN)

static const char *
describe (double strength)
{
  if (strength <= 0)
    return _ ("Not at all");
  if (strength < 0.4)
    return _ ("A little");
  if (strength < 0.75)
    return _ ("Rather");
  return strength < 1 ? _ ("Mostly") : _ ("Only from there");
}

static void
update (LacunaSteerButton *self)
{
  const char *word = describe (gtk_adjustment_get_value (self->strength));

  gtk_label_set_text (GTK_LABEL (self->word), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, word, -1);
}

GtkAdjustment *
lacuna_steer_button_get_strength (LacunaSteerButton *self)
{
  return self->strength;
}

static void
lacuna_steer_button_class_init (LacunaSteerButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/steer-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaSteerButton, scale);
  gtk_widget_class_bind_template_child (widget_class, LacunaSteerButton, word);
  gtk_widget_class_bind_template_child (widget_class, LacunaSteerButton, strength);
}

static void
lacuna_steer_button_init (LacunaSteerButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->strength, "value-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/growth-button.h"

#include <glib/gi18n.h>
#include <math.h>

struct _LacunaGrowthButton {
  AdwBin         parent_instance;
  GtkWidget     *scale, *pixels;
  GtkAdjustment *adjustment;
  int            side;
};

G_DEFINE_FINAL_TYPE (LacunaGrowthButton, lacuna_growth_button, ADW_TYPE_BIN)

static void
update (LacunaGrowthButton *self)
{
  int n = lacuna_growth_button_get_pixels (self);
  /* TRANSLATORS: pixels of the photo */
  g_autofree char *text = g_strdup_printf (_ ("%d px"), n);
  g_autofree char *share = g_strdup_printf (_ ("%.2f %%"), gtk_adjustment_get_value (self->adjustment));

  gtk_label_set_text (GTK_LABEL (self->pixels), self->side > 0 ? text : share);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  self->side > 0 ? text : share, -1);
}

GtkAdjustment *
lacuna_growth_button_get_adjustment (LacunaGrowthButton *self)
{
  return self->adjustment;
}

void
lacuna_growth_button_set_side (LacunaGrowthButton *self, int side)
{
  self->side = side;
  update (self);
}

int
lacuna_growth_button_get_pixels (LacunaGrowthButton *self)
{
  return (int) lrint (self->side * gtk_adjustment_get_value (self->adjustment) / 100);
}

static void
lacuna_growth_button_class_init (LacunaGrowthButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/growth-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowthButton, scale);
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowthButton, pixels);
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowthButton, adjustment);
}

static void
lacuna_growth_button_init (LacunaGrowthButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

#include "app/view/growth.h"

#include <glib/gi18n.h>
#include <math.h>

struct _LacunaGrowth {
  AdwBin         parent_instance;
  GtkWidget     *scale, *pixels;
  GtkAdjustment *adjustment;
  int            side;
};

G_DEFINE_FINAL_TYPE (LacunaGrowth, lacuna_growth, ADW_TYPE_BIN)

static void
update (LacunaGrowth *self)
{
  int n = lacuna_growth_get_pixels (self);
  /* TRANSLATORS: pixels of the photo */
  g_autofree char *text = g_strdup_printf (_("%d px"), n);
  g_autofree char *share = g_strdup_printf (_("%.2f %%"), gtk_adjustment_get_value (self->adjustment));

  gtk_label_set_text (GTK_LABEL (self->pixels), self->side > 0 ? text : share);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  self->side > 0 ? text : share, -1);
}

GtkAdjustment *
lacuna_growth_get_adjustment (LacunaGrowth *self)
{
  return self->adjustment;
}

void
lacuna_growth_set_side (LacunaGrowth *self, int side)
{
  self->side = side;
  update (self);
}

int
lacuna_growth_get_pixels (LacunaGrowth *self)
{
  return (int) lrint (self->side * gtk_adjustment_get_value (self->adjustment) / 100);
}

static void
lacuna_growth_class_init (LacunaGrowthClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/view/growth.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowth, scale);
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowth, pixels);
  gtk_widget_class_bind_template_child (widget_class, LacunaGrowth, adjustment);
}

static void
lacuna_growth_init (LacunaGrowth *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/elastic.h"

struct _LacunaElastic {
  GtkWidget  parent_instance;
  GtkWidget *child;
  int        width, height;
};

static guint resized;

static void lacuna_elastic_init_buildable (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LacunaElastic, lacuna_elastic, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, lacuna_elastic_init_buildable))

static GtkBuildableIface *parent_buildable;

static void
lacuna_elastic_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  LacunaElastic *self = LACUNA_ELASTIC (buildable);

  if (!GTK_IS_WIDGET (child))
    {
      parent_buildable->add_child (buildable, builder, child, type);
      return;
    }
  self->child = GTK_WIDGET (child);
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));
}

static void
lacuna_elastic_init_buildable (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = lacuna_elastic_add_child;
}

static void
lacuna_elastic_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (LACUNA_ELASTIC (widget)->child, orientation, -1, NULL, natural, NULL, NULL);
  *minimum = 0;
}

static void
lacuna_elastic_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LacunaElastic *self = LACUNA_ELASTIC (widget);
  GtkWidget *child = self->child;
  int least_width, least_height;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  if (self->width != width || self->height != height || least_width > width)
    g_signal_emit (self, resized, 0, width, height);
  self->width = width;
  self->height = height;
  width = MAX (width, least_width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL, NULL);
  gtk_widget_allocate (child, width, MAX (height, least_height), baseline, NULL);
}

static void
lacuna_elastic_dispose (GObject *object)
{
  g_clear_pointer (&LACUNA_ELASTIC (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (lacuna_elastic_parent_class)->dispose (object);
}

static void
lacuna_elastic_class_init (LacunaElasticClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_elastic_dispose;
  resized = g_signal_new ("resized", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                          G_TYPE_INT, G_TYPE_INT);
  widget_class->measure = lacuna_elastic_measure;
  widget_class->size_allocate = lacuna_elastic_size_allocate;
}

static void
lacuna_elastic_init (LacunaElastic *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/variant-strip.h"

#include <glib/gi18n.h>
#include <string.h>

#define SUFFIX ".safetensors"
#define THUMBNAIL 56
#define MAX_BUTTONS 12

struct _LacunaVariantStrip {
  AdwBin     parent_instance;
  GtkWidget *window, *box;
  GPtrArray *buttons; /* of GtkWidget, borrowed */
  int        pointed; /* number of the one under the pointer; -1: none, or another was chosen since */
  guint      chosen;
};

static guint pointed;

G_DEFINE_FINAL_TYPE (LacunaVariantStrip, lacuna_variant_strip, ADW_TYPE_BIN)

static void
set_pointed (LacunaVariantStrip *self, int number)
{
  if (self->pointed == number)
    return;
  self->pointed = number;
  g_signal_emit (self, pointed, 0);
}

static void
on_enter (LacunaVariantStrip *self, double x, double y, GtkEventController *motion)
{
  guint number;

  if (g_ptr_array_find (self->buttons, gtk_event_controller_get_widget (motion), &number))
    set_pointed (self, (int) number);
}

static void
on_leave (LacunaVariantStrip *self)
{
  set_pointed (self, -1);
}

static void
follow_pointer (LacunaVariantStrip *self, GtkWidget *button)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (on_enter), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  gtk_widget_add_controller (button, motion);
}

static GtkWidget *
add_button (LacunaVariantStrip *self)
{
  GtkWidget *button = gtk_toggle_button_new (), *image = gtk_image_new ();

  gtk_image_set_pixel_size (GTK_IMAGE (image), THUMBNAIL);
  gtk_button_set_child (GTK_BUTTON (button), image);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "i", self->buttons->len);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "view.variant");
  follow_pointer (self, button);
  gtk_box_append (GTK_BOX (self->box), button);
  g_ptr_array_add (self->buttons, button);
  return button;
}

/* model: path of the weights that it was made by; NULL: not known. */
static char *
describe (guint number, const char *model)
{
  g_autofree char *name = NULL;

  if (model == NULL)
    return g_strdup_printf (_ ("Variant %u"), number);
  if (lacuna_lesson_is_model (model))
    return g_strdup_printf (_ ("Variant %u, filled by what was learnt from this photo"), number);
  name = g_path_get_basename (model);
  if (g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return g_strdup_printf (_ ("Variant %u, filled by “%s”"), number,
                          g_str_equal (name, "default") ? _ ("Default") : name);
}

static void
set_name (GtkWidget *button, guint number, const char *model)
{
  g_autofree char *name = describe (number, model);
  /* TRANSLATORS: “Variant 2”, say */
  g_autofree char *tooltip = g_strdup_printf (_ ("%s (, and . go through them)"), name);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* A square about the largest hole and what is around it. */
static LacunaBox
frame_retouch (LacunaRetouch *retouch)
{
  LacunaBox largest = lacuna_retouch_get_box (retouch, 0);
  int side;

  for (guint i = 1; i < lacuna_retouch_get_n_patches (retouch); i++)
    {
      LacunaBox box = lacuna_retouch_get_box (retouch, i);

      if ((gint64) box.width * box.height > (gint64) largest.width * largest.height)
        largest = box;
    }
  side = MAX (largest.width, largest.height) * 5 / 3;
  return (LacunaBox){ MAX (0, largest.x + (largest.width - side) / 2), MAX (0, largest.y + (largest.height - side) / 2),
                      side, side };
}

static void
show (LacunaVariantStrip *self, LacunaDocument *document, GPtrArray *retouches, GPtrArray *pictures)
{
  guint n = retouches->len > 1 ? MIN (retouches->len, MAX_BUTTONS) : 0;
  /* All show the same part of the photo. */
  LacunaBox frame = n > 0 ? frame_retouch (retouches->pdata[0]) : (LacunaBox){ 0 };

  while (self->buttons->len > n)
    gtk_box_remove (GTK_BOX (self->box), g_ptr_array_steal_index (self->buttons, self->buttons->len - 1));
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *button = i < self->buttons->len ? self->buttons->pdata[i] : add_button (self);
      g_autoptr (GdkTexture) thumbnail = lacuna_pyramid_get_thumbnail (pictures->pdata[i], frame, 4 * THUMBNAIL);

      set_name (button, i + 1, lacuna_document_find_model (document, retouches->pdata[i]));
      gtk_image_set_from_paintable (GTK_IMAGE (gtk_button_get_child (GTK_BUTTON (button))), GDK_PAINTABLE (thumbnail));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), n > 1);
}

void
lacuna_variant_strip_update (LacunaVariantStrip *self, LacunaDocument *document, LacunaPanePictures *pictures)
{
  guint chosen = 0;
  g_autoptr (GPtrArray) retouches = lacuna_document_list_variants (document, &chosen);
  GPtrArray *shown = lacuna_pane_pictures_get_variants (pictures);
  gboolean several = retouches->len > 1;
  /* Pictures of new ones come a little later. */
  gboolean complete = !several || shown->len >= retouches->len;

  /* Keys choose another while the pointer rests on one. */
  if (chosen != self->chosen)
    self->pointed = -1;
  self->chosen = chosen;
  gtk_widget_set_sensitive (GTK_WIDGET (self), complete && !lacuna_document_get_filling (document));
  if (complete)
    show (self, document, retouches, shown);
}

int
lacuna_variant_strip_get_pointed (LacunaVariantStrip *self)
{
  return gtk_widget_is_sensitive (GTK_WIDGET (self)) && self->pointed < (int) self->buttons->len ? self->pointed : -1;
}

void
lacuna_variant_strip_set_orientation (LacunaVariantStrip *self, GtkOrientation orientation)
{
  gboolean down = orientation == GTK_ORIENTATION_VERTICAL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), orientation);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->window), down ? GTK_POLICY_NEVER : GTK_POLICY_AUTOMATIC,
                                  down ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
}

static void
lacuna_variant_strip_finalize (GObject *object)
{
  g_ptr_array_unref (LACUNA_VARIANT_STRIP (object)->buttons);
  G_OBJECT_CLASS (lacuna_variant_strip_parent_class)->finalize (object);
}

static void
lacuna_variant_strip_class_init (LacunaVariantStripClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_variant_strip_finalize;
  pointed = g_signal_new ("pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_variant_strip_init (LacunaVariantStrip *self)
{
  self->buttons = g_ptr_array_new ();
  self->pointed = -1;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class (self->box, "variants");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Variants"), -1);
  self->window = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), self->box);
  lacuna_variant_strip_set_orientation (self, GTK_ORIENTATION_VERTICAL);
  adw_bin_set_child (ADW_BIN (self), self->window);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

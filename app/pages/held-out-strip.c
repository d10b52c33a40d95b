/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pages/held-out-strip.h"

#include <glib/gi18n.h>

#define SIDE 112

struct _LacunaHeldOutStrip {
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (LacunaHeldOutStrip, lacuna_held_out_strip, GTK_TYPE_BOX)

static GdkTexture *
make_texture (LacunaPhoto *photo, LacunaMask *mask)
{
  int width = lacuna_photo_get_width (photo), height = lacuna_photo_get_height (photo);
  gsize size = (gsize) width * height * 3;
  guint8 *pixels = g_memdup2 (lacuna_photo_get_pixels (photo), size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, size);

  for (gsize i = 0; mask != NULL && i < size; i++)
    if (lacuna_mask_get_pixels (mask)[i / 3] != 0)
      pixels[i] = 128;
  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
}

static GtkWidget *
make_picture (LacunaPhoto *photo, LacunaMask *mask, const char *label)
{
  g_autoptr (GdkTexture) texture = make_texture (photo, mask);
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));

  gtk_widget_set_size_request (picture, SIDE, SIDE);
  gtk_widget_set_tooltip_text (picture, label);
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), label);
  return picture;
}

void
lacuna_held_out_strip_show (LacunaHeldOutStrip *self, GPtrArray *samples)
{
  GtkBox *box = GTK_BOX (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (box, child);
  for (guint i = 0; i < samples->len; i++)
    {
      const LacunaTrainingSample *sample = samples->pdata[i];
      GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

      gtk_box_append (GTK_BOX (pair), make_picture (sample->filled, NULL, _ ("Filled by the model as it is now")));
      gtk_box_append (GTK_BOX (pair), make_picture (sample->truth, sample->mask, _ ("The photo with its hole")));
      gtk_box_append (box, pair);
    }
}

static void
lacuna_held_out_strip_class_init (LacunaHeldOutStripClass *klass)
{
}

static void
lacuna_held_out_strip_init (LacunaHeldOutStrip *self)
{
}

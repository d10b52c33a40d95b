/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pages/published.h"

#include <glib/gi18n.h>

/* The published models, as the man page lacuna(1) lists them. */
static const struct {
  const char *name, *author;
  const char *size; /* or NULL: not told */
  const char *license, *address;
} models[] = {
  { "Places2", "Yu et al., TensorFlow", "14 MB", "CC BY-NC 4.0",
    "https://drive.google.com/open?id=1M3AFy7x9DqXaI-fINSynW7FJSXYROfv-" },
  { "ImageNet", "Yu et al., TensorFlow", "14 MB", "CC BY-NC 4.0",
    "https://drive.google.com/open?id=136APWSdPRAF7-XoS8sMBTLV-X3f-ogE0" },
  { "CelebA", "Yu et al., TensorFlow", "14 MB", "CC BY-NC 4.0",
    "https://drive.google.com/open?id=1sP8ViF3mxUMN--xpKqonEeW9d8S8pJEo" },
  { "CelebA-HQ", "Yu et al., TensorFlow", "128 MB", "CC BY-NC 4.0",
    "https://drive.google.com/open?id=1lpluFXyWDxTY6wcjixQGWX8jxUUMlyBW" },
  { "Places2", "Yu et al., TensorFlow, gated", "120 MB", "CC BY-NC 4.0",
    "https://drive.google.com/drive/folders/1y7Irxm3HSHGvp546hZdAZwuNmhLUVcjO" },
  { "CelebA-HQ", "Yu et al., TensorFlow, gated", "120 MB", "CC BY-NC 4.0",
    "https://drive.google.com/drive/folders/1uvcDgMer-4hgWlm6_G9xjvEQGP8neW15" },
  { "ImageNet", "daa233, PyTorch", NULL, "MIT (code)",
    "https://drive.google.com/open?id=1qbfA5BP9yzdTFFmiOTvYARUYgW1zwBBK" },
  { "Places365", "MMagic, PyTorch", NULL, "Apache 2.0 (code)",
    "https://download.openmmlab.com/mmediting/inpainting/deepfillv1/deepfillv1_256x256_8x2_places_20200619-c00a0e21.pth" },
  { "CelebA-HQ", "MMagic, PyTorch", NULL, "Apache 2.0 (code)",
    "https://download.openmmlab.com/mmediting/inpainting/deepfillv1/deepfillv1_256x256_4x4_celeba_20200619-dd51a855.pth" },
};

void
lacuna_published_list (AdwPreferencesGroup *group)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *link = gtk_link_button_new_with_label (models[i].address, _ ("Open in Browser"));
      g_autofree char *facts = g_strjoin (" · ", models[i].author, models[i].license, models[i].size, NULL);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), models[i].name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), facts);
      gtk_widget_set_valign (link, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), link);
      adw_preferences_group_add (group, row);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that is shown without a photo: recent photos, samples, and how far kernels are compiled. `pulse` is 0
 * unless a source moves the bar, and no source outlives the page. load_in_thread() decodes the picture of a sample
 * in a GTask's thread; all else runs in the main loop. */
#include "app/pages/start-page.h"

#include <glib/gi18n.h>

#include "app/pages/recents.h"

/* Five fit beside one another into a window of usual width. */
#define THUMBNAIL_WIDTH 136
#define THUMBNAIL_HEIGHT 94
#define PULSE 100 /* milliseconds between the moves of a bar whose end can't be told */

struct _LacunaStartPage {
  AdwBin parent_instance;

  /* Template widgets */
  LacunaRecents *recents;
  GtkWidget  *samples_group;
  GtkFlowBox *samples;
  GtkWidget  *preparation;
  GtkProgressBar *preparation_bar;

  guint pulse; /* source that moves the bar */
};

G_DEFINE_FINAL_TYPE (LacunaStartPage, lacuna_start_page, ADW_TYPE_BIN)

/* Credits as data/samples/CREDITS.md has them. */
static const struct {
  const char *name, *title, *credit;
} samples[] = {
  { "boats-on-the-river", N_ ("Boats on the river"), "Rbrechko, CC BY-SA 4.0" },
  { "golden-eagle", N_ ("Golden eagle"), "Giles Laurent, CC BY-SA 4.0" },
  { "desert-hike", N_ ("Hike in the desert"), "CC0 1.0" },
  { "picos-de-europa", N_ ("Picos de Europa"), "Aitzol Berasategi, CC BY 4.0" },
  { "zion-tunnel", N_ ("Tunnel in Zion"), "CC0 1.0" },
};

/* LACUNA_DATA names the data folder of a source tree. NULL: not installed. */
static char *
find_sample (const char *file)
{
  const char *source = g_getenv ("LACUNA_DATA");
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (source != NULL)
    g_ptr_array_add (paths, g_build_filename (source, "samples", file, NULL));
  for (const char *const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    g_ptr_array_add (paths, g_build_filename (*dir, "lacuna", "samples", file, NULL));
  g_ptr_array_add (paths, g_build_filename (LACUNA_DATA_DIR, "samples", file, NULL));
  for (guint i = 0; i < paths->len; i++)
    if (g_file_test (paths->pdata[i], G_FILE_TEST_EXISTS))
      return g_strdup (paths->pdata[i]);
  return NULL;
}

gboolean
lacuna_start_page_is_sample (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *file = g_strconcat (samples[i].name, ".jpg", NULL), *sample = find_sample (file);

      if (g_strcmp0 (path, sample) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
load_in_thread (GTask *task, gpointer picture, gpointer path, GCancellable *cancellable)
{
  int height = 2 * THUMBNAIL_HEIGHT, width = 2 * THUMBNAIL_WIDTH;
  GError *error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_file_at_scale (path, -1, height, TRUE, &error);
  g_autoptr (GdkPixbuf) middle = NULL;

  if (pixbuf == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  width = MIN (width, gdk_pixbuf_get_width (pixbuf));
  middle = gdk_pixbuf_new_subpixbuf (pixbuf, (gdk_pixbuf_get_width (pixbuf) - width) / 2, 0, width, height);
  g_task_return_pointer (task, gdk_texture_new_for_pixbuf (middle), g_object_unref);
}

static void
loaded (GObject *picture, GAsyncResult *result, gpointer data)
{
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), NULL);

  gtk_picture_set_paintable (GTK_PICTURE (picture), GDK_PAINTABLE (texture));
}

static GtkWidget *
make_button (const char *photo, const char *mask, const char *title, const char *credit)
{
  GtkWidget *button = gtk_button_new (), *picture = gtk_picture_new (), *overlay = gtk_overlay_new ();
  g_autofree char *tooltip = g_strdup_printf (_ ("%s\nPhoto: %s"), title, credit);
  g_autoptr (GTask) task = g_task_new (picture, NULL, loaded, NULL);

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  /* What lies over does not count: the texture is larger, for sharp screens. */
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), picture);
  gtk_widget_set_size_request (overlay, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
  gtk_button_set_child (GTK_BUTTON (button), overlay);
  gtk_widget_add_css_class (button, "sample");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-sample");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", photo, mask);

  g_task_set_task_data (task, g_strdup (photo), g_free);
  g_task_run_in_thread (task, load_in_thread);
  return button;
}

static void
list_samples (LacunaStartPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *photo_name = g_strconcat (samples[i].name, ".jpg", NULL);
      g_autofree char *mask_name = g_strconcat (samples[i].name, ".mask.png", NULL);
      g_autofree char *photo = find_sample (photo_name);
      g_autofree char *mask = find_sample (mask_name);
      GtkWidget *button;

      if (photo == NULL || mask == NULL)
        continue;
      button = make_button (photo, mask, _ (samples[i].title), samples[i].credit);
      gtk_flow_box_append (self->samples, button);
      /* The button is what takes the keyboard's focus. */
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
      gtk_widget_set_visible (self->samples_group, TRUE);
    }
}

void
lacuna_start_page_refresh (LacunaStartPage *self)
{
  lacuna_recents_refresh (self->recents);
}

static gboolean
pulse (gpointer data)
{
  LacunaStartPage *self = data;

  gtk_progress_bar_pulse (self->preparation_bar);
  return G_SOURCE_CONTINUE;
}

void
lacuna_start_page_show_preparation (LacunaStartPage *self, double share)
{
  g_clear_handle_id (&self->pulse, g_source_remove);
  gtk_widget_set_visible (self->preparation, share >= 0.0);
  /* A bar that has pulsed asks for frames until it is given a fraction, out of sight too. */
  if (share != 0.0)
    gtk_progress_bar_set_fraction (self->preparation_bar, MAX (share, 0.0));
  else
    self->pulse = g_timeout_add (PULSE, pulse, self);
}

static void
lacuna_start_page_dispose (GObject *object)
{
  g_clear_handle_id (&LACUNA_START_PAGE (object)->pulse, g_source_remove);
  G_OBJECT_CLASS (lacuna_start_page_parent_class)->dispose (object);
}

static void
lacuna_start_page_class_init (LacunaStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_start_page_dispose;
  g_type_ensure (LACUNA_TYPE_RECENTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/pages/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaStartPage, recents);
  gtk_widget_class_bind_template_child (widget_class, LacunaStartPage, samples_group);
  gtk_widget_class_bind_template_child (widget_class, LacunaStartPage, samples);
  gtk_widget_class_bind_template_child (widget_class, LacunaStartPage, preparation);
  gtk_widget_class_bind_template_child (widget_class, LacunaStartPage, preparation_bar);
}

static void
lacuna_start_page_init (LacunaStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  list_samples (self);
}

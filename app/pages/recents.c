/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photos that were worked on, as pictures on the start page. Only the last look that was asked for is shown, and
 * none after the widget was disposed of. look_in_thread() runs in a GTask's thread, where it lists sessions, forgets
 * the oldest and decodes their pictures; all else runs in the main loop. */
#include "app/pages/recents.h"

#include <glib/gi18n.h>

#include "app/document/session.h"

#define PICTURE_WIDTH 136
#define PICTURE_HEIGHT 104
#define LINE 3 /* photos side by side */
#define N_SHOWN 6 /* photos shown until all are asked for */

struct _LacunaRecents {
  AdwBin parent_instance;

  /* Template widgets */
  GtkFlowBox *photos;
  GtkLabel *fullness;
  GtkButton *more;

  gboolean all;  /* are shown */
  guint n_asked; /* times that it was looked */
};

G_DEFINE_FINAL_TYPE (LacunaRecents, lacuna_recents, ADW_TYPE_BIN)

/* What a look found. */
typedef struct {
  GPtrArray *sessions; /* of LacunaSession */
  GPtrArray *pictures; /* of GdkTexture, NULL where a session has none */
  gsize size;          /* bytes */
  guint number;        /* which look it was, as n_asked counts them */
} Found;

static void
found_free (Found *self)
{
  g_ptr_array_unref (self->sessions);
  g_ptr_array_unref (self->pictures);
  g_free (self);
}

static void
unref_picture (gpointer picture)
{
  g_clear_object (&picture);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  static gsize swept;
  Found *found = g_new0 (Found, 1);

  if (g_once_init_enter (&swept))
    {
      lacuna_sessions_sweep ();
      g_once_init_leave (&swept, 1);
    }
  found->sessions = lacuna_sessions_list ();
  found->size = lacuna_sessions_prune (found->sessions);
  found->number = GPOINTER_TO_UINT (data);
  found->pictures = g_ptr_array_new_with_free_func (unref_picture);
  for (guint i = 0; i < found->sessions->len; i++)
    g_ptr_array_add (found->pictures,
                     gdk_texture_new_from_filename (((LacunaSession *) found->sessions->pdata[i])->preview, NULL));
  g_task_return_pointer (task, found, (GDestroyNotify) found_free);
}

static char *
describe_time (GDateTime *time)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gboolean today = g_date_time_get_year (time) == g_date_time_get_year (now)
                   && g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now);

  return g_date_time_format (time, today ? "%R" : "%x");
}

/* How far the work came, and when. */
static char *
describe (const LacunaSession *session)
{
  g_autofree char *time = describe_time (session->time);

  switch (session->state)
    {
    case LACUNA_SESSION_SAVED:
      /* TRANSLATORS: a photo that was filled and saved; %s is a time or a date */
      return g_strdup_printf (_ ("Saved · %s"), time);
    case LACUNA_SESSION_FILLED:
      /* TRANSLATORS: a photo that was filled and not saved yet */
      return g_strdup_printf (_ ("Filled · %s"), time);
    case LACUNA_SESSION_UNDONE:
      /* TRANSLATORS: everything that was done to a photo was undone */
      return g_strdup_printf (_ ("Undone · %s"), time);
    case LACUNA_SESSION_LEARNT:
      /* TRANSLATORS: a model was trained with a photo, and nothing of it is marked or filled */
      return g_strdup_printf (_ ("Learnt · %s"), time);
    case LACUNA_SESSION_MARKED:
    default:
      /* TRANSLATORS: something of a photo is marked, and nothing filled yet */
      return g_strdup_printf (_ ("Marked · %s"), time);
    }
}

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_picture (GdkTexture *texture)
{
  GtkWidget *picture = gtk_picture_new_for_paintable (texture != NULL ? GDK_PAINTABLE (texture) : NULL);
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (picture, GTK_OVERFLOW_HIDDEN);
  /* What lies over does not count: the texture is larger, for sharp screens. */
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), picture);
  gtk_widget_set_size_request (overlay, PICTURE_WIDTH, PICTURE_HEIGHT);
  return overlay;
}

static GtkWidget *
make_open_button (const LacunaSession *session, const char *name, GdkTexture *texture)
{
  g_autofree char *id = g_path_get_basename (session->path), *place = g_filename_display_name (session->photo_path);
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *state = describe (session);
  g_autofree char *tooltip = g_strdup_printf ("%s\n%s", place, state);
  g_autofree char *label = g_strdup_printf ("%s, %s", name, state);

  gtk_box_append (GTK_BOX (box), make_picture (texture));
  gtk_box_append (GTK_BOX (box), make_label (name, "caption-heading"));
  gtk_box_append (GTK_BOX (box), make_label (state, "caption"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "recent");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-session");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  return button;
}

static GtkWidget *
make_forget_button (const LacunaSession *session, const char *name)
{
  g_autofree char *id = g_path_get_basename (session->path);
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Forget the work on “%s”"), name);
  g_autofree char *tooltip
      = g_strdup_printf (_ ("%s: marks, fills and Lacuna’s copy of the photo. The photo itself stays."), label);

  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "osd");
  gtk_widget_add_css_class (button, "forget");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.forget-session");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  return button;
}

static void
add_photo (LacunaRecents *self, const LacunaSession *session, GdkTexture *texture)
{
  g_autofree char *name = g_filename_display_basename (session->photo_path);
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_overlay_set_child (GTK_OVERLAY (overlay), make_open_button (session, name, texture));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_forget_button (session, name));
  gtk_flow_box_append (self->photos, overlay);
  /* The buttons are what takes the keyboard's focus. */
  gtk_widget_set_focusable (gtk_widget_get_parent (overlay), FALSE);
}

static void
show_fullness (LacunaRecents *self, const Found *found)
{
  gboolean full = found->sessions->len > LACUNA_SESSIONS_MOST || found->size > LACUNA_SESSIONS_MOST_BYTES;
  g_autofree char *size = g_format_size (found->size);
  g_autofree char *text
      = g_strdup_printf (_ ("They take %s, and none was saved that could be forgotten. Save them, or forget "
                            "what you no longer need."),
                         size);

  gtk_label_set_label (self->fullness, text);
  gtk_widget_set_visible (GTK_WIDGET (self->fullness), full);
}

/* Too few for a line stand in the middle. */
static void
arrange (LacunaRecents *self, guint n)
{
  gtk_flow_box_set_max_children_per_line (self->photos, CLAMP (n, 1, LINE));
  gtk_widget_set_halign (GTK_WIDGET (self->photos), n < LINE ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaRecents *self = LACUNA_RECENTS (source);
  Found *found = g_task_propagate_pointer (G_TASK (result), NULL);
  guint n = self->all ? found->sessions->len : MIN (found->sessions->len, N_SHOWN);
  GtkFlowBoxChild *child;

  /* A later look is under way, or the page is gone. */
  if (found->number == self->n_asked && self->photos != NULL)
    {
      while ((child = gtk_flow_box_get_child_at_index (self->photos, 0)) != NULL)
        gtk_flow_box_remove (self->photos, GTK_WIDGET (child));
      for (guint i = 0; i < n; i++)
        add_photo (self, found->sessions->pdata[i], found->pictures->pdata[i]);
      arrange (self, n);
      gtk_widget_set_visible (GTK_WIDGET (self->more), n < found->sessions->len);
      gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
      show_fullness (self, found);
    }
  found_free (found);
}

void
lacuna_recents_refresh (LacunaRecents *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, looked, NULL);

  g_task_set_task_data (task, GUINT_TO_POINTER (++self->n_asked), NULL);
  g_task_run_in_thread (task, look_in_thread);
}

static void
show_all (LacunaRecents *self)
{
  self->all = TRUE;
  lacuna_recents_refresh (self);
}

static void
lacuna_recents_dispose (GObject *object)
{
  LACUNA_RECENTS (object)->photos = NULL;
  G_OBJECT_CLASS (lacuna_recents_parent_class)->dispose (object);
}

static void
lacuna_recents_class_init (LacunaRecentsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_recents_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/pages/recents.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaRecents, photos);
  gtk_widget_class_bind_template_child (widget_class, LacunaRecents, fullness);
  gtk_widget_class_bind_template_child (widget_class, LacunaRecents, more);
  gtk_widget_class_bind_template_callback (widget_class, show_all);
}

static void
lacuna_recents_init (LacunaRecents *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lacuna_recents_refresh (self);
}

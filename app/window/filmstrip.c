/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photos that are worked on together, as a strip of pictures with their states. The selection is the open photo;
 * while `following` is TRUE it changes by the program, and “chosen” is not emitted. One photo is looked at at a
 * time, as it may be large. look_in_thread() and ask_in_thread() run in a GTask's thread, on the task's own data;
 * all else runs in the main loop. */
#include "app/window/filmstrip.h"

#include <glib/gi18n.h>

#include "app/document/glance.h"
#include "app/window/film-cell.h"
#include "app/window/film.h"

/* Widths of the window, in logical pixels, below which pictures are shown only when asked for, and below which
 * buttons have no words. */
#define NARROW 600
#define WORDY 900

struct _LacunaFilmstrip {
  AdwBin parent_instance;

  /* Template widgets */
  GtkBox          *content;
  GtkWidget       *scroller;
  GtkListView     *list;
  GtkToggleButton *place;
  GtkWidget       *buttons, *mask_words, *fill_words;

  GListStore         *films;     /* of LacunaFilm */
  GtkSingleSelection *selection; /* selects the film of the open photo */
  gboolean            following; /* the program changes the selection, not the user */
  gboolean            narrow;
  GQueue              wanted;    /* of LacunaFilm: those whose pictures are still to be made */
  gboolean            looking;
};

enum {
  CHOSEN,
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (LacunaFilmstrip, lacuna_filmstrip, ADW_TYPE_BIN)

guint
lacuna_filmstrip_get_n (LacunaFilmstrip *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->films));
}

/* Returns the film at i. (transfer none) */
static LacunaFilm *
get_film (LacunaFilmstrip *self, guint i)
{
  g_autoptr (LacunaFilm) film = g_list_model_get_item (G_LIST_MODEL (self->films), i);

  return film;
}

/* Returns the film of the photo at path, and its index; NULL: it is none of them. (transfer none) */
static LacunaFilm *
find_film (LacunaFilmstrip *self, const char *path, guint *ret_at)
{
  for (guint i = 0; i < lacuna_filmstrip_get_n (self); i++)
    if (g_str_equal (lacuna_film_get_path (get_film (self, i)), path))
      {
        *ret_at = i;
        return get_film (self, i);
      }
  return NULL;
}

GPtrArray *
lacuna_filmstrip_list_photos (LacunaFilmstrip *self)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < lacuna_filmstrip_get_n (self); i++)
    g_ptr_array_add (paths, g_strdup (lacuna_film_get_path (get_film (self, i))));
  return paths;
}

guint
lacuna_filmstrip_count (LacunaFilmstrip *self, LacunaSessionState state)
{
  guint n = 0;

  for (guint i = 0; i < lacuna_filmstrip_get_n (self); i++)
    n += lacuna_film_get_state (get_film (self, i)) == state;
  return n;
}

static void
show_place (LacunaFilmstrip *self)
{
  guint n = lacuna_filmstrip_get_n (self), at = gtk_single_selection_get_selected (self->selection);
  /* TRANSLATORS: which photo of several is shown: "3 of 20" */
  g_autofree char *text = g_strdup_printf (_ ("%u of %u"), at == GTK_INVALID_LIST_POSITION ? 0 : at + 1, n);

  gtk_button_set_label (GTK_BUTTON (self->place), text);
}

static void
on_selected (LacunaFilmstrip *self)
{
  LacunaFilm *film = gtk_single_selection_get_selected_item (self->selection);

  show_place (self);
  if (film != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u",
                                gtk_single_selection_get_selected (self->selection));
  if (film != NULL && !self->following)
    g_signal_emit (self, signals[CHOSEN], 0, lacuna_film_get_path (film));
}

gboolean
lacuna_filmstrip_select (LacunaFilmstrip *self, const char *path)
{
  guint at;

  if (find_film (self, path, &at) == NULL)
    return FALSE;
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, at);
  self->following = FALSE;
  return TRUE;
}

gboolean
lacuna_filmstrip_can_step (LacunaFilmstrip *self, int step)
{
  gint64 at = gtk_single_selection_get_selected (self->selection);

  return lacuna_filmstrip_get_n (self) > 0 && at + step >= 0 && at + step < lacuna_filmstrip_get_n (self);
}

void
lacuna_filmstrip_step (LacunaFilmstrip *self, int step)
{
  if (lacuna_filmstrip_can_step (self, step))
    gtk_single_selection_set_selected (self->selection, gtk_single_selection_get_selected (self->selection) + step);
}

/* What a look at one photo found. */
typedef struct {
  LacunaFilm *film;
  gboolean    anew;    /* the film has no picture yet, so that one is drawn where no session has one */
  GdkTexture *picture; /* NULL: there is none */
} Look;

static void
look_free (Look *self)
{
  g_object_unref (self->film);
  g_clear_object (&self->picture);
  g_free (self);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  g_autoptr (GBytes) png = lacuna_glance_picture (lacuna_film_get_path (look->film), look->anew);

  if (png != NULL)
    look->picture = gdk_texture_new_from_bytes (png, NULL);
  g_task_return_boolean (task, TRUE);
}

static void look_at_next (LacunaFilmstrip *self);

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaFilmstrip *self = LACUNA_FILMSTRIP (source);
  Look *look = g_task_get_task_data (G_TASK (result));

  self->looking = FALSE;
  if (look->picture != NULL)
    lacuna_film_set_picture (look->film, look->picture);
  look_at_next (self);
}

/* Begins with the next picture, unless one is being made: only one is made at a time, as a photo may be large. */
static void
look_at_next (LacunaFilmstrip *self)
{
  g_autoptr (GTask) task = NULL;
  Look *look;

  if (self->looking || g_queue_is_empty (&self->wanted))
    return;
  look = g_new0 (Look, 1);
  look->film = g_queue_pop_head (&self->wanted);
  look->anew = lacuna_film_get_picture (look->film) == NULL;
  self->looking = TRUE;
  task = g_task_new (self, NULL, looked, NULL);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  g_task_run_in_thread (task, look_in_thread);
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer paths, GCancellable *cancellable)
{
  g_task_return_pointer (task, lacuna_glance_states (paths), (GDestroyNotify) g_array_unref);
}

/* Sets the states that were found, except for the open photo, whose document tells its state. */
static void
told (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaFilmstrip *self = LACUNA_FILMSTRIP (source);
  GPtrArray *paths = g_task_get_task_data (G_TASK (result));
  g_autoptr (GArray) states = g_task_propagate_pointer (G_TASK (result), NULL);
  guint at;

  /* The window was closed meanwhile. */
  if (self->selection == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  for (guint i = 0; i < paths->len; i++)
    if (find_film (self, paths->pdata[i], &at) != NULL && at != gtk_single_selection_get_selected (self->selection))
      lacuna_filmstrip_set_state (self, paths->pdata[i], g_array_index (states, LacunaSessionState, i));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Takes paths. */
static void
ask_states (LacunaFilmstrip *self, GPtrArray *paths)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, told, NULL);

  g_task_set_task_data (task, paths, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, ask_in_thread);
}

static void
forget_wanted (LacunaFilmstrip *self)
{
  g_queue_clear_full (&self->wanted, g_object_unref);
}

void
lacuna_filmstrip_set_photos (LacunaFilmstrip *self, GPtrArray *paths)
{
  guint n = paths != NULL ? paths->len : 0;

  forget_wanted (self);
  self->following = TRUE;
  g_list_store_remove_all (self->films);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (LacunaFilm) film = lacuna_film_new (paths->pdata[i]);

      g_list_store_append (self->films, film);
      g_queue_push_tail (&self->wanted, g_steal_pointer (&film));
    }
  self->following = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->content), n > 1);
  show_place (self);
  if (n > 0)
    ask_states (self, lacuna_filmstrip_list_photos (self));
  look_at_next (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
lacuna_filmstrip_set_state (LacunaFilmstrip *self, const char *path, LacunaSessionState state)
{
  guint at;
  LacunaFilm *film = find_film (self, path, &at);

  if (film != NULL)
    lacuna_film_set_state (film, state);
}

void
lacuna_filmstrip_look (LacunaFilmstrip *self, const char *path)
{
  guint at;
  LacunaFilm *film = find_film (self, path, &at);

  if (film == NULL || g_queue_find (&self->wanted, film) != NULL)
    return;
  g_queue_push_head (&self->wanted, g_object_ref (film));
  look_at_next (self);
}

void
lacuna_filmstrip_refresh (LacunaFilmstrip *self, const char *path)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (paths, g_strdup (path));
  ask_states (self, paths);
  lacuna_filmstrip_look (self, path);
}

static void
show_pictures (LacunaFilmstrip *self)
{
  gtk_widget_set_visible (self->scroller, gtk_toggle_button_get_active (self->place));
}

void
lacuna_filmstrip_lay_out (LacunaFilmstrip *self, int width)
{
  gboolean narrow = width < NARROW;

  gtk_widget_set_visible (self->mask_words, width >= WORDY);
  gtk_widget_set_visible (self->fill_words, width >= WORDY);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->content),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->buttons),
                                  narrow ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_hexpand (self->buttons, narrow);
  gtk_toggle_button_set_active (self->place, !narrow);
}

static void
lacuna_filmstrip_dispose (GObject *object)
{
  LacunaFilmstrip *self = LACUNA_FILMSTRIP (object);

  forget_wanted (self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (lacuna_filmstrip_parent_class)->dispose (object);
}

static void
lacuna_filmstrip_finalize (GObject *object)
{
  g_object_unref (LACUNA_FILMSTRIP (object)->films);
  G_OBJECT_CLASS (lacuna_filmstrip_parent_class)->finalize (object);
}

static void
lacuna_filmstrip_class_init (LacunaFilmstripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_filmstrip_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_filmstrip_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", LACUNA_TYPE_FILMSTRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_STRING);
  signals[CHANGED]
      = g_signal_new ("changed", LACUNA_TYPE_FILMSTRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/window/filmstrip.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, content);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, scroller);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, list);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, place);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, buttons);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, mask_words);
  gtk_widget_class_bind_template_child (widget_class, LacunaFilmstrip, fill_words);
  gtk_widget_class_bind_template_callback (widget_class, show_pictures);
}

static void
lacuna_filmstrip_init (LacunaFilmstrip *self)
{
  g_autoptr (GtkListItemFactory) factory = lacuna_film_cell_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_queue_init (&self->wanted);
  self->films = g_list_store_new (LACUNA_TYPE_FILM);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->films)));
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (on_selected), self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_list_view_set_factory (self->list, factory);
}

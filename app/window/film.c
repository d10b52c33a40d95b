/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/film.h"

#include <glib/gi18n.h>

struct _LacunaFilm {
  GObject            parent_instance;
  char              *path;
  LacunaSessionState state;
  GdkTexture        *picture; /* or NULL */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LacunaFilm, lacuna_film, G_TYPE_OBJECT)

LacunaFilm *
lacuna_film_new (const char *path)
{
  LacunaFilm *self = g_object_new (LACUNA_TYPE_FILM, NULL);

  self->path = g_strdup (path);
  return self;
}

const char *
lacuna_film_get_path (LacunaFilm *self)
{
  return self->path;
}

const char *
lacuna_film_get_words (LacunaFilm *self)
{
  switch (self->state)
    {
    case LACUNA_SESSION_MARKED:
      return _ ("Marked");
    case LACUNA_SESSION_FILLED:
      return _ ("Filled, not saved");
    case LACUNA_SESSION_SAVED:
      return _ ("Filled and saved");
    case LACUNA_SESSION_LEARNT:
    case LACUNA_SESSION_UNDONE:
    default:
      return _ ("Nothing marked");
    }
}

const char *
lacuna_film_get_icon (LacunaFilm *self)
{
  switch (self->state)
    {
    case LACUNA_SESSION_MARKED:
      return "lacuna-brush-symbolic";
    case LACUNA_SESSION_FILLED:
      return "lacuna-fill-symbolic";
    case LACUNA_SESSION_SAVED:
      return "object-select-symbolic";
    case LACUNA_SESSION_LEARNT:
    case LACUNA_SESSION_UNDONE:
    default:
      return NULL;
    }
}

char *
lacuna_film_describe (LacunaFilm *self)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  /* TRANSLATORS: a photo's name, and how far the work on it has come: "holiday.jpg, Marked" */
  return g_strdup_printf (_ ("%s, %s"), name, lacuna_film_get_words (self));
}

LacunaSessionState
lacuna_film_get_state (LacunaFilm *self)
{
  return self->state;
}

void
lacuna_film_set_state (LacunaFilm *self, LacunaSessionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, changed_signal, 0);
}

GdkTexture *
lacuna_film_get_picture (LacunaFilm *self)
{
  return self->picture;
}

void
lacuna_film_set_picture (LacunaFilm *self, GdkTexture *picture)
{
  if (g_set_object (&self->picture, picture))
    g_signal_emit (self, changed_signal, 0);
}

static void
lacuna_film_finalize (GObject *object)
{
  LacunaFilm *self = LACUNA_FILM (object);

  g_free (self->path);
  g_clear_object (&self->picture);
  G_OBJECT_CLASS (lacuna_film_parent_class)->finalize (object);
}

static void
lacuna_film_class_init (LacunaFilmClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lacuna_film_finalize;
  changed_signal = g_signal_new ("changed", LACUNA_TYPE_FILM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_film_init (LacunaFilm *self)
{
  self->state = LACUNA_SESSION_UNDONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/document/session.h"

G_BEGIN_DECLS

/* One photo of several that are worked on together, as the strip of them shows it. Signal: "changed". */
#define LACUNA_TYPE_FILM (lacuna_film_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFilm, lacuna_film, LACUNA, FILM, GObject)

LacunaFilm        *lacuna_film_new         (const char *path);
const char        *lacuna_film_get_path    (LacunaFilm *self);
/* The file's name and how far the work on it has come, for people. */
char              *lacuna_film_describe    (LacunaFilm *self);
/* The state in words; the icon's name, NULL where nothing is done yet. */
const char        *lacuna_film_get_words   (LacunaFilm *self);
const char        *lacuna_film_get_icon    (LacunaFilm *self);
LacunaSessionState lacuna_film_get_state   (LacunaFilm *self);
void               lacuna_film_set_state   (LacunaFilm *self, LacunaSessionState state);
GdkTexture        *lacuna_film_get_picture (LacunaFilm *self); /* NULL: not known */
void               lacuna_film_set_picture (LacunaFilm *self, GdkTexture *picture);

G_END_DECLS

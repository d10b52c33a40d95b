/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/session.h"

G_BEGIN_DECLS

/* Below the photo, while several are worked on together: their pictures, each with how far it has come, and what can be
 * done to all. It is not there for fewer than two.
 *
 * Signals: "chosen" (string path: of a photo that the user wants to be shown), "changed" (other photos, or their states).
 *
 * It activates the window's "win.previous-photo", "win.next-photo", "win.use-mask-for-all" and "win.fill-all". */
#define LACUNA_TYPE_FILMSTRIP (lacuna_filmstrip_get_type ())
G_DECLARE_FINAL_TYPE (LacunaFilmstrip, lacuna_filmstrip, LACUNA, FILMSTRIP, AdwBin)

/* paths: of char; NULL: none any more. */
void       lacuna_filmstrip_set_photos  (LacunaFilmstrip *self, GPtrArray *paths);
GPtrArray *lacuna_filmstrip_list_photos (LacunaFilmstrip *self); /* of char */
guint      lacuna_filmstrip_get_n       (LacunaFilmstrip *self);
guint      lacuna_filmstrip_count       (LacunaFilmstrip *self, LacunaSessionState state);
/* Shows which photo is open, without "chosen". FALSE: it is none of them. */
gboolean   lacuna_filmstrip_select      (LacunaFilmstrip *self, const char *path);
/* Chooses the photo that is so many places further on; does nothing beyond either end. */
void       lacuna_filmstrip_step        (LacunaFilmstrip *self, int step);
gboolean   lacuna_filmstrip_can_step    (LacunaFilmstrip *self, int step);
/* Sets the state of a photo, which the open photo's document tells. */
void       lacuna_filmstrip_set_state   (LacunaFilmstrip *self, const char *path, LacunaSessionState state);
/* Both look anew at a photo whose session was written: the first at its picture, the second also at its state,
 * unless the photo is open. */
void       lacuna_filmstrip_look        (LacunaFilmstrip *self, const char *path);
void       lacuna_filmstrip_refresh     (LacunaFilmstrip *self, const char *path);
/* Follows the window's width. Not to be called while sizes are given out. */
void       lacuna_filmstrip_lay_out     (LacunaFilmstrip *self, int width);

G_END_DECLS

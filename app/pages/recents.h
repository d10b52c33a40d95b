/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The photos that were worked on, as pictures, newest first: one click goes on with one by "win.open-session", another
 * forgets the work by "win.forget-session". Not seen where there is none. */
#define LACUNA_TYPE_RECENTS (lacuna_recents_get_type ())
G_DECLARE_FINAL_TYPE (LacunaRecents, lacuna_recents, LACUNA, RECENTS, AdwBin)

/* Looks again at what there is, in a thread. */
void lacuna_recents_refresh (LacunaRecents *self);

G_END_DECLS

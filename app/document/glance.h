/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/session.h"

G_BEGIN_DECLS

/* What can be seen of photos without opening them. Both functions read files, so they are for threads. */

/* Returns how far the work on each photo at paths has come, an array of LacunaSessionState; LACUNA_SESSION_UNDONE
 * means that there is none. */
GArray *lacuna_glance_states  (GPtrArray *paths); /* of char */
/* Returns a small picture of the photo at path as a PNG: the one that its session has or else, if draw, one that is
 * drawn of the photo or of the project's photo. NULL: there is none, or it can't be read. (transfer full) */
GBytes *lacuna_glance_picture (const char *path, gboolean draw);

G_END_DECLS

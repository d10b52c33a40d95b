/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/session.h"

G_BEGIN_DECLS

/* What is to be seen of photos without opening them. Both read files: they are for threads. */

/* How far the work on each photo at paths has come, of LacunaSessionState: LACUNA_SESSION_UNDONE where there is none. */
GArray *lacuna_glance_states  (GPtrArray *paths); /* of char */
/* A small picture of the photo at path, a PNG, as its session has it; else, where draw, of the photo itself, or of the
 * project's. NULL: there is none, or it can't be read. */
GBytes *lacuna_glance_picture (const char *path, gboolean draw);

G_END_DECLS

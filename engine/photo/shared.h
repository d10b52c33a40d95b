/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory without a name that is handed to another process: one writes it, seals it and sends its descriptor; the other,
 * which need not trust the first, maps what nobody can change or shorten any more. Private to the photo and the codec
 * room. */
typedef struct _LacunaShared LacunaShared;

/* Makes memory with room for size bytes. NULL: there is none. */
LacunaShared *lacuna_shared_new   (gsize size);
LacunaShared *lacuna_shared_ref   (LacunaShared *self);
void          lacuna_shared_unref (LacunaShared *self);

gpointer lacuna_shared_get_data (LacunaShared *self); /* the room */
gsize    lacuna_shared_get_size (LacunaShared *self); /* with what was appended */

/* Appends data behind what is there. FALSE: no memory. */
gboolean lacuna_shared_append (LacunaShared *self, gconstpointer data, gsize size);

/* The room is unmapped for good. Returns the descriptor, which stays the memory's, or -1. */
int lacuna_shared_seal (LacunaShared *self);

/* Maps all of what a descriptor holds. NULL: it is no such memory, or not sealed. */
GBytes *lacuna_shared_map (int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaShared, lacuna_shared_unref)

G_END_DECLS

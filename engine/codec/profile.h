/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns an ICC profile that makes the same colours, and has nothing else but what it is called and whose it is: so
 * nothing that a picture may lie in. NULL: it can't be read. Private to the codec room. */
GBytes *lacuna_profile_clean (gconstpointer data, gsize size);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes what shows LacunaFilms in a list: picture, and an icon of the state. */
GtkListItemFactory *lacuna_film_cell_factory_new (void);

G_END_DECLS

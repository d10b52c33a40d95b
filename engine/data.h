/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns the paths at which a file or folder of that name in the program's data may lie, the best first: LACUNA_DATA
 * names the data of a source tree, which come before what is installed. */
GPtrArray *lacuna_data_list_places (const char *name);

G_END_DECLS

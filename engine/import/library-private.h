/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/library.h"

G_BEGIN_DECLS

/* Returns the name, or with a number behind it the first that no model has yet (g_free). */
char *lacuna_library_choose_name (const char *wish);
/* Returns the path of the critics of a model of the user's, whether it has any or not (g_free). */
char *lacuna_library_get_critics_path (const char *model);

G_END_DECLS

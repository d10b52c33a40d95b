/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/library.h"

G_BEGIN_DECLS

/* The name, or the next that no model has yet. */
char *lacuna_library_choose_name (const char *wish);
/* Where the critics of a model of the user's are, if it has any. */
char *lacuna_library_get_critics_path (const char *model);

G_END_DECLS

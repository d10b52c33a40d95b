/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/library.h"

G_BEGIN_DECLS

/* Returns the name, or with a number behind it the first that no model has yet (g_free). */
char *lacuna_library_choose_name (const char *wish);

G_END_DECLS

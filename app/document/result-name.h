/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where what was made of the photo at path is saved: in folder by the photo's own name, and where folder is NULL, beside
 * it as "holiday filled.jpg"; with a number where there is such a file. name: the photo's, whose format is kept where it
 * can be saved; else it is PNG. */
char *lacuna_result_name (const char *path, const char *name, const char *folder);

G_END_DECLS

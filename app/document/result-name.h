/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns a free path to save what was made of the photo at path: in folder under the photo's own name, or, if
 * folder is NULL, beside the photo as "holiday filled.jpg"; a number is added where there is such a file. name: the
 * photo's, whose format is kept where it can be saved; else it is PNG. (transfer full) */
char *lacuna_result_name (const char *path, const char *name, const char *folder);

G_END_DECLS

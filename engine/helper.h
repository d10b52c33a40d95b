/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a helper of Lacuna's lies, a program that does a part of its work: in the folder LACUNA_LIBEXEC, beside the running
 * program as in a build folder, or where it was installed. NULL: it is nowhere there. */
char *lacuna_helper_find (const char *program);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* Lists the texts of an image for a format which has no such: tags of Exiv2 and their values by turns, to be freed.
 * *ret_comment (NULL: none), to be freed too: its comment, and a line for each text that has no tag. */
GPtrArray *lacuna_texts_list (VipsImage *image, char **ret_comment);

G_END_DECLS

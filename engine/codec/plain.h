/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What can hold a picture, and what only text. Private to the codec room. */

/* Text (UTF-8, UTF-16 or Latin-1, after EXIF's mark of its alphabet or without)
 * that hides no picture as base64, hexadecimal digits or lists of numbers; or
 * fewer bytes than any picture has. */
gboolean lacuna_plain_is_text (gconstpointer data, gsize size);

/* How many letters of a text are in words that look like bytes in base64 or in more letters than that, and whether so many,
 * of all texts that belong together, can be a picture. */
gsize    lacuna_plain_count_encoded (const char *text);
gboolean lacuna_plain_is_encoded    (gsize n_letters);

/* Whether a picture lies in bytes of any kind: as a file's signature, deflated, or encoded as text. */
gboolean lacuna_plain_holds_picture (gconstpointer data, gsize size);

/* A copy in UTF-8 of text in that or in Latin-1. */
char *lacuna_plain_to_utf8 (const char *text);

G_END_DECLS

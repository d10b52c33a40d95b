#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sets to 1 each byte of 0 whose Euclidean distance to one of 255 is at most
 * radius. pixels: height rows of width bytes of 0 or 255, stride bytes apart. */
void lacuna_grow (guint8 *pixels, gsize stride, int width, int height, double radius);

G_END_DECLS

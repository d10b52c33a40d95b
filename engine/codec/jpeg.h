/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* How a JPEG was encoded. Private to the codec room. */
typedef struct {
  int      quality;      /* 1 to 100 by the scale of the Independent JPEG Group; 0: unknown */
  int      across, down; /* samples of luminance to one of colour: 1 and 1 is 4:4:4, 2 and 1 4:2:2, 2 and 2 4:2:0 */
  gboolean progressive;
  gboolean has_density;   /* it tells its resolution, not the shape of a pixel alone */
  gboolean has_companion; /* another picture or a video lies in the file behind this one, or is promised there */
  gboolean lacks_end;     /* no marker of the end comes after the header */
} LacunaJpeg;

/* Reads the header alone. The quality is the one whose scaled standard tables
 * (ITU T.81, annex K) lie nearest to the file's. The file's comments are appended, one a line, unless comment
 * is NULL. FALSE: it is no sound JPEG. */
gboolean lacuna_jpeg_read (GBytes *file, LacunaJpeg *ret_jpeg, GByteArray *comment);

/* The bytes of a JPEG that lacks its end marker, with one; NULL where more than that is missing. */
GBytes *lacuna_jpeg_complete (GBytes *file);

/* Begins the JPEG at *data (g_free), which is replaced, with JFIF's segment, which is left out where its components are
 * red, green and blue, as it says that they are not, and a comment (NULL: none). across, down: pixels a millimetre, 1.0
 * where unknown. */
void lacuna_jpeg_begin (double across, double down, const char *comment, gpointer *data, gsize *size);

/* Encodes a JPEG anew from its pixels (8 bits, RGB) with the colour sampled as
 * jpeg says, which libvips can't do, and all else as at *data (g_free), which is
 * replaced. FALSE where that fails, for want of memory. */
gboolean lacuna_jpeg_resample (const LacunaJpeg *jpeg, VipsImage *image, gpointer *data, gsize *size);

G_END_DECLS

#pragma once

#include <vips/vips.h>

G_BEGIN_DECLS

/* How a JPEG was encoded. Private to the photo room. */
typedef struct {
  int      quality;      /* 1 to 100 by the scale of the Independent JPEG Group; 0: unknown */
  int      across, down; /* samples of luminance to one of colour: 1 and 1 is 4:4:4, 2 and 1 4:2:2, 2 and 2 4:2:0 */
  gboolean progressive;
} LacunaJpeg;

/* Reads the header alone. The quality is the one whose scaled standard tables
 * (ITU T.81, annex K) lie nearest to the file's. FALSE: it is no sound JPEG. */
gboolean lacuna_jpeg_read       (const char *path, LacunaJpeg *ret_jpeg);
gboolean lacuna_jpeg_read_bytes (GBytes *file, LacunaJpeg *ret_jpeg);

/* Encodes a JPEG anew from its pixels (8 bits, RGB) with the colour sampled as
 * jpeg says, which libvips can't do, and all else as at *data (g_free), which is
 * replaced. FALSE where that fails, for want of memory. */
gboolean lacuna_jpeg_resample (const LacunaJpeg *jpeg, VipsImage *image, gpointer *data, gsize *size);

G_END_DECLS

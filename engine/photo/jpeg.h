#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a JPEG was encoded. Private to the photo room. */
typedef struct {
  int      quality;     /* 1 to 100 by the scale of the Independent JPEG Group; 0: unknown */
  gboolean subsampled;  /* colour at half the width and height (4:2:0) */
  gboolean progressive;
} LacunaJpeg;

/* Reads the header alone. The quality is the one whose scaled standard tables
 * (ITU T.81, annex K) lie nearest to the file's. FALSE: it is no sound JPEG. */
gboolean lacuna_jpeg_read (const char *path, LacunaJpeg *ret_jpeg);

G_END_DECLS

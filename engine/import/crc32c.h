/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CRC-32C (Castagnoli, reflected, RFC 3720 B.4), which TensorFlow's files are checked with. */
guint32 lacuna_crc32c (gconstpointer data, gsize size);

/* Such a checksum is kept masked where it lies among what it is of; this is what it was before. */
guint32 lacuna_crc32c_unmask (guint32 masked);

G_END_DECLS

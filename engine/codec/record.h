/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/codec/jpeg.h"
#include "engine/codec/metadata.h"
#include "engine/codec/vips-image.h"

G_BEGIN_DECLS

/* What a file said of a photo besides its pixels, and an encoder is told. It travels in a photo as a GVariant (a{sv})
 * that only codecs look into. Private to the codec room. */
typedef struct {
  VipsImage      *image;    /* the pixels, with profile, resolution and texts */
  GExiv2Metadata *metadata; /* NULL: none */
  LacunaJpeg      jpeg;     /* how the source was encoded; quality 0: it was no JPEG */
  gboolean        is_lossless; /* it came from a WebP that keeps every pixel */
} LacunaRecord;

/* Packs all but the pixels. left: what could not be kept is added. */
GVariant *lacuna_record_pack (const LacunaRecord *self, LacunaLeft *left);

void lacuna_record_unpack (LacunaPhoto *photo, LacunaRecord *ret_record);

void lacuna_record_clear (LacunaRecord *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaRecord, lacuna_record_clear)

G_END_DECLS

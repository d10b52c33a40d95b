/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/provenance.h"

G_BEGIN_DECLS

struct _LacunaProvenance {
  LacunaBox box;
  int       photo_width, photo_height; /* 0 where there was no photo, and then correction and trust are NULL */
  guint     n_sources;
  gint16   *offsets;    /* n_sources×2×height×width; this and the rest as LacunaProvenanceArray has them */
  float    *weights;
  float    *invented;
  float    *correction;
  float    *trust;
  guint8   *transforms; /* NULL: nothing was to be changed */
  float    *fit;        /* height×width, in levels: LACUNA_REGION_FIT, of the last region; NULL: none has one */
};

G_END_DECLS

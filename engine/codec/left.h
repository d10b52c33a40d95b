/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was left out, as bits. */
typedef enum {
  LACUNA_LEFT_PREVIEW   = 1 << 0, /* a thumbnail or another picture of the photo */
  LACUNA_LEFT_MAKER     = 1 << 1, /* a MakerNote which holds a picture */
  LACUNA_LEFT_EDITS     = 1 << 2, /* an editor's settings and history */
  LACUNA_LEFT_COMPANION = 1 << 3, /* a gain map, a video, a depth map, a second picture */
  LACUNA_LEFT_OTHER     = 1 << 4, /* what is no text, or no known tag */
  LACUNA_LEFT_LONG      = 1 << 5, /* more than a file can hold */
  LACUNA_LEFT_UNSAFE    = 1 << 7, /* what Exiv2 can't write here (lacuna_confine_may_open) */
  LACUNA_LEFT_THUMBNAIL = 1 << 6, /* the one that nearly every camera adds, of which no sentence is made */
} LacunaLeft;

G_END_DECLS

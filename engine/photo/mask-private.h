/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"

G_BEGIN_DECLS

/* Makes a mask like lacuna_mask_new. note: what lacuna_mask_get_note returns, copied; NULL: nothing. */
LacunaMask *lacuna_mask_new_noted (int width, int height, const guint8 *pixels, const char *note);

G_END_DECLS

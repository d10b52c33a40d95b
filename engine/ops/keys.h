/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The keys of contextual attention (engine/network/NETWORK.md,
 * "Contextual attention", steps 2 and 3).
 * mask: 2·gh×2·gw, 1 in the hole. valid: gh×gw, becomes 1 where the halved mask
 * is 0 under all of a key's 3×3 patch, else 0. */
void lacuna_keys_find_valid (const float *mask, guint gh, guint gw, float *valid);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Converts IEEE 754 binary16 to binary32, exactly. */
float   lacuna_half_widen  (guint16 half);
/* Converts back, rounding to nearest even; what is too large becomes infinite. */
guint16 lacuna_half_narrow (float value);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Paths of the sample photos that came with the program; empty where there are
 * none. Fine-tuning mixes them in, so that a model doesn't forget the rest. */
GPtrArray *lacuna_sample_photos_list (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/ops/conv-form.h"

G_BEGIN_DECLS

/* The host's side of kernels/winograd.cl. */

/* Local memory that one tile takes, in bytes; slab, block: input and output channels at a time. */
guint64 lacuna_winograd_get_tile_bytes (const LacunaConvForm *form, guint slab, guint block);

/* weight: out×in×3×3. Returns U = G w G' in the kernel's order, [phase][out/block][frequency][in][block],
 * with one phase and 36 frequencies, or, upsampled, four phases of 25; NULL: there is no memory. */
float *lacuna_winograd_pack (const LacunaConvForm *form, guint block, const float *weight, gsize *ret_n);

/* The matrices G as float32: [phase of an axis][side][3], with one phase and 6 rows, or, upsampled, two of 5. */
float *lacuna_winograd_get_transforms (const LacunaConvForm *form, gsize *ret_n);

G_END_DECLS

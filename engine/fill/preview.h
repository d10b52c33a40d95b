/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/**
 * lacuna_fill_preview:
 * @photo: a photo
 * @mask: its hole
 * @model: (nullable): as in [struct@FillOptions]
 * @ret_path: (out) (type filename): the model's path
 * @error: as of [method@Engine.fill], but for the device's
 *
 * What a fill would begin with, without one and without a device, whose memory may then ask for a coarser scale.
 *
 * Returns: (transfer container) (element-type LacunaRegion): regions without arrays, but for the mask
 */
GPtrArray *lacuna_fill_preview (LacunaPhoto *photo, LacunaMask *mask, const char *model, char **ret_path, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/folder.h"

G_BEGIN_DECLS

/* Parts the photos in those to learn from and those held out, a tenth but at least one and at most 32; a photo alone is
 * in both. The seed chooses. Paths are borrowed from the folder. */
void lacuna_photo_folder_split (LacunaPhotoFolder *self, guint32 seed, GPtrArray **ret_learnt, GPtrArray **ret_held_out);

G_END_DECLS

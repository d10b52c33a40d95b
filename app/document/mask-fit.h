/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* The mask of one photo for another of width×height pixels. Where the size is the same, it is the mask itself; else it is
 * stretched to the other size, where a pixel is marked that covers a marked one of the mask, so that nothing thin is lost.
 * LACUNA_ERROR_UNFIT: the other photo has another shape, by more than 1 %; LACUNA_ERROR_MEMORY. */
LacunaMask *lacuna_mask_fit (LacunaMask *mask, int width, int height, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* What only work on a device asks for. */

/* The next device in the list after the failed one; where there is none, the first CPU device, which may be the failed
 * one. NULL: no device is left. */
LacunaDevice *lacuna_device_find_next (LacunaDevice *failed);
/* Whether two lists mean the same device by them. */
gboolean      lacuna_device_is_same   (LacunaDevice *a, LacunaDevice *b);

/* The one of that number on the platform of that name, be a verdict against it; or NULL. Asks that platform's driver alone. */
LacunaDevice *lacuna_device_find_place (const char *platform, guint place);

guint64 lacuna_device_get_local_memory (LacunaDevice *self); /* bytes of a work-group */
/* Floats of a native vector: 16 with AVX-512, 8 with AVX2, 4, 1. */
guint   lacuna_device_get_lanes        (LacunaDevice *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* What only work on a device asks of devices. */

/* The next device in the list after the failed one; where there is none, the first CPU device, which may be the failed
 * one. NULL: no device is left. */
LacunaDevice *lacuna_device_find_next (LacunaDevice *failed);
/* Whether a and b, which may be of different lists, are the same device. */
gboolean      lacuna_device_is_same   (LacunaDevice *a, LacunaDevice *b);

/* Returns device number place of the platform of that name, even with a verdict against it, or NULL. Only that
 * platform's driver is asked. */
LacunaDevice *lacuna_device_find_place (const char *platform, guint place);

guint64 lacuna_device_get_local_memory (LacunaDevice *self); /* bytes of a work-group */
/* Floats of a native vector: 16 with AVX-512, 8 with AVX2, 4, 1. */
guint   lacuna_device_get_lanes        (LacunaDevice *self);

G_END_DECLS

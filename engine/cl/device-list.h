/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/device.h"

G_BEGIN_DECLS

/**
 * lacuna_device_list:
 * @error: %LACUNA_ERROR_NO_DEVICE, naming the package to install, where the loader finds no platform or no device
 *
 * Returns: (transfer full) (element-type LacunaDevice): all usable devices (OpenCL 1.2 or later, full profile, a
 *   compiler), the one that an automatic choice takes first: GPUs before CPUs before others, within a kind by compute
 *   units; renderers in software and emulators last. Never empty
 */
GPtrArray *lacuna_device_list (GError **error);

/**
 * lacuna_device_get_note: (skip)
 *
 * Returns: (transfer full) (nullable): what was left out of the list, as its driver fails, in words for people
 */
char *lacuna_device_get_note (void);

/**
 * lacuna_device_choose:
 * @devices: (element-type LacunaDevice): a list
 * @name: the exact name, else a unique case-insensitive part of it, of what its driver calls it or of its platform's, or
 *   a name that an older driver had for it
 * @ret_matches: (out) (optional): how many are meant
 *
 * Returns: (transfer none) (nullable): the device that is meant; %NULL unless there is one alone
 */
LacunaDevice *lacuna_device_choose (GPtrArray *devices, const char *name, guint *ret_matches);

/**
 * lacuna_device_find:
 * @name: (nullable): as [func@Device.choose]; %NULL is the automatic choice
 * @error: %LACUNA_ERROR_NO_DEVICE lists the names there are
 *
 * Returns: (transfer full): the device of that name
 */
LacunaDevice *lacuna_device_find (const char *name, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LacunaDeviceKind:
 * @LACUNA_DEVICE_CPU: a processor
 * @LACUNA_DEVICE_GPU: a graphics processor
 * @LACUNA_DEVICE_OTHER: an accelerator of another kind
 */
typedef enum {
  LACUNA_DEVICE_CPU,
  LACUNA_DEVICE_GPU,
  LACUNA_DEVICE_OTHER,
} LacunaDeviceKind;

/**
 * LacunaDevice:
 *
 * One OpenCL device as its driver describes it. Immutable.
 */
#define LACUNA_TYPE_DEVICE (lacuna_device_get_type ())
G_DECLARE_FINAL_TYPE (LacunaDevice, lacuna_device, LACUNA, DEVICE, GObject)

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

/**
 * lacuna_device_get_name:
 *
 * Returns: distinct from those of all other devices, and the same when a driver is upgraded: for people and for
 *   remembering
 */
const char *lacuna_device_get_name (LacunaDevice *self);

/**
 * lacuna_device_get_platform:
 *
 * Returns: the platform's name
 */
const char *lacuna_device_get_platform (LacunaDevice *self);

/**
 * lacuna_device_get_vendor:
 *
 * Returns: who made it
 */
const char *lacuna_device_get_vendor (LacunaDevice *self);

/**
 * lacuna_device_get_driver:
 *
 * Returns: the driver's version
 */
const char *lacuna_device_get_driver (LacunaDevice *self);

/**
 * lacuna_device_get_kind:
 *
 * Returns: what it is
 */
LacunaDeviceKind lacuna_device_get_kind (LacunaDevice *self);

/**
 * lacuna_device_get_compute_units:
 *
 * Returns: how many it has
 */
guint lacuna_device_get_compute_units (LacunaDevice *self);

/**
 * lacuna_device_get_memory:
 *
 * Returns: bytes
 */
guint64 lacuna_device_get_memory (LacunaDevice *self);

G_END_DECLS

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

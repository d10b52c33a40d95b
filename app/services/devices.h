/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The OpenCL devices, looked up in a thread. Properties, read-only and notified:
 * "names" (strv, the automatic choice first), "error" (why there are none, with
 * what to install; NULL until the look-up ended or if all is well). */
#define LACUNA_TYPE_DEVICES (lacuna_devices_get_type ())
G_DECLARE_FINAL_TYPE (LacunaDevices, lacuna_devices, LACUNA, DEVICES, GObject)

LacunaDevices      *lacuna_devices_new       (void);
void                lacuna_devices_refresh   (LacunaDevices *self);
const char * const *lacuna_devices_get_names (LacunaDevices *self); /* empty until they are known */
const char         *lacuna_devices_get_error (LacunaDevices *self);

/* Returns the present name of the device that was remembered under the name `remembered`; NULL means that it is
 * missing, or that the devices are not known yet. (transfer none) */
const char         *lacuna_devices_find      (LacunaDevices *self, const char *remembered);

/* Returns the name and the driver of the device of that name, or of the automatic choice if `remembered` is NULL. The
 * string differs for every other device and driver. NULL means that the device is missing or not known yet. */
char               *lacuna_devices_describe  (LacunaDevices *self, const char *remembered);

/* What people should know of the devices, beside an error: which driver was left out and why; NULL for nothing. */
const char         *lacuna_devices_get_note  (LacunaDevices *self);

G_END_DECLS

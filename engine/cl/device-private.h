/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of this folder know of a device beyond device.h. */
#include <CL/cl.h>

#include "engine/cl/device.h"

G_BEGIN_DECLS

struct _LacunaDevice {
  GObject parent_instance;

  cl_device_id id;
  char *full_name;    /* as the driver has it */
  char *lasting_name; /* of that, what no upgrade of the driver changes */
  char *name;         /* that, made distinct from those of all other devices */
  char *platform;
  char *platform_version;
  char *vendor;
  char *driver;
  LacunaDeviceKind kind;
  guint compute_units;
  guint lanes;
  guint64 memory;
  guint64 local_memory;
  guint64 max_buffer;
  guint place; /* on its platform, from 0 */
};

char    *lacuna_platform_get_string (cl_platform_id id, cl_platform_info what);
/* OpenCL 1.2 or later, the full profile, and a compiler. */
gboolean lacuna_device_is_usable    (cl_device_id id);
/* place: on its platform, from 0. */
LacunaDevice *lacuna_device_new     (cl_platform_id platform, cl_device_id id, guint place);

cl_device_id lacuna_device_get_id               (LacunaDevice *self);
const char  *lacuna_device_get_full_name        (LacunaDevice *self); /* as the driver has it */
const char  *lacuna_device_get_lasting_name     (LacunaDevice *self); /* what no upgrade of the driver changes */
gboolean     lacuna_device_was_called           (LacunaDevice *self, const char *full_name); /* by an older driver */
const char  *lacuna_device_get_platform_version (LacunaDevice *self);
guint        lacuna_device_get_place            (LacunaDevice *self); /* on its platform, from 0 */
guint64      lacuna_device_get_max_buffer       (LacunaDevice *self); /* bytes */

G_END_DECLS

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  LACUNA_DEVICE_CPU,
  LACUNA_DEVICE_GPU,
  LACUNA_DEVICE_OTHER,
} LacunaDeviceKind;

/* One OpenCL device as its driver describes it. Immutable. */
#define LACUNA_TYPE_DEVICE (lacuna_device_get_type ())
G_DECLARE_FINAL_TYPE (LacunaDevice, lacuna_device, LACUNA, DEVICE, GObject)

/* All usable devices (OpenCL 1.2 or later, full profile, a compiler), the one
 * that an automatic choice takes first: GPUs before CPUs before others, within
 * a kind by compute units; renderers in software and emulators last. Never empty: LACUNA_ERROR_NO_DEVICE, naming the
 * package to install, where the loader finds no platform or no device. */
GPtrArray *lacuna_device_list (GError **error);

/* What was left out of the list, as its driver fails, in words for people; NULL where nothing was. */
char *lacuna_device_get_note (void);

/* Those of devices that name means: the exact name, else a unique case-insensitive
 * part of it, of what its driver calls it or of its platform's, or a name that
 * an older driver had for it. NULL unless there is one alone; then borrowed. */
LacunaDevice *lacuna_device_choose (GPtrArray *devices, const char *name, guint *ret_matches);

/* The device of that name, as lacuna_device_choose; NULL is the automatic choice. LACUNA_ERROR_NO_DEVICE lists the names there are. */
LacunaDevice *lacuna_device_find (const char *name, GError **error);

/* The next device in the list after the failed one; where there is none, the first CPU device, which may be the failed
 * one. NULL: no device is left. */
LacunaDevice *lacuna_device_find_next (LacunaDevice *failed);
/* Whether two lists mean the same device by them. */
gboolean      lacuna_device_is_same   (LacunaDevice *a, LacunaDevice *b);

/* Distinct from those of all other devices, and the same when a driver is upgraded: for people and for remembering. */
const char       *lacuna_device_get_name          (LacunaDevice *self);
const char       *lacuna_device_get_platform      (LacunaDevice *self);
const char       *lacuna_device_get_vendor        (LacunaDevice *self);
const char       *lacuna_device_get_driver        (LacunaDevice *self);
LacunaDeviceKind  lacuna_device_get_kind          (LacunaDevice *self);
guint             lacuna_device_get_compute_units (LacunaDevice *self);
guint64           lacuna_device_get_memory        (LacunaDevice *self); /* bytes */
guint64           lacuna_device_get_local_memory  (LacunaDevice *self); /* bytes of a work-group */
/* Floats of a native vector: 16 with AVX-512, 8 with AVX2, 4, 1. */
guint             lacuna_device_get_lanes         (LacunaDevice *self);

G_END_DECLS

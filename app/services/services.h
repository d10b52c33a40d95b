/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/services/devices.h"
#include "engine/lacuna.h"

G_BEGIN_DECLS

/* What window, pages and preferences share: the settings, the devices there are, and the engine that the settings ask
 * for. They are handed it when they are made. All calls from the main thread.
 *
 * A device that is new to this release has its kernels compiled as soon as it is known, before a fill asks for them.
 * Property, read-only and notified: "preparation" (double, the share of that which is done; negative: it is not under
 * way). Signal: "noted" (const char *): what people should know of how that went. */
#define LACUNA_TYPE_SERVICES (lacuna_services_get_type ())
G_DECLARE_FINAL_TYPE (LacunaServices, lacuna_services, LACUNA, SERVICES, GObject)

/* Settings are those of the application's id. It outlives the services. */
LacunaServices *lacuna_services_new          (GApplication *application);
GSettings      *lacuna_services_get_settings (LacunaServices *self);
LacunaDevices  *lacuna_services_get_devices  (LacunaServices *self);
/* The engine for the device and the memory limit of the settings. Transfer none: keep a reference for as long as a job
 * runs, since a changed setting makes another. */
LacunaEngine   *lacuna_services_get_engine   (LacunaServices *self);

/* Returns the name of the device that the settings choose if it is known to be missing, in which case the automatic
 * choice computes; NULL means that it is there, or not yet known to be missing. (transfer full) */
char           *lacuna_services_get_missing_device (LacunaServices *self);

/* Gives up what is compiled ahead, for the next start to begin anew. */
void            lacuna_services_end_preparation (LacunaServices *self);

/* The program does not end between the two, though its window may close. */
void            lacuna_services_hold         (LacunaServices *self);
void            lacuna_services_release      (LacunaServices *self);

G_END_DECLS

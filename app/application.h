#pragma once

#include <adwaita.h>

#include "app/devices.h"
#include "engine/engine.h"

G_BEGIN_DECLS

#define LACUNA_APPLICATION_ID "org.lacuna.Lacuna"

/* The one running instance: settings, the engine they ask for, the devices there are. */
#define LACUNA_TYPE_APPLICATION (lacuna_application_get_type ())
G_DECLARE_FINAL_TYPE (LacunaApplication, lacuna_application, LACUNA, APPLICATION, AdwApplication)

LacunaApplication *lacuna_application_new          (void);
GSettings         *lacuna_application_get_settings (LacunaApplication *self);
LacunaDevices     *lacuna_application_get_devices  (LacunaApplication *self);
/* For the device and the memory limit of the settings. Transfer none: keep a
 * reference for as long as a job runs, since a changed setting makes another. */
LacunaEngine      *lacuna_application_get_engine   (LacunaApplication *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/services/services.h"

G_BEGIN_DECLS

#define LACUNA_APPLICATION_ID "org.lacuna.Lacuna"

/* The one running instance. */
#define LACUNA_TYPE_APPLICATION (lacuna_application_get_type ())
G_DECLARE_FINAL_TYPE (LacunaApplication, lacuna_application, LACUNA, APPLICATION, AdwApplication)

LacunaApplication *lacuna_application_new          (void);
/* Returns the services; NULL before startup. (transfer none) */
LacunaServices    *lacuna_application_get_services (LacunaApplication *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/services/services.h"

G_BEGIN_DECLS

/* Device with a test, memory limit, how filling and saving behave. */
#define LACUNA_TYPE_PREFERENCES (lacuna_preferences_get_type ())
G_DECLARE_FINAL_TYPE (LacunaPreferences, lacuna_preferences, LACUNA, PREFERENCES, AdwPreferencesWindow)

LacunaPreferences *lacuna_preferences_new (LacunaServices *services);

G_END_DECLS

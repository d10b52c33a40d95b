/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The installed models with what is known about each, and which of them fills. */
#define LACUNA_TYPE_MODELS_PAGE (lacuna_models_page_get_type ())
G_DECLARE_FINAL_TYPE (LacunaModelsPage, lacuna_models_page, LACUNA, MODELS_PAGE, AdwBin)

/* Sets the settings, which keep which model fills. Must be called once, before the page is shown. */
void lacuna_models_page_set_settings (LacunaModelsPage *self, GSettings *settings);

G_END_DECLS

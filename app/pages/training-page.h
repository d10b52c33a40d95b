/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/services/services.h"

G_BEGIN_DECLS

/* The page on which a model learns from a folder of photos: setting it up, watching it,
 * pausing it, and deciding about the result. A training that was left
 * unfinished is offered again. */
#define LACUNA_TYPE_TRAINING_PAGE (lacuna_training_page_get_type ())
G_DECLARE_FINAL_TYPE (LacunaTrainingPage, lacuna_training_page, LACUNA, TRAINING_PAGE, AdwBin)

/* Must be called once, before the page is shown. */
void     lacuna_training_page_set_services (LacunaTrainingPage *self, LacunaServices *services);
gboolean lacuna_training_page_is_running   (LacunaTrainingPage *self);

G_END_DECLS

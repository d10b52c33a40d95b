/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* A row for every hyperparameter, under its usual name. */
#define LACUNA_TYPE_OPTIONS_FORM (lacuna_options_form_get_type ())
G_DECLARE_FINAL_TYPE (LacunaOptionsForm, lacuna_options_form, LACUNA, OPTIONS_FORM, AdwExpanderRow)

/* Shows those values, and reads them back; what has no row stays as it is. */
void lacuna_options_form_set (LacunaOptionsForm *self, const LacunaTrainingOptions *options);
void lacuna_options_form_get (LacunaOptionsForm *self, LacunaTrainingOptions *options);

G_END_DECLS

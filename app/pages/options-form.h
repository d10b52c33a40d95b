#pragma once

#include <adwaita.h>

#include "engine/train/options.h"

G_BEGIN_DECLS

/* A row for every hyperparameter, under its usual name, in an expander. */
void lacuna_options_form_fill (AdwExpanderRow *expander);

/* Shows those values, and reads them back; what has no row stays as it is. */
void lacuna_options_form_set (AdwExpanderRow *expander, const LacunaTrainingOptions *options);
void lacuna_options_form_get (AdwExpanderRow *expander, LacunaTrainingOptions *options);

G_END_DECLS

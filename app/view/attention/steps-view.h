/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/view/attention/explanation.h"

G_BEGIN_DECLS

/* The step of the attention that an explanation shows: its equation, words, numbers and pictures, and buttons for the
 * others, which activate "view.step-previous" and "view.step-next". */
#define LACUNA_TYPE_STEPS_VIEW (lacuna_steps_view_get_type ())
G_DECLARE_FINAL_TYPE (LacunaStepsView, lacuna_steps_view, LACUNA, STEPS_VIEW, AdwBin)

/* Shows what the explanation shows now. */
void lacuna_steps_view_update (LacunaStepsView *self, LacunaExplanation *explanation);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/explanation.h"

G_BEGIN_DECLS

/* What is said of the step that an explanation shows. */

char       *lacuna_step_text_get_title    (LacunaExplanation *self); /* with its number */
const char *lacuna_step_text_get_equation (LacunaExplanation *self);
const char *lacuna_step_text_get_paper    (LacunaExplanation *self); /* where that has the equation */
/* What is done. */
const char *lacuna_step_text_get_sentence (LacunaExplanation *self);
/* What came of it for the place that was asked about. */
char       *lacuna_step_text_get_numbers  (LacunaExplanation *self);
/* A number that the step gave a place. */
char       *lacuna_step_text_format       (LacunaExplanation *self, float value);
/* All in sentences, with the strongest places, for who can't see them. */
char       *lacuna_step_text_describe     (LacunaExplanation *self);

G_END_DECLS

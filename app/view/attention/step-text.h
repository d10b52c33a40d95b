/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/explanation.h"

G_BEGIN_DECLS

/* What is said of the step that an explanation shows. */

char       *lacuna_step_text_get_title    (LacunaExplanation *self); /* the step's number and name */
const char *lacuna_step_text_get_equation (LacunaExplanation *self);
const char *lacuna_step_text_get_paper    (LacunaExplanation *self); /* where that has the equation */
/* Returns a sentence on what the step does. */
const char *lacuna_step_text_get_sentence (LacunaExplanation *self);
/* Returns the numbers that the step gave for the place that was asked about. */
char       *lacuna_step_text_get_numbers  (LacunaExplanation *self);
/* Returns a number that the step gave a patch, as text. */
char       *lacuna_step_text_format       (LacunaExplanation *self, float value);
/* Returns all of this in sentences, with the strongest sources, for people who can't see the drawing. */
char       *lacuna_step_text_describe     (LacunaExplanation *self);

G_END_DECLS

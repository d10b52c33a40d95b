/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/document.h"

G_BEGIN_DECLS

/* Above the Fill page, where it is offered to learn the photo: that; while it is
 * being learnt: how far that is; after that: that fills go by it, and the switch to
 * have them not. */
#define LACUNA_TYPE_LESSON_BAR (lacuna_lesson_bar_get_type ())
G_DECLARE_FINAL_TYPE (LacunaLessonBar, lacuna_lesson_bar, LACUNA, LESSON_BAR, AdwBin)

/* document may be NULL. */
void lacuna_lesson_bar_set_document (LacunaLessonBar *self, LacunaDocument *document);
/* Offers to learn the photo, until that is declined, or the photo learnt, filled again or the fill undone. */
void lacuna_lesson_bar_offer        (LacunaLessonBar *self);
/* Has the buttons below the text where there is no room for them beside it in a width, in logical pixels. */
void lacuna_lesson_bar_lay_out      (LacunaLessonBar *self, int width);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"
#include "app/view/attention/explanation.h"
#include "app/view/canvas/viewport.h"

G_BEGIN_DECLS

/* The actions that fill-view.h lists, on a view with the properties that it lists too.
 * They don't keep the view alive. */
GActionGroup *lacuna_fill_view_actions_new       (GObject *view, LacunaViewport *viewport,
                                                  LacunaExplanation *explanation);

G_END_DECLS

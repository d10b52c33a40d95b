#pragma once

#include "app/fill-view.h"
#include "app/viewport.h"

G_BEGIN_DECLS

/* The actions that fill-view.h lists. They don't keep the view alive. */
GActionGroup *lacuna_fill_view_actions_new (LacunaFillView *view, LacunaViewport *viewport);

G_END_DECLS

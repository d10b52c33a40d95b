/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pages/models-page.h"
#include "app/pages/start-page.h"
#include "app/pages/training-page.h"
#include "app/services/complain.h"
#include "app/view/fill-view.h"
#include "app/window/lesson-bar.h"
#include "app/window/window.h"

G_BEGIN_DECLS

struct _LacunaWindow {
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwHeaderBar    *header;
  GtkStack        *title_stack;
  AdwViewSwitcherBar *switcher_bar;
  AdwSplitButton  *open_button;
  AdwSplitButton  *save_button;
  AdwViewStack    *pages;
  GtkStack        *fill_stack;
  LacunaStartPage *start_page;
  LacunaLessonBar *lesson_bar;
  LacunaFillView  *fill_view;
  LacunaTrainingPage *training_page;
  LacunaModelsPage *models_page;
  GtkInfoBar      *device_bar;
  GtkLabel        *device_label;
  GMenu           *recent_menu;

  /* Owned */
  LacunaDocument  *document;
  LacunaServices  *services; /* until the window is finalized: jobs release it last */
  GSettings       *settings;
  GCancellable    *opening; /* of the photo being loaded */

  gboolean         narrow;
  guint            relayout; /* source that follows narrow */

  char            *next_mask; /* of the photo being loaded, or NULL */
};

void lacuna_window_init_actions       (LacunaWindow *self);
void lacuna_window_update_actions     (LacunaWindow *self);
void lacuna_window_init_import_export (LacunaWindow *self);
void lacuna_window_init_input         (LacunaWindow *self);
void lacuna_window_paste              (LacunaWindow *self);
void lacuna_window_import_mask        (LacunaWindow *self, const char *path);
void lacuna_window_save_project       (LacunaWindow *self, const char *path);

/* Takes document, which may be NULL, and notifies "document". The one before stays as a session. */
void lacuna_window_set_document (LacunaWindow *self, LacunaDocument *document);
void lacuna_window_update_title (LacunaWindow *self);

/* For what can't be ignored. Says nothing once the window is closed. */
void lacuna_window_complain (LacunaWindow *self, const char *heading, const GError *error);

/* Goes on with the session of that id. */
void lacuna_window_open_session   (LacunaWindow *self, const char *id);
/* Forgets it, which can be undone for a while. */
void lacuna_window_forget_session (LacunaWindow *self, const char *id);
void lacuna_window_ask_open  (LacunaWindow *self);
void lacuna_window_save      (LacunaWindow *self);
void lacuna_window_save_as   (LacunaWindow *self, gboolean copy);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/pages/models-page.h"
#include "app/pages/start-page.h"
#include "app/pages/training-page.h"
#include "app/services/complain.h"
#include "app/view/fill-view.h"
#include "app/window/filmstrip.h"
#include "app/window/lesson-bar.h"
#include "app/window/window.h"

G_BEGIN_DECLS

/* Wide: words on the buttons and beside the pages' icons. Medium: icons on the buttons, and the pages' names below
 * their icons. Narrow: the pages at the bottom. */
typedef enum {
  LACUNA_WINDOW_WIDE,
  LACUNA_WINDOW_MEDIUM,
  LACUNA_WINDOW_NARROW,
  LACUNA_WINDOW_UNKNOWN,
} LacunaWindowLayout;

/* Photo: the filled photo, whose file Save then writes to. Copy: the same, but Save is not changed. Patch: the
 * original with what was filled as a layer. */
typedef enum {
  LACUNA_SAVE_PHOTO,
  LACUNA_SAVE_COPY,
  LACUNA_SAVE_PATCH,
} LacunaSaveKind;

struct _LacunaWindow {
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  AdwHeaderBar    *header;
  AdwViewSwitcher *switcher;
  AdwViewSwitcherBar *switcher_bar;
  AdwSplitButton  *open_button;
  AdwSplitButton  *save_button;
  AdwViewStack    *pages;
  GtkStack        *fill_stack;
  LacunaStartPage *start_page;
  GtkWidget       *save_bar;
  GtkLabel        *save_label;
  GtkProgressBar  *save_progress;
  LacunaLessonBar *lesson_bar;
  LacunaFillView  *fill_view;
  LacunaFilmstrip *filmstrip;
  LacunaTrainingPage *training_page;
  LacunaModelsPage *models_page;
  GtkInfoBar      *device_bar;
  GtkLabel        *device_label;
  GMenu           *recent_menu;

  /* Owned */
  LacunaDocument  *document;
  LacunaServices  *services; /* until the window is finalized: jobs release it last */
  GSettings       *settings;
  AdwToast        *toast;   /* the last one that tells alone; not owned */
  gboolean         is_about; /* that is about the open photo */
  gint64           told;    /* when that was shown, of the monotonic clock, in µs */
  AdwToast        *forgotten; /* the last one that tells of sessions; not owned */
  GCancellable    *opening; /* cancels the opening under way; NULL: there is none */
  GCancellable    *saving;  /* cancels the save of the photo or project under way; NULL: there is none */
  guint            saving_source;

  LacunaWindowLayout layout;
  int              least[LACUNA_WINDOW_NARROW]; /* width that the header bar needs, by layout; 0: not known */
  int              width, height;
  guint            relayout; /* source that follows them */
  guint            refocus;  /* source that finds the focus a place */

  GHashTable      *offered; /* paths of photos whose lesson was offered */
  GtkWindow       *queue_dialog; /* the last one; not owned */

  char            *next_mask; /* path of the mask to import once the photo is open; NULL: none */
  gboolean         may_pause; /* closing the window may pause a training without asking again */
};

void lacuna_window_init_actions       (LacunaWindow *self);
void lacuna_window_update_actions     (LacunaWindow *self);
void lacuna_window_init_import_export (LacunaWindow *self);
void lacuna_window_init_input         (LacunaWindow *self);
void lacuna_window_init_layout        (LacunaWindow *self);
void lacuna_window_init_keys          (LacunaWindow *self);
void lacuna_window_init_films         (LacunaWindow *self);
void lacuna_window_bind_keys          (GtkWidgetClass *klass);
/* A focus that is nowhere goes to the photo. */
void lacuna_window_check_focus        (LacunaWindow *self);
void lacuna_window_paste              (LacunaWindow *self);
void lacuna_window_import_mask        (LacunaWindow *self, const char *path);
void lacuna_window_save_project       (LacunaWindow *self, const char *path);
void lacuna_window_export_attention   (LacunaWindow *self, const char *path);
void lacuna_window_export_panes       (LacunaWindow *self, const char *path);
/* path: of the report among the files. */
void lacuna_window_export_provenance  (LacunaWindow *self, const char *path);

/* Takes document, which may be NULL, and notifies "document". The one before stays as a session. */
void lacuna_window_set_document (LacunaWindow *self, LacunaDocument *document);
void lacuna_window_update_title (LacunaWindow *self);

/* Lays the header bar out for a width; follow_size does so once sizes were given out. */
void lacuna_window_lay_out     (LacunaWindow *self, int width);
void lacuna_window_follow_size (LacunaWindow *self, int width, int height);

/* The photo is left: takes back what a toast says about it. */
void lacuna_window_drop_toast (LacunaWindow *self);

/* Says in a dialog what went wrong, which can't be overlooked. Says nothing once the window is closed. */
void lacuna_window_complain (LacunaWindow *self, const char *heading, const GError *error);

/* Asks whether what goes on may be ended by what the label says; if so, end is called, and the action of the window, which is
 * a literal, is activated with target, which may be NULL or floating. action: NULL: none. */
void lacuna_window_ask_to_end (LacunaWindow *self, const char *heading, const char *body, const char *label,
                               void (*end) (LacunaWindow *self), const char *action, GVariant *target);
/* FALSE: the photo is not being learnt. Else asks whether to stop that, and to go on with the action then. */
gboolean lacuna_window_ask_about_lesson (LacunaWindow *self, const char *action, GVariant *target);

/* Says that a fill may be poor, and that to learn the photo may help; once for each photo. */
void lacuna_window_offer_lesson (LacunaWindow *self);

/* Goes on with the session of that id. */
void lacuna_window_open_session   (LacunaWindow *self, const char *id);
/* Forgets it, which can be undone for a while. */
void lacuna_window_forget_session (LacunaWindow *self, const char *id);
/* Files, and folders of photos: the photos are then worked on together. */
void lacuna_window_open_several (LacunaWindow *self, const char *const *paths);
/* Follows the photo that is open, what is marked in it, and the states of the others. */
void lacuna_window_update_films (LacunaWindow *self);
/* Whether something is being done to all photos; no other can be opened then. */
gboolean lacuna_window_is_queue_open (LacunaWindow *self);
void lacuna_window_ask_open  (LacunaWindow *self);
void lacuna_window_save      (LacunaWindow *self);
void lacuna_window_cancel_save (LacunaWindow *self);
/* Says that the file is being written, which "saving" cancels; until the other. */
void lacuna_window_begin_saving (LacunaWindow *self, const char *path);
void lacuna_window_end_saving   (LacunaWindow *self);
void lacuna_window_save_as   (LacunaWindow *self, LacunaSaveKind kind);
/* Where what is made of the photo at path belongs: beside it; for samples and pasted pictures, where pictures do. */
GFile *lacuna_window_find_folder (const char *path);

G_END_DECLS

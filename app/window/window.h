/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/document.h"
#include "app/services/services.h"

G_BEGIN_DECLS

/* The one window: header bar, the pages Fill, Training and Models, and the open document. Property, read-only and
 * notified: "document" (LacunaDocument or NULL). */
#define LACUNA_TYPE_WINDOW (lacuna_window_get_type ())
G_DECLARE_FINAL_TYPE (LacunaWindow, lacuna_window, LACUNA, WINDOW, AdwApplicationWindow)

LacunaWindow   *lacuna_window_new            (GtkApplication *application, LacunaServices *services);
/* Returns the open document; NULL: there is none, and the start page is shown. (transfer none) */
LacunaDocument *lacuna_window_get_document   (LacunaWindow *self);

/* Opens a photo or a project; several files, or a folder, are opened together. What is open stays as a session. */
void            lacuna_window_open_files     (LacunaWindow *self, GFile **files, int n_files);
/* mask: an image that marks the hole, or NULL. */
void            lacuna_window_open           (LacunaWindow *self, const char *path, const char *mask);
/* Says in a toast what can be overlooked. Says nothing once the window is closed. document: the one that it is about, while
 * which alone is open it is shown; NULL: it is about none, or names it. */
void            lacuna_window_toast          (LacunaWindow *self, LacunaDocument *document, const char *format,
                                              ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS

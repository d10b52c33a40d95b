/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Says in a dialog over the widget's window what went wrong and what to do, which can't be overlooked. Says nothing
 * once that window is closed. */
void lacuna_complain (GtkWidget *widget, const char *heading, const GError *error);

/* The message with the files that it has between quotation marks named without their folders: where a file lies is known to
 * whoever chose it, and long. A path of the program's own, in its cache, stays. */
char *lacuna_name_files (const char *message);

/* Shows toast, taken, at once. The one shown before goes for good; one with a button comes back after. What has the class
 * “ends-above” ends above it meanwhile, so that it lies over no control. */
void lacuna_show_toast (AdwToastOverlay *overlay, AdwToast *toast);

/* Takes toast back, though it may still wait to be shown. */
void lacuna_dismiss_toast (AdwToast *toast);

G_END_DECLS

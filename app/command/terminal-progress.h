/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A progress bar on standard error, where that is a terminal; else nothing. */
void lacuna_terminal_progress_show  (double fraction, const char *what);
void lacuna_terminal_progress_clear (void);

G_END_DECLS

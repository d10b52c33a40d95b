/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * lacuna_end:
 *
 * Says that the process ends, or becomes another program, in good order; nothing of the engine may be called after it.
 *
 * Returns: %FALSE: a driver still compiles what nobody waits for any more: exit() may then crash in it: end by _exit()
 */
gboolean lacuna_end (void);

G_END_DECLS

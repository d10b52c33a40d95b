/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Drivers are asked for their devices by a program of its own first, lacuna-probe: one that aborts or hangs there costs
 * a platform, not this process. Where the same drivers answered before, they are not asked again.
 *
 * Returns, once a process, what became of that: the names of the platforms that are not to be asked, each with why (what
 * the driver did, and the last words that it said). An empty name stands for all platforms. Owned by the library; empty
 * as a rule, and where the program is not installed. Threads may call it. */
GHashTable *lacuna_probe_get_set_aside (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable that SIGINT and SIGTERM cancel from now on; a second signal
 * ends the program at once. To be called before any thread is started. */
GCancellable *lacuna_interrupt_new (void);

/* Ends the program by the signal that came, if one did, once all is put in order: a shell's loop then ends too. */
void lacuna_interrupt_end (void);

G_END_DECLS

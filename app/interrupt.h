#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable that SIGINT and SIGTERM cancel from now on; a second signal
 * ends the program at once. To be called before any thread is started. */
GCancellable *lacuna_interrupt_new (void);

G_END_DECLS

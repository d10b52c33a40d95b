/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this process is kept from for good, as far as the system knows how. Private to the codec room. */
typedef enum {
  LACUNA_CONFINED_LIMITS   = 1 << 0, /* memory, size of files, their number, no core */
  LACUNA_CONFINED_FILES    = 1 << 1, /* by Landlock: no file can be opened, but memory that has no name */
  LACUNA_CONFINED_SYSCALLS = 1 << 2, /* by seccomp: what a codec needs; no socket, program, process or signal for another,
                                      * and where there is no Landlock nothing is opened at all */
} LacunaConfinement;

/* Nothing may be left to be loaded. Threads made later are confined too. */
LacunaConfinement lacuna_confine (void);

/* Whether memory without a name can be opened by its number in /proc, as Exiv2 has to: TRUE but where a system has
 * seccomp and no Landlock. */
gboolean lacuna_confine_may_open (void);

/* Sets how much memory and, from now on, processor time the process may take. n_encoded: pixels that are encoded, which
 * may take more than the decoder of any photo; 0: none. */
void lacuna_confine_work (guint64 n_encoded, guint seconds);

G_END_DECLS

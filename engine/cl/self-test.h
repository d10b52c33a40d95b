/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* What a driver may do to the process that builds by it, end or hang, and wrong numbers, are met before: a device that is
 * new, whose driver changed, or that was in use when a process ended uncleanly, is tried by a program of its own first,
 * lacuna-self-test, which builds the kernels of a fill and compares what a small network gives. The kernels stay in the
 * cache. A device that fails is set aside (verdict.h; lacuna_device_get_note tells) and the next one taken. */

/* As lacuna_device_find, and G_IO_ERROR_CANCELLED. */
LacunaDevice *lacuna_self_test_find      (const char *name, GCancellable *cancellable, GError **error);
/* As lacuna_device_find_next, and NULL where it was cancelled. */
LacunaDevice *lacuna_self_test_find_next (LacunaDevice *failed, GCancellable *cancellable);

/* At most so many seconds from one step of the program to the next, for tests. */
void          lacuna_self_test_limit_patience (guint seconds);

/* How the program ends: lacuna-self-test PLATFORM PLACE prints a line each step, and last why a device failed. */
enum {
  LACUNA_SELF_TEST_PASSED,
  LACUNA_SELF_TEST_FAILED,
  LACUNA_SELF_TEST_UNDECIDED, /* no fault of the device */
};

G_END_DECLS

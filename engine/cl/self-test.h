/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/cl/device.h"

G_BEGIN_DECLS

/* A device is tried before it is used if it is new, if its driver changed, or if it was in use when a process ended
 * uncleanly: a driver may end the process that builds by it, hang, or give wrong numbers. A program of its own,
 * lacuna-self-test, builds the kernels of a fill and compares what a small network gives. The kernels stay in the
 * cache. A device that fails is set aside (verdict.h; lacuna_device_get_note tells) and the next one taken. */

/* Finds a device like lacuna_device_find, and tries it first. The error may be G_IO_ERROR_CANCELLED too. */
LacunaDevice *lacuna_self_test_find      (const char *name, GCancellable *cancellable, GError **error);
/* Finds the next device like lacuna_device_find_next, and tries it first. NULL also means that it was cancelled. */
LacunaDevice *lacuna_self_test_find_next (LacunaDevice *failed, GCancellable *cancellable);

/* Allows at most so many seconds from one step of the program to the next; for tests. */
void          lacuna_self_test_limit_patience (guint seconds);

/* How the program ends: lacuna-self-test PLATFORM PLACE prints a line each step, and last why a device failed. */
enum {
  LACUNA_SELF_TEST_PASSED,
  LACUNA_SELF_TEST_FAILED,
  LACUNA_SELF_TEST_UNDECIDED, /* no fault of the device */
};

G_END_DECLS

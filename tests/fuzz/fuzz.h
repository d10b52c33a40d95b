/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A fuzz target's entry; libFuzzer calls it, or else replay.c. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

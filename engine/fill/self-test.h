/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/context.h"

G_BEGIN_DECLS

/* Builds the kernels of a fill, and runs a network of the default model's width and of weights that are made by a
 * formula, whose result is known. step is called before each that may take long. LACUNA_ERROR_DEVICE: the numbers are
 * wrong; other errors of the device. */
gboolean lacuna_self_test_run (LacunaContext *context, void (*step) (gpointer data), gpointer data, GError **error);

G_END_DECLS

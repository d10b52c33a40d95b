/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before the first call of OpenCL: marks that it is being used. Cheap where that was said before. */
void lacuna_pocl_begin (void);

/* Says that the process ends, or becomes another program, in good order: unless it does, PoCL's cache of kernels may be
 * damaged, and the next process begins it anew. No OpenCL after it. */
void lacuna_pocl_end (void);

G_END_DECLS

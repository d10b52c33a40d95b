/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks that OpenCL is being used; called before its first call. Further calls are cheap. */
void lacuna_pocl_begin (void);

/* Marks that the device of a verdict of that name (verdict.h) is being used: unless the process ends in good order it
 * is tried anew before it is used again. */
void lacuna_pocl_use (const char *verdict);

/* Deletes PoCL's kernels where the cache is the program's own and no other process uses it; it must be called
 * before this process uses any. */
void lacuna_pocl_clear (void);

/* Deletes a folder and all in it. */
void lacuna_pocl_delete_folder (const char *path);

/* Says that the process ends, or becomes another program, in good order: unless it does, PoCL's cache of kernels may be
 * damaged, and the next process begins it anew. No OpenCL after it. */
void lacuna_pocl_end (void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/buffer.h"

G_BEGIN_DECLS

/* An entry point of a program of kernels/, built for a context's device. */
typedef struct _LacunaKernel LacunaKernel;

/* program: file name in kernels/ without ".cl"; options: the -D tunables, NULL
 * for none. The binary comes from the cache on disk where it can. Programs are
 * shared within the context. LACUNA_ERROR_BUILD carries the build log. */
LacunaKernel *lacuna_kernel_new   (LacunaContext *context, const char *program, const char *entry,
                                   const char *options, GError **error);
LacunaKernel *lacuna_kernel_ref   (LacunaKernel *self);
void          lacuna_kernel_unref (LacunaKernel *self);

typedef struct {
  enum {
    LACUNA_ARGUMENT_BUFFER,
    LACUNA_ARGUMENT_INT,
    LACUNA_ARGUMENT_INT4,
    LACUNA_ARGUMENT_FLOAT,
    LACUNA_ARGUMENT_LOCAL,
  } kind;
  union {
    LacunaBuffer *buffer;
    gint32        i;
    gint32        i4[4];
    float         f;
    gsize         n_bytes; /* of local memory for each work-group */
  };
} LacunaArgument;

#define LACUNA_BUFFER_ARG(x) ((LacunaArgument){ LACUNA_ARGUMENT_BUFFER, { .buffer = (x) } })
#define LACUNA_INT_ARG(x)    ((LacunaArgument){ LACUNA_ARGUMENT_INT, { .i = (gint32) (x) } })
#define LACUNA_INT4_ARG(x, y, z, w) \
  ((LacunaArgument){ LACUNA_ARGUMENT_INT4, { .i4 = { (gint32) (x), (gint32) (y), (gint32) (z), (gint32) (w) } } })
#define LACUNA_FLOAT_ARG(x)  ((LacunaArgument){ LACUNA_ARGUMENT_FLOAT, { .f = (x) } })
#define LACUNA_LOCAL_ARG(x)  ((LacunaArgument){ LACUNA_ARGUMENT_LOCAL, { .n_bytes = (x) } })

/* Enqueues the kernel over width × height × depth work-groups of the size that
 * the kernel requires (reqd_work_group_size), or else of one work-item each.
 * The arguments are those of the kernel's signature, checked in number.
 * Buffers may be unreferenced as soon as this returns. */
gboolean lacuna_kernel_launch_array (LacunaKernel *self, gsize width, gsize height, gsize depth,
                                     const LacunaArgument *arguments, guint n_arguments, GError **error);

#define lacuna_kernel_launch(self, width, height, depth, error, ...)                                    \
  lacuna_kernel_launch_array ((self), (width), (height), (depth),                                       \
                              (const LacunaArgument[]){ __VA_ARGS__ },                                  \
                              G_N_ELEMENTS (((const LacunaArgument[]){ __VA_ARGS__ })), (error))

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaKernel, lacuna_kernel_unref)

G_END_DECLS

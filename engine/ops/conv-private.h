/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"
#include "engine/ops/conv.h"

G_BEGIN_DECLS

/* What the files of convolutions share. */

/* The program that computes a layer, and its tiles. */
typedef struct {
  const char *program;
  gboolean    winograd;
  guint       lanes;         /* floats of a vector of sums: of output channels, or of half as many and their gates */
  guint       in_lanes;      /* of input channels, Winograd only */
  guint       p, ob;         /* register tile: pixels × vectors of output channels */
  guint       slab;          /* input channels at a time, Winograd only */
  guint       blocks;        /* of output channels at a time, 0: all, Winograd only */
  guint       t;             /* most tiles of a work-group, Winograd only */
  guint       rows, columns; /* work-items along pixels and along vectors, 1 on a CPU */
} LacunaConvTiling;

/* Sums of a work-group. */
static inline guint
lacuna_conv_tiling_get_block (const LacunaConvTiling *self)
{
  return self->lanes * self->ob * self->columns;
}

struct _LacunaConv {
  LacunaConvForm   form;
  gboolean         transposed; /* from y's size to x's: the stride spreads the outputs */
  LacunaConvTiling tiling;
  guint            compute_units;
  LacunaKernel    *kernel;
  LacunaKernel    *pack;       /* NULL for weights from the host */
  LacunaBuffer    *transforms; /* of the weights, Winograd that learns only */
  LacunaBuffer    *weight;     /* in the order that the kernel states */
  LacunaBuffer    *bias;       /* followed by zeros, a row of taps of every channel */
  LacunaBuffer    *no_bias;    /* zeros of that size, or NULL */
};

/* Returns the floats of the longest vector, up to most, that divides the channels; 0 where it has less than 4. */
guint lacuna_conv_get_lanes (guint channels, guint most);

/* A buffer of n floats: values, or zeros where that is NULL. */
LacunaBuffer *lacuna_conv_upload (LacunaContext *context, const float *values, gsize n, GError **error);

/* The map that winograd.cl reads or writes in phases, by the parity of row and column: none, x, or y. */
typedef enum {
  LACUNA_CONV_WHOLE,
  LACUNA_CONV_X_IN_PHASES,
  LACUNA_CONV_Y_IN_PHASES,
} LacunaConvPhases;
LacunaConvPhases lacuna_conv_get_phases (LacunaConv *self);

/* A layer with its program and tiles, and no weights. */
LacunaConv *lacuna_conv_new_bare (LacunaContext *context, const LacunaConvForm *form, gboolean learning,
                                  gboolean transposed, GError **error);

/* A layer that learns, with stride 2 from maps of half the size: form's in and out are its own. By Winograd
 * lacuna_conv_forward_linear computes it; else it is weights alone, for conv-data.cl. */
LacunaConv *lacuna_conv_new_transposed (LacunaContext *context, const LacunaConvForm *form, GError **error);

/* Returns the number of sums with those that fill up vectors of channels and their gates: whole vectors where they are
 * gated. */
guint lacuna_conv_get_sums (LacunaConv *self);

/* Floats of weight and bias as the kernel wants them. */
gsize lacuna_conv_get_packed_size (LacunaConv *self);
guint lacuna_conv_get_bias_size   (LacunaConv *self);

/* Computes an area of y as the layer does, with that bias and activation instead of its own. */
gboolean lacuna_conv_launch (LacunaConv *self, LacunaTensor *x, LacunaTensor *y, LacunaArea area, LacunaBuffer *bias,
                             LacunaActivation activation, GError **error);

G_END_DECLS

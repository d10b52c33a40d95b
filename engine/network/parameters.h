/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/cl/kernel.h"
#include "engine/ops/conv-gradient.h"

G_BEGIN_DECLS

/* What a network learns, in one buffer of n floats on the device, with its
 * gradient, Adam's moments and the running average. */
typedef enum {
  LACUNA_PARAMETERS_VALUE,
  LACUNA_PARAMETERS_FIRST,   /* moment */
  LACUNA_PARAMETERS_SECOND,  /* moment */
  LACUNA_PARAMETERS_AVERAGE,
  LACUNA_N_PARAMETERS,
} LacunaParametersSet;

typedef struct {
  gsize         n;
  LacunaBuffer *gradient;
  LacunaBuffer *sets[LACUNA_N_PARAMETERS];
  LacunaBuffer *next[LACUNA_N_PARAMETERS]; /* what the last update wrote, until it is committed */
  guint         steps;                     /* committed, of Adam */
  /*< private >*/
  LacunaContext *context;
  LacunaKernel  *adam, *squares;
} LacunaParameters;

/* values: n floats, copied: the values and their average. Moments and gradient are 0. */
LacunaParameters *lacuna_parameters_new  (LacunaContext *context, const float *values, gsize n, GError **error);
void              lacuna_parameters_free (LacunaParameters *self);

gboolean lacuna_parameters_clear_gradient (LacunaParameters *self, GError **error);
gboolean lacuna_parameters_read  (LacunaParameters *self, LacunaParametersSet set, float *values, GError **error);
gboolean lacuna_parameters_write (LacunaParameters *self, LacunaParametersSet set, const float *values, GError **error);

/* A step of Adam (β 0.5 and 0.9) by the gradient, into next: elements before first stay. decay: of the average;
 * clip: most that the gradient's norm may be, 0: any. */
gboolean lacuna_parameters_update (LacunaParameters *self, gsize first, double rate, double decay, double clip,
                                   GError **error);
/* Swaps sets and next, so that the last update counts from now on, and counts its step. */
void     lacuna_parameters_commit (LacunaParameters *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaParameters, lacuna_parameters_free)

/* A convolution whose weights and biases lie at weight and bias of such a buffer. */
typedef struct {
  LacunaConvForm      form;
  LacunaConv         *conv;
  LacunaConvGradient *gradient;
  gsize               weight, bias;
} LacunaLearnedConv;

/* wanted as in conv-gradient.h. Takes its place from *at on, and moves that. */
gboolean lacuna_learned_conv_init  (LacunaLearnedConv *self, LacunaContext *context, const LacunaConvForm *form,
                                    guint wanted, gsize *at, GError **error);
void     lacuna_learned_conv_clear (LacunaLearnedConv *self);
gboolean lacuna_learned_conv_pack  (LacunaLearnedConv *self, LacunaBuffer *values, GError **error);
/* Glorot and Bengio's uniform weights, and biases of 0, for the layer's part of values. */
void     lacuna_learned_conv_randomize (LacunaLearnedConv *self, GRand *rand, float *values);

G_END_DECLS

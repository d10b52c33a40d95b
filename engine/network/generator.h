/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/network/forward.h"
#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* The two-stage generator of Yu et al. 2018, or of 2019 (engine/network/NETWORK.md,
 * "Generator" and "Gated convolutions"), of any width, with its weights on one device. */
typedef struct _LacunaGenerator LacunaGenerator;

/* progress is told the share of programs built, 0 to 1; NULL: no one.
 * LACUNA_ERROR_UNFIT names a missing, unknown, misshapen or non-finite tensor. */
typedef void (*LacunaGeneratorProgress) (double fraction, gpointer data);

LacunaGenerator *lacuna_generator_new  (LacunaContext *context, LacunaWeights *weights,
                                        LacunaGeneratorProgress progress, gpointer data, GError **error);
/* Makes a generator of the first architecture. values: weights and then biases of layer after layer, as
 * out×in×kernel×kernel and out floats. */
LacunaGenerator *lacuna_generator_new_from_values (LacunaContext *context, guint width, const float *values,
                                                   LacunaGeneratorProgress progress, gpointer data, GError **error);
void             lacuna_generator_free (LacunaGenerator *self);
LacunaNetwork    lacuna_generator_get_network (LacunaGenerator *self);

typedef struct {
  /* Called with every layer's output under its checkpoint name as soon as it is launched, "coarse" and "refined"
   * (clipped) among them; NULL: nobody is. The tensor is valid during the call. FALSE with error set stops the run. */
  gboolean (*layer) (const char *name, LacunaTensor *y, gpointer data, GError **error);
  gpointer data;
  gboolean      scores; /* keep the attention scores */
  /* height/8×width/8 on the host: how free the attention is to copy each key's patch, from 1 to 0; NULL: all alike. */
  const float  *keys;
  /* The features that an earlier run with the same image, mask and area made: the run goes on from them, and has no
   * coarse result. Empty ones are filled in if there is memory. NULL: neither. */
  LacunaFeatures *features;
  /* The area of which outputs are wanted, which has to hold the whole hole; nothing else is computed that can be
   * left out, and the outputs are zero outside. So are scores and index but for the queries that this needs. Height
   * 0: all. */
  LacunaArea    area;
} LacunaGeneratorOptions;

/* mask: height×width, 1 in the hole. Returns height/8×width/8 floats: 1 where a key of the attention is known, else
 * 0. */
float *lacuna_generator_find_keys (const float *mask, guint height, guint width);

/* Returns what the attention compares of features of a height×width image (g_free): height/8×width/8×channels floats,
 * as queries and as keys (engine/network/NETWORK.md, "Contextual attention", step 2). NULL: no memory. */
float *lacuna_generator_halve_features (const LacunaFeatures *features, guint height, guint width);

typedef struct {
  LacunaTensor *coarse;  /* 1×3×height×width, clipped to [-1, 1]; NULL where the run went on from features */
  LacunaTensor *refined; /* the same */
  LacunaTensor *scores;  /* 1×1×queries×keys, or NULL */
  LacunaBuffer *index;   /* queries int32, best key */
} LacunaGeneratorOutput;

/* image: 1×3×height×width in [-1, 1] with the hole blanked (times 1 - mask);
 * mask: height×width on the host, 1 in the hole; height and width multiples
 * of 8, at least 16. Launches only: reading an output waits. */
gboolean lacuna_generator_forward (LacunaGenerator *self, LacunaTensor *image, const float *mask,
                                   const LacunaGeneratorOptions *options,
                                   LacunaGeneratorOutput *ret_output, GError **error);
void     lacuna_generator_output_clear (LacunaGeneratorOutput *self);

/* Bytes of device memory that a run of that size takes beyond the weights. */
guint64  lacuna_generator_get_memory (LacunaGenerator *self, guint height, guint width, gboolean scores);
/* Bytes that the last run's memory is kept of for a next one of its size, and letting go of them. */
guint64  lacuna_generator_get_held (LacunaGenerator *self);
void     lacuna_generator_rest     (LacunaGenerator *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaGenerator, lacuna_generator_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaGeneratorOutput, lacuna_generator_output_clear)

G_END_DECLS

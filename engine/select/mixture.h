/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/color.h"

G_BEGIN_DECLS

#define LACUNA_MIXTURE_SIZE 8
#define LACUNA_MIXTURE_MAX_SAMPLES 8000 /* spots that one is learnt from, of a whole photo */

/* A colour and where it is: x and y in shares of the longer side of what is looked at. */
typedef struct {
  LacunaColor color;
  float       place[2];
} LacunaSpot;

/* A mixture of Gaussians, the model of which colours a thing (or what is around it) has, and where. In each, colours
 * and places are independent. */
typedef struct {
  guint n; /* up to LACUNA_MIXTURE_SIZE; 0: it saw no colours, and all cost the same */
  struct {
    float mean[3];
    float inverse[6]; /* of the covariance: 00 01 02 11 12 22 */
    float middle[2];
    float widths[2];  /* 1 / the variance of each coordinate of places */
    float factor;     /* weight / √((2π)⁵ · the product of all variances) */
  } parts[LACUNA_MIXTURE_SIZE];
} LacunaMixture;

/* Learns the model of n spots, each with its weight (0: it is left out): they are split along the principal axis of the
 * colours of the widest part until there are enough (Orchard and Bouman 1991), and then told apart by the parts
 * themselves a few times, as Rother et al. do. */
void  lacuna_mixture_fit      (LacunaMixture *self, const LacunaSpot *spots, const float *weights, gsize n);
/* −ln of the probability density of a spot: how little it is one of these. It is bounded: any is possible. */
float lacuna_mixture_get_cost (const LacunaMixture *self, const LacunaSpot *spot);

G_END_DECLS

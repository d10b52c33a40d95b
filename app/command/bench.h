/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/bench.h"

G_BEGIN_DECLS

/* What the parts of `lacuna bench` share. */
typedef struct {
  char    *weights;
  char    *device;
  int      size;
  int      runs;
  double   hole; /* its side as a share of the image's side; NaN: not given */
  int      width, side, batch; /* what a step of training is timed with */
  gboolean no_critics, profile; /* the same */
  gboolean json;
} LacunaBenchOptions;

/* What is timed: a network and its input, on the device. */
typedef struct {
  LacunaContext   *context;
  LacunaGenerator *generator;
  LacunaTensor    *image;
  float           *values; /* the image's, in host memory */
  float           *mask;
  LacunaArea       hole; /* the hole and the surroundings that a fill takes */
} LacunaBench;

/* lacuna_bench_open() makes the context alone, lacuna_bench_prepare() all members. */
gboolean lacuna_bench_open    (LacunaBench *self, const LacunaBenchOptions *options, GError **error);
gboolean lacuna_bench_prepare (LacunaBench *self, const LacunaBenchOptions *options, GError **error);
void     lacuna_bench_clear   (LacunaBench *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaBench, lacuna_bench_clear)

/* Prints what every operation of a run takes, and the device's limits beside it. */
gboolean lacuna_bench_ops (LacunaBench *self, const LacunaBenchOptions *options, GError **error);

/* Prints what a step of training takes from random weights, and, profiled, what every kernel takes of it. */
gboolean lacuna_bench_train (LacunaBench *self, const LacunaBenchOptions *options, GError **error);

G_END_DECLS

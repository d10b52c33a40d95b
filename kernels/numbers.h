/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that the host and the kernels share. C and OpenCL C both read this file, which stands before every program. */
#ifndef LACUNA_NUMBERS_H
#define LACUNA_NUMBERS_H

/* f of y = f(weight * x + bias). */
typedef enum {
  LACUNA_ACTIVATION_NONE,
  LACUNA_ACTIVATION_ELU,        /* x > 0 ? x : exp(x) - 1 */
  LACUNA_ACTIVATION_RELU,       /* max(x, 0) */
  LACUNA_ACTIVATION_LEAKY_RELU, /* x > 0 ? x : 0.2·x */
  LACUNA_ACTIVATION_TANH,
  /* Of gated convolutions, with twice as many sums as outputs: the activation of the first half, each times the
   * logistic function 1 / (1 + exp(-x)) of its like in the second. Forward alone. */
  LACUNA_ACTIVATION_GATED_ELU,
  LACUNA_ACTIVATION_GATED_RELU,
} LacunaActivation;

#define LACUNA_ADAM_CHUNK 4096   /* parameters of a work-group of adam.cl */
#define LACUNA_SUM_CHANNELS 8    /* of x, of a work-group of conv-weight.cl's sum_parts */

#define LACUNA_PATCH_RADIUS 3    /* pixels of a patch before and behind its middle */
#define LACUNA_NO_OFFSET (-32768) /* in both parts of the offset of what is no target */
#define LACUNA_HELD 100       /* confidence of a target whose offset is given and stays; 1 is the most of others */
#define LACUNA_KNOWN 64          /* weight of a known pixel of a level's image, its fourth channel; it is less where */
#define LACUNA_OTHER 63          /* others are preferred to it, and where */
#define LACUNA_BARRED 62         /* it may not be copied; of what is not known it is less than that */

#endif

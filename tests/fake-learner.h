/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/learner.h"

/* A learner that makes no gradients, for tests of what is around it: each step
 * adds fake_learner_drift times the rate to the refined result's colours, and
 * its losses depend on all that it was given so far. Its random weights are
 * those of the golden generator. */
extern double  fake_learner_drift;
extern guint64 fake_learner_nan_at;    /* the step, counted from 1 over the process, whose losses are not finite; 0: none */
extern guint64 fake_learner_lost_at;   /* the step at which the device fails */
extern guint64 fake_learner_n_steps;   /* so far */
extern guint   fake_learner_max_items; /* of a batch or its part that fit the memory */
extern guint   fake_learner_pause;     /* microseconds that a step takes, in pieces of a millisecond */
extern gint    fake_learner_is_held;   /* atomic: whether the making of a learner waits */

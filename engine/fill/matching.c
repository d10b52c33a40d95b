/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PatchMatch (Barnes et al. 2009) on one level: launches of propagation and random search lower the cost of each
 * target's offset (kernels/match.cl), and then the patches vote on the image (kernels/vote.cl). Each launch writes
 * `next`, which is then swapped with `offsets`, so that `offsets` has the latest and a result does not depend on the
 * order of work-items. It runs on the engine's thread. */
#include "engine/fill/matching.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"

#define SPAN 64 /* columns of a work-group */
#define PATCH_SIDE (2 * LACUNA_PATCH_RADIUS + 1)
#define COHERENCE 0.3f
#define LARGEST_DIFFERENCE (3.0f * 255.0f * 255.0f) /* of two pixels */

struct _LacunaMatching {
  LacunaContext *context;
  LacunaKernel *measure, *propagate, *search, *refine, *weigh, *vote;
};

/* A level being matched, and what holds during an iteration. */
typedef struct {
  LacunaMatching *matching;
  LacunaLevel *level;
  const LacunaSearch *search;
  LacunaBuffer *uses; /* an int a pixel of the window */
  gsize groups;       /* of a row */
  float coherence, overuse;
  float mean_square; /* of the mean root of the costs */
  guint seed;
} MatchingRun;

LacunaMatching *
lacuna_matching_new (LacunaContext *context, GError **error)
{
  g_autofree char *options = g_strdup_printf ("-D SPAN=%d", SPAN);
  g_autoptr (LacunaMatching) self = g_new0 (LacunaMatching, 1);

  self->context = g_object_ref (context);
  if ((self->measure = lacuna_kernel_new (context, "match", "measure", options, error)) == NULL
      || (self->propagate = lacuna_kernel_new (context, "match", "propagate", options, error)) == NULL
      || (self->search = lacuna_kernel_new (context, "match", "search", options, error)) == NULL
      || (self->refine = lacuna_kernel_new (context, "match", "refine", options, error)) == NULL
      || (self->weigh = lacuna_kernel_new (context, "vote", "weigh", options, error)) == NULL
      || (self->vote = lacuna_kernel_new (context, "vote", "vote", options, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_matching_free (LacunaMatching *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->measure, lacuna_kernel_unref);
  g_clear_pointer (&self->propagate, lacuna_kernel_unref);
  g_clear_pointer (&self->search, lacuna_kernel_unref);
  g_clear_pointer (&self->refine, lacuna_kernel_unref);
  g_clear_pointer (&self->weigh, lacuna_kernel_unref);
  g_clear_pointer (&self->vote, lacuna_kernel_unref);
  g_object_unref (self->context);
  g_free (self);
}

static gsize
count_groups (LacunaLevel *level)
{
  return (level->box.width + SPAN - 1) / SPAN;
}

static gboolean
measure (MatchingRun *run, GError **error)
{
  LacunaLevel *level = run->level;

  return lacuna_kernel_launch (
      run->matching->measure, run->groups, level->box.height, 1, error, LACUNA_BUFFER_ARG (level->geometry),
      LACUNA_BUFFER_ARG (level->image), LACUNA_BUFFER_ARG (level->guide), LACUNA_BUFFER_ARG (level->valid),
      LACUNA_BUFFER_ARG (run->uses), LACUNA_BUFFER_ARG (level->strength), LACUNA_BUFFER_ARG (level->offsets),
      LACUNA_BUFFER_ARG (level->cost), LACUNA_FLOAT_ARG (run->search->colour), LACUNA_FLOAT_ARG (run->search->activity),
      LACUNA_FLOAT_ARG (run->search->reluctance), LACUNA_FLOAT_ARG (run->overuse));
}

static void
swap_offsets (LacunaLevel *level)
{
  LacunaBuffer *offsets = level->offsets;

  level->offsets = level->next;
  level->next = offsets;
}

static gboolean
propagate (MatchingRun *run, int step, GError **error)
{
  LacunaLevel *level = run->level;

  if (!lacuna_kernel_launch (
          run->matching->propagate, run->groups, level->box.height, 1, error, LACUNA_BUFFER_ARG (level->geometry),
          LACUNA_BUFFER_ARG (level->image), LACUNA_BUFFER_ARG (level->guide), LACUNA_BUFFER_ARG (level->valid),
          LACUNA_BUFFER_ARG (run->uses), LACUNA_BUFFER_ARG (level->trust), LACUNA_BUFFER_ARG (level->strength),
          LACUNA_BUFFER_ARG (level->offsets), LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (level->cost),
          LACUNA_FLOAT_ARG (run->search->colour), LACUNA_FLOAT_ARG (run->search->activity),
          LACUNA_FLOAT_ARG (run->search->reluctance), LACUNA_FLOAT_ARG (run->coherence),
          LACUNA_FLOAT_ARG (run->overuse), LACUNA_INT_ARG (step)))
    return FALSE;
  swap_offsets (level);
  return TRUE;
}

static gboolean
search (MatchingRun *run, GError **error)
{
  LacunaLevel *level = run->level;

  if (!lacuna_kernel_launch (
          run->matching->search, run->groups, level->box.height, 1, error, LACUNA_BUFFER_ARG (level->geometry),
          LACUNA_BUFFER_ARG (level->image), LACUNA_BUFFER_ARG (level->guide), LACUNA_BUFFER_ARG (level->valid),
          LACUNA_BUFFER_ARG (run->uses), LACUNA_BUFFER_ARG (level->trust), LACUNA_BUFFER_ARG (level->strength),
          LACUNA_BUFFER_ARG (level->offsets), LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (level->cost),
          LACUNA_FLOAT_ARG (run->search->colour), LACUNA_FLOAT_ARG (run->search->activity),
          LACUNA_FLOAT_ARG (run->search->reluctance), LACUNA_FLOAT_ARG (run->coherence),
          LACUNA_FLOAT_ARG (run->overuse), LACUNA_INT_ARG (run->search->radius), LACUNA_INT_ARG (run->seed++)))
    return FALSE;
  swap_offsets (level);
  return TRUE;
}

static gboolean
match (MatchingRun *run, int passes, GError **error)
{
  if (!measure (run, error))
    return FALSE;
  for (int i = 0; i < passes; i++)
    {
      for (int step = run->search->first_step; step > 0; step /= 2)
        if (!propagate (run, step, error))
          return FALSE;
      if (!search (run, error))
        return FALSE;
    }
  return TRUE;
}

/* Finds mean_square, the square of the mean root of the targets' costs. */
static gboolean
find_mean (MatchingRun *run, GError **error)
{
  gsize n = lacuna_level_get_n_targets (run->level), n_targets = 0;
  g_autofree float *cost = g_try_new (float, n);
  double sum = 0.0;

  if (cost == NULL)
    {
      lacuna_error_set_memory (error, _ ("what the patches cost"));
      return FALSE;
    }
  if (!lacuna_buffer_read (run->level->cost, 0, cost, n * sizeof (float), error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (run->level->confidence[i] > 0.0f)
      {
        sum += sqrtf (cost[i]);
        n_targets++;
      }
  sum /= MAX (n_targets, 1);
  run->mean_square = sum * sum;
  return lacuna_buffer_check_floats (run->level->cost, &run->mean_square, 1, error);
}

static gboolean
vote (MatchingRun *run, GError **error)
{
  LacunaLevel *level = run->level;

  return find_mean (run, error)
         && lacuna_kernel_launch (run->matching->weigh, run->groups, level->box.height, 1, error,
                                  LACUNA_BUFFER_ARG (level->geometry), LACUNA_BUFFER_ARG (level->trust),
                                  LACUNA_BUFFER_ARG (level->cost), LACUNA_BUFFER_ARG (level->weight),
                                  LACUNA_FLOAT_ARG (1.0f / (2.0f * run->mean_square + 1e-3f)))
         && lacuna_kernel_launch (run->matching->vote, run->groups, level->box.height, 1, error,
                                  LACUNA_BUFFER_ARG (level->geometry), LACUNA_BUFFER_ARG (level->hole),
                                  LACUNA_BUFFER_ARG (level->trust), LACUNA_BUFFER_ARG (level->offsets),
                                  LACUNA_BUFFER_ARG (level->weight), LACUNA_BUFFER_ARG (level->image));
}

/* Replaces each value by the sum of the PATCH_SIDE values around it, along lines. line: room for one of them. */
static void
add_up (gint32 *values, int n_lines, gsize line_step, int length, gsize step, gint32 *line)
{
  for (int k = 0; k < n_lines; k++)
    {
      gint32 *start = values + k * line_step, sum = 0;

      for (int i = 0; i < length; i++)
        line[i] = start[i * step];
      for (int i = -LACUNA_PATCH_RADIUS; i < length; i++)
        {
          if (i + LACUNA_PATCH_RADIUS < length)
            sum += line[i + LACUNA_PATCH_RADIUS];
          if (i > LACUNA_PATCH_RADIUS)
            sum -= line[i - LACUNA_PATCH_RADIUS - 1];
          if (i >= 0)
            start[i * step] = sum;
        }
    }
}

/* Counts how many targets' patches take from each pixel of the window, for the kernels. */
static gboolean
count_uses (MatchingRun *run, GError **error)
{
  LacunaLevel *level = run->level;
  gsize n = lacuna_level_get_n_targets (level), n_window = (gsize) level->width * level->height;
  g_autofree gint16 *offsets = g_try_new (gint16, 2 * n);
  g_autofree gint32 *uses = g_try_new0 (gint32, n_window);
  g_autofree gint32 *line = g_try_new (gint32, MAX (level->width, level->height));

  if (offsets == NULL || uses == NULL || line == NULL)
    {
      lacuna_error_set_memory (error, _ ("how often patches are used"));
      return FALSE;
    }
  if (!lacuna_level_read_offsets (level, level->offsets, LACUNA_PATCH_RADIUS, offsets, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (level->confidence[i] > 0.0f)
      {
        int x = level->box.x + (int) (i % level->box.width) + offsets[2 * i];
        int y = level->box.y + (int) (i / level->box.width) + offsets[2 * i + 1];

        uses[(gsize) y * level->width + x]++;
      }
  add_up (uses, level->height, level->width, level->width, 1, line);
  add_up (uses, level->width, 1, level->height, level->width, line);
  return lacuna_buffer_write (run->uses, 0, uses, n_window * sizeof (gint32), error);
}

gboolean
lacuna_matching_run (LacunaMatching *self, LacunaLevel *level, const LacunaSearch *how, GError **error)
{
  gsize n_window = how->spread ? (gsize) level->width * level->height : 1;
  g_autoptr (LacunaBuffer) uses = lacuna_buffer_new (self->context, n_window * sizeof (gint32), error);
  MatchingRun run = { self, level, how, uses, count_groups (level), .seed = how->seed };

  if (uses == NULL || (how->first_passes > 0 && !match (&run, how->first_passes, error)) || !vote (&run, error))
    return FALSE;
  for (int i = 0; i < how->iterations; i++)
    {
      if (!find_mean (&run, error) || (how->spread && !count_uses (&run, error)))
        return FALSE;
      run.coherence = COHERENCE * run.mean_square;
      /* It is part of what the mean is taken of, and few sources for many targets are used often whatever that costs. */
      run.overuse = how->spread ? MIN (run.mean_square, LARGEST_DIFFERENCE) : 0.0f;
      if (!match (&run, how->passes, error) || !vote (&run, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
lacuna_matching_refine (LacunaMatching *self, LacunaLevel *coarse, LacunaLevel *level, int x, int y, GError **error)
{
  return lacuna_kernel_launch (
      self->refine, count_groups (level), level->box.height, 1, error, LACUNA_BUFFER_ARG (coarse->geometry),
      LACUNA_BUFFER_ARG (coarse->offsets), LACUNA_BUFFER_ARG (coarse->cost), LACUNA_BUFFER_ARG (level->geometry),
      LACUNA_BUFFER_ARG (level->valid), LACUNA_BUFFER_ARG (level->trust), LACUNA_BUFFER_ARG (level->offsets),
      LACUNA_BUFFER_ARG (level->cost), LACUNA_INT_ARG (x), LACUNA_INT_ARG (y));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the guide of the detail stage on the host, at the network's scale (engine/fill/DETAIL.md): the blurred colours
 * of the result, the activity A that the fill is to have, and how far both may be off. What depends on the region's
 * input alone is kept in a LacunaGuideBase, from which another result for the same input gets the same guide; the region
 * is only read. It runs on the engine's thread. */
#include "engine/fill/guide.h"

#include <math.h>
#include <string.h>

#include "engine/fill/border.h"
#include "engine/fill/region-private.h"
#include "engine/photo/samples.h"
#include "engine/photo/shape.h"

#define CHANNELS 3
#define COLOR_SIGMA 2.0f
#define ACTIVITY_SIGMA 2.5f
#define ACTIVITY_UNIT 45.0f
#define SHARPER 1.5f /* than the guide’s edges are those of the photo, at least */
#define SPREAD_SIGMA 16.0f

typedef struct {
  int width, height;
  gsize n;
  float *colors;     /* three planes, 0 to 255, blurred */
  float *activity;
  float *deviation;  /* of the activity */
  float *error;      /* in the hole the distance to what is known, then the error to be expected */
  const float *hole; /* 1 in it, 0 elsewhere */
  float *line;       /* for one of blur_lines */
} Guide;

#define MOST_RADIUS 48
#define LANES 8 /* values that are blurred side by side, as the processor has it */

/* Gaussian mean along lines of length values that lie step apart, mirrored at the ends. line: for one, and for
 * MOST_RADIUS values more at both ends and LANES beyond. */
static void
blur_lines (float *values, int n_lines, gsize line_step, int length, gsize step, float sigma, float *line)
{
  int radius = (int) ceilf (3.0f * sigma);
  float weights[MOST_RADIUS + 1], sum = 0.0f;

  g_assert (radius <= MOST_RADIUS);

  for (int k = 0; k <= radius; k++)
    {
      weights[k] = expf (-k * k / (2.0f * sigma * sigma));
      sum += k == 0 ? weights[k] : 2.0f * weights[k];
    }
  for (int y = 0; y < n_lines; y++)
    {
      float *start = values + y * line_step;

      for (int x = -radius; x < length + radius; x++)
        line[x + radius] = start[lacuna_mirror (x, length) * step];
      for (int x = 0; x < length; x += LANES)
        {
          const float *centre = line + x + radius;
          float blurred[LANES];

          for (int i = 0; i < LANES; i++)
            blurred[i] = weights[0] * centre[i];
          for (int k = 1; k <= radius; k++)
            for (int i = 0; i < LANES; i++)
              blurred[i] += weights[k] * (centre[i - k] + centre[i + k]);
          for (int i = 0; i < MIN (LANES, length - x); i++)
            start[(x + i) * step] = blurred[i] / sum;
        }
    }
}

static void
blur (const Guide *self, float *plane, float sigma)
{
  blur_lines (plane, self->height, self->width, self->width, 1, sigma, self->line);
  blur_lines (plane, self->width, 1, self->height, self->width, sigma, self->line);
}

/* |∂x| + |∂y| of luma at pixel i, which is in neither the last row nor the last column. */
static float
get_gradient (const Guide *self, const float *image, gsize i)
{
  static const float shares[CHANNELS] = { 0.3f, 0.6f, 0.1f };
  float across = 0.0f, down = 0.0f;

  for (int c = 0; c < CHANNELS; c++)
    {
      const float *plane = image + c * self->n + i;

      across += shares[c] * (plane[1] - plane[0]);
      down += shares[c] * (plane[self->width] - plane[0]);
    }
  return fabsf (across) + fabsf (down);
}

static float
get_activity (float gradient)
{
  return ACTIVITY_UNIT * log1pf (gradient);
}

/* Measures the mean gradient around each pixel, from differences of known pixels alone. gradient and weight begin as
 * zeros. */
static void
measure_gradient (const Guide *self, const float *image, float *gradient, float *weight)
{
  for (int y = 0; y + 1 < self->height; y++)
    for (int x = 0; x + 1 < self->width; x++)
      {
        gsize i = (gsize) y * self->width + x;

        if (self->hole[i] + self->hole[i + 1] + self->hole[i + self->width] > 0.0f)
          continue;
        gradient[i] = get_gradient (self, image, i);
        weight[i] = 1.0f;
      }
  blur (self, gradient, ACTIVITY_SIGMA);
  blur (self, weight, ACTIVITY_SIGMA);
  for (gsize i = 0; i < self->n; i++)
    gradient[i] /= weight[i] + 1e-3f;
}

/* Stretches the activity and its square over the hole from its rim. A harmonic function's value is the mean of the rim,
 * each piece of which counts as often as a random walk would end there (Kakutani 1944); so the two give mean and
 * standard deviation of what the activity might be. FALSE: no memory. */
static gboolean
complete_activity (const Guide *self)
{
  g_autofree guint8 *known = g_try_malloc (self->n);

  if (known == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    {
      known[i] = self->hole[i] == 0.0f;
      self->deviation[i] = self->activity[i] * self->activity[i];
    }
  if (!lacuna_border_stretch (self->activity, known, self->width, self->height)
      || !lacuna_border_stretch (self->deviation, known, self->width, self->height))
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    self->deviation[i] = sqrtf (MAX (self->deviation[i] - self->activity[i] * self->activity[i], 0.0f));
  return TRUE;
}

/* Leaves the distances to what is known in error, in pixels of the network. FALSE: no memory. */
static gboolean
measure_distance (const Guide *self)
{
  LacunaBox whole = { 0, 0, self->width, self->height };
  g_autofree guint8 *pixels = g_try_malloc (self->n);
  g_autoptr (LacunaMask) mask = NULL;
  g_autofree gint32 *distance = NULL;

  if (pixels == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    pixels[i] = self->hole[i] != 0.0f;
  mask = lacuna_mask_new (self->width, self->height, pixels);
  distance = mask != NULL ? lacuna_mask_distance (mask, whole, NULL) : NULL;
  if (distance == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    self->error[i] = sqrtf (distance[i]);
  return TRUE;
}

/* Adds to spread the variance of a plane of the input around each pixel, under a Gaussian window over what is known,
 * which weight is the blurred mask of. mean, square: for a plane each. */
static void
add_spread (const Guide *self, const float *input, const float *weight, float *mean, float *square, float *spread)
{
  for (gsize i = 0; i < self->n; i++)
    {
      mean[i] = self->hole[i] == 0.0f ? (CLAMP (input[i], -1.0f, 1.0f) + 1.0f) * 127.5f : 0.0f;
      square[i] = mean[i] * mean[i];
    }
  blur (self, mean, SPREAD_SIGMA);
  blur (self, square, SPREAD_SIGMA);
  for (gsize i = 0; i < self->n; i++)
    {
      float centre = mean[i] / (weight[i] + 1e-3f);

      spread[i] += MAX (square[i] / (weight[i] + 1e-3f) - centre * centre, 0.0f);
    }
}

/* The error to be expected in the hole, e^-0.95·(1 + d)^0.49·(1 + s)^0.72 - 1, grows with the distance d to what is
 * known and with the standard deviation s of the known colours around: so it did over 120 holes (rank correlation
 * 0.57). FALSE: no memory. */
static gboolean
find_error (const Guide *self, const float *input)
{
  g_autofree float *weight = g_try_new (float, self->n);
  g_autofree float *mean = g_try_new (float, self->n);
  g_autofree float *square = g_try_new (float, self->n);
  g_autofree float *spread = g_try_new0 (float, self->n);

  if (weight == NULL || mean == NULL || square == NULL || spread == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    weight[i] = self->hole[i] == 0.0f;
  blur (self, weight, SPREAD_SIGMA);
  for (int c = 0; c < CHANNELS; c++)
    add_spread (self, input + c * self->n, weight, mean, square, spread);
  for (gsize i = 0; i < self->n; i++)
    if (self->error[i] > 0.0f)
      self->error[i]
          = expf (-0.95f) * powf (1.0f + self->error[i], 0.49f) * powf (1.0f + sqrtf (spread[i]), 0.72f) - 1.0f;
  return TRUE;
}

/* Raises the activity to what the edges of the guide's own, blurred colours ask for: with that of the rim alone a smear
 * would pass for an edge. */
static void
raise_activity (Guide *self)
{
  for (int y = 0; y + 1 < self->height; y++)
    for (int x = 0; x + 1 < self->width; x++)
      {
        gsize i = (gsize) y * self->width + x;

        if (self->hole[i] != 0.0f)
          self->activity[i] = MAX (self->activity[i], get_activity (SHARPER * get_gradient (self, self->colors, i)));
      }
}

void
lacuna_guide_base_clear (LacunaGuideBase *self)
{
  g_clear_pointer (&self->activity, g_free);
  g_clear_pointer (&self->deviation, g_free);
  g_clear_pointer (&self->error, g_free);
}

/* Measures what the input tells: activity, its deviation and the error, from colours that are not blurred yet. FALSE: no
 * memory. */
static gboolean
measure (Guide *self, const LacunaRegion *region)
{
  g_autofree float *weight = g_try_new0 (float, self->n);

  if (weight == NULL)
    return FALSE;
  measure_gradient (self, self->colors, self->activity, weight);
  for (gsize i = 0; i < self->n; i++)
    self->activity[i] = get_activity (self->activity[i]);
  return complete_activity (self) && measure_distance (self) && find_error (self, region->input);
}

/* Takes what measure finds from the base, or measures it and keeps it there if there is memory. FALSE: no memory. */
static gboolean
open_base (Guide *self, const LacunaRegion *region, LacunaGuideBase *base)
{
  gsize size = self->n * sizeof (float);

  if (base->activity != NULL)
    {
      memcpy (self->activity, base->activity, size);
      memcpy (self->deviation, base->deviation, size);
      memcpy (self->error, base->error, size);
      return TRUE;
    }
  if (!measure (self, region))
    return FALSE;
  base->activity = g_try_malloc (size);
  base->deviation = g_try_malloc (size);
  base->error = g_try_malloc (size);
  if (base->activity != NULL && base->deviation != NULL && base->error != NULL)
    {
      memcpy (base->activity, self->activity, size);
      memcpy (base->deviation, self->deviation, size);
      memcpy (base->error, self->error, size);
    }
  else
    lacuna_guide_base_clear (base);
  return TRUE;
}

/* Completes colours and activity at the network's scale. seen: the network's input, maybe with lines drawn into it.
 * FALSE: no memory. */
static gboolean
complete (Guide *self, const LacunaRegion *region, const float *seen, LacunaGuideBase *kept)
{
  const float *unknown = seen + LACUNA_PLANE_MASK * self->n;

  for (gsize i = 0; i < CHANNELS * self->n; i++)
    self->colors[i]
        = (CLAMP (unknown[i % self->n] <= LACUNA_GUIDE_SHOWN ? seen[i] : self->colors[i], -1.0f, 1.0f) + 1.0f) * 127.5f;
  if (!(kept != NULL ? open_base (self, region, kept) : measure (self, region)))
    return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    blur (self, self->colors + c * self->n, COLOR_SIGMA);
  raise_activity (self);
  return TRUE;
}

LacunaGuide *
lacuna_guide_new (const LacunaRegion *region, const float *drawn, LacunaGuideBase *base)
{
  LacunaRegion seen = *region;
  Guide self = { region->width, region->height, (gsize) region->width * region->height };
  g_autoptr (LacunaGuide) guide = g_new0 (LacunaGuide, 1);
  g_autofree float *activity = g_try_new0 (float, self.n);
  g_autofree float *line = g_try_new (float, MAX (self.width, self.height) + 2 * MOST_RADIUS + LANES);
  g_autofree float *colors = NULL;

  if (drawn != NULL)
    seen.input = (float *) drawn;
  colors = lacuna_border_match (&seen, LACUNA_STAGE_REFINED);
  guide->pixels = g_try_malloc (4 * self.n);
  guide->error = g_try_new (float, self.n);
  guide->deviation = g_try_new (float, self.n);
  if (colors == NULL || activity == NULL || line == NULL || guide->pixels == NULL || guide->error == NULL
      || guide->deviation == NULL)
    return NULL;
  self.hole = region->input + LACUNA_PLANE_MASK * self.n;
  self.colors = colors;
  self.activity = activity;
  self.error = guide->error;
  self.deviation = guide->deviation;
  self.line = line;
  if (!complete (&self, region, seen.input, base))
    return NULL;
  for (gsize i = 0; i < self.n; i++)
    {
      for (int c = 0; c < CHANNELS; c++)
        guide->pixels[4 * i + c] = (guint8) lrintf (colors[c * self.n + i]);
      guide->pixels[4 * i + CHANNELS] = (guint8) lrintf (CLAMP (activity[i], 0.0f, 255.0f));
    }
  return g_steal_pointer (&guide);
}

void
lacuna_guide_free (LacunaGuide *self)
{
  if (self == NULL)
    return;
  g_free (self->pixels);
  g_free (self->error);
  g_free (self->deviation);
  g_free (self);
}

guint8
lacuna_guide_scale_activity (guint8 activity, double step)
{
  float scaled = ACTIVITY_UNIT * log1pf ((float) step * expm1f (activity / ACTIVITY_UNIT));

  return (guint8) lrintf (MIN (scaled, 255.0f));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores a filled photo against the true one. All planes have width·height elements, from 0 to 255; sums run in a fixed
 * order, so that the same images give the same figures. There is no state: `lacuna eval` scores on its main thread, and
 * engine/train/held-out.c on the engine's. */
#include "engine/fill/score.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "engine/error.h"
#include "engine/photo/samples.h"
#include "engine/photo/shape.h"

static LacunaLikeness *
likeness_copy (const LacunaLikeness *self)
{
  return g_memdup2 (self, sizeof *self);
}

static LacunaScore *
score_copy (const LacunaScore *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (LacunaLikeness, lacuna_likeness, likeness_copy, g_free)
G_DEFINE_BOXED_TYPE (LacunaScore, lacuna_score, score_copy, g_free)

#define SIMILARITY_SIGMA 1.5
#define TEXTURE_SIGMA 4.0
#define LOW_SIGMA 8.0

/* What is measured on: all planes have width·height elements. */
typedef struct {
  int width, height;
  gsize n_pixels;
  float *result, *truth; /* three planes each, 0 … 255 */
  double *luma;          /* of the result */
  double *texture;       /* how much more of it the result has than the truth */
  double *similarity;
  const guint8 *hole;
  gint32 *depth;    /* squared distance of a hole pixel to the known ones */
  gint32 *distance; /* squared distance of a known pixel to the hole */
} Scene;

static float *
read_levels (LacunaPhoto *photo)
{
  LacunaBox box = { 0, 0, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo) };
  float *levels = lacuna_photo_read_window (photo, box, 0);

  for (gsize i = 0; levels != NULL && i < 3 * (gsize) box.width * box.height; i++)
    levels[i] = roundf ((levels[i] + 1.0f) * 127.5f);
  return levels;
}

/* ITU-R BT.601 luma. This and what follows are NULL where something they take is, or there is no memory. */
static double *
make_luma (const float *levels, gsize n_pixels)
{
  double *luma = levels != NULL ? g_try_new (double, n_pixels) : NULL;

  for (gsize i = 0; luma != NULL && i < n_pixels; i++)
    luma[i] = 0.299 * levels[i] + 0.587 * levels[n_pixels + i] + 0.114 * levels[2 * n_pixels + i];
  return luma;
}

/* values blurred along lines of length elements which are step apart. */
static void
blur_lines (double *values, int n_lines, gsize line_step, int length, gsize step, double sigma)
{
  int radius = (int) ceil (3.0 * sigma);
  g_autofree double *weights = g_new (double, 2 * radius + 1);
  g_autofree double *line = g_new (double, length + 2 * radius); /* mirrored at its ends */
  double sum = 0.0;

  for (int k = 0; k <= 2 * radius; k++)
    sum += weights[k] = exp (-(k - radius) * (k - radius) / (2.0 * sigma * sigma));
  for (int y = 0; y < n_lines; y++)
    {
      double *start = values + y * line_step;

      for (int x = 0; x < length + 2 * radius; x++)
        line[x] = start[lacuna_mirror (x - radius, length) * step];
      for (int x = 0; x < length; x++)
        {
          double blurred = 0.0;

          for (int k = 0; k <= 2 * radius; k++)
            blurred += weights[k] * line[x + k];
          start[x * step] = blurred / sum;
        }
    }
}

static void
blur_plane (double *values, int width, int height, double sigma)
{
  blur_lines (values, height, width, width, 1, sigma);
  blur_lines (values, width, 1, height, width, sigma);
}

/* The Gaussian mean of a·b, or of a where b is NULL. */
static double *
blur (const double *a, const double *b, int width, int height)
{
  gsize n_pixels = (gsize) width * height;
  double *blurred = a != NULL ? g_try_new (double, n_pixels) : NULL;

  if (blurred == NULL)
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    blurred[i] = b != NULL ? a[i] * b[i] : a[i];
  blur_plane (blurred, width, height, SIMILARITY_SIGMA);
  return blurred;
}

/* (2μxμy + C₁)(2σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂)), C₁ = (0.01·255)², C₂ = (0.03·255)². */
static double *
make_similarity (const double *x, const double *y, int width, int height)
{
  const double c1 = 2.55 * 2.55, c2 = 7.65 * 7.65;
  g_autofree double *mean_x = blur (x, NULL, width, height);
  g_autofree double *mean_y = blur (y, NULL, width, height);
  g_autofree double *square_x = blur (x, x, width, height);
  g_autofree double *square_y = blur (y, y, width, height);
  double *map = x != NULL && y != NULL ? blur (x, y, width, height) : NULL;

  if (mean_x == NULL || mean_y == NULL || square_x == NULL || square_y == NULL)
    g_clear_pointer (&map, g_free);
  if (map == NULL)
    return NULL;
  for (gsize i = 0; i < (gsize) width * height; i++)
    {
      double xx = mean_x[i] * mean_x[i], yy = mean_y[i] * mean_y[i], xy = mean_x[i] * mean_y[i];
      double variances = square_x[i] - xx + square_y[i] - yy;

      map[i] = (2.0 * xy + c1) * (2.0 * (map[i] - xy) + c2) / ((xx + yy + c1) * (variances + c2));
    }
  return map;
}

/* The Gaussian mean of ln (1 + |∂x| + |∂y|) of the result's luma less the same of the truth's; forward differences, 0
 * beyond the last column and row. */
static double *
make_texture (const double *result, const double *truth, int width, int height)
{
  gsize n_pixels = (gsize) width * height;
  double *map = result != NULL && truth != NULL ? g_try_new (double, n_pixels) : NULL;

  if (map == NULL)
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    {
      gsize right = (i + 1) % width != 0 ? i + 1 : i, below = i + width < n_pixels ? i + width : i;

      map[i] = log1p (fabs (result[right] - result[i]) + fabs (result[below] - result[i]))
               - log1p (fabs (truth[right] - truth[i]) + fabs (truth[below] - truth[i]));
    }
  blur_plane (map, width, height, TEXTURE_SIGMA);
  return map;
}

static double
measure_texture (const Scene *scene)
{
  double sum = 0.0;
  gsize n = 0;

  for (gsize i = 0; i < scene->n_pixels; i++)
    if (scene->hole[i] != 0)
      {
        sum += fabs (scene->texture[i]);
        n++;
      }
  return sum / n;
}

/* 100·mean |Gaussian mean of d| in the hole, d = (result − truth) / 255. difference: for one plane. */
static double
measure_low (const Scene *scene, double *difference)
{
  double sum = 0.0;
  gsize n = 0;

  for (int c = 0; c < 3; c++)
    {
      const float *result = scene->result + c * scene->n_pixels, *truth = scene->truth + c * scene->n_pixels;

      for (gsize i = 0; i < scene->n_pixels; i++)
        difference[i] = result[i] - truth[i];
      blur_plane (difference, scene->width, scene->height, LOW_SIGMA);
      for (gsize i = 0; i < scene->n_pixels; i++)
        if (scene->hole[i] != 0)
          {
            sum += fabs (difference[i]);
            n++;
          }
    }
  return 100.0 * sum / 255.0 / n;
}

static LacunaLikeness
measure_likeness (const Scene *scene, gboolean in_hole)
{
  double absolute = 0.0, square = 0.0, similarity = 0.0;
  gsize n = 0;

  for (gsize i = 0; i < scene->n_pixels; i++)
    {
      if (in_hole && scene->hole[i] == 0)
        continue;
      n++;
      similarity += scene->similarity[i];
      for (gsize k = i; k < 3 * scene->n_pixels; k += scene->n_pixels)
        {
          double d = ((double) scene->result[k] - scene->truth[k]) / 255.0;

          absolute += fabs (d);
          square += d * d;
        }
    }
  return (LacunaLikeness){ 100.0 * absolute / (3 * n), 100.0 * square / (3 * n), -10.0 * log10 (square / (3 * n)),
                           similarity / n };
}

/* Forward differences; 0 beyond the last column and row. */
static double
measure_variation (const Scene *scene)
{
  double sum = 0.0;
  gsize n = 0;

  for (gsize i = 0; i < scene->n_pixels; i++)
    {
      gboolean has_right = (i + 1) % scene->width != 0, has_below = i + scene->width < scene->n_pixels;

      if (scene->hole[i] == 0)
        continue;
      n += 3;
      for (gsize k = i; k < 3 * scene->n_pixels; k += scene->n_pixels)
        sum += (has_right ? fabsf (scene->result[k + 1] - scene->result[k]) : 0.0)
               + (has_below ? fabsf (scene->result[k + scene->width] - scene->result[k]) : 0.0);
    }
  return 100.0 * sum / 255.0 / n;
}

/* The hole less a border of 2 pixels. */
static gboolean
is_inside (const Scene *scene, gsize i)
{
  return scene->depth[i] > 2 * 2;
}

/* The known pixels 3 to 16 away from the hole. */
static gboolean
is_around (const Scene *scene, gsize i)
{
  return scene->distance[i] >= 3 * 3 && scene->distance[i] <= 16 * 16;
}

static double
get_luma (const Scene *scene, int x, int y)
{
  return scene->luma[(gsize) lacuna_mirror (y, scene->height) * scene->width + lacuna_mirror (x, scene->width)];
}

/* Mean gx² + gy² by Sobel's operator inside over that around. */
static double
measure_sharpness (const Scene *scene)
{
  double inside = 0.0, around = 0.0;
  gsize n_inside = 0, n_around = 0;

  for (int y = 0; y < scene->height; y++)
    for (int x = 0; x < scene->width; x++)
      {
        gsize i = (gsize) y * scene->width + x;
        double across = 0.0, down = 0.0, energy;

        if (!is_inside (scene, i) && !is_around (scene, i))
          continue;
        for (int k = -1; k <= 1; k++)
          {
            across += (2 - abs (k)) * (get_luma (scene, x + 1, y + k) - get_luma (scene, x - 1, y + k));
            down += (2 - abs (k)) * (get_luma (scene, x + k, y + 1) - get_luma (scene, x + k, y - 1));
          }
        energy = across * across + down * down;
        if (is_inside (scene, i))
          {
            inside += energy;
            n_inside++;
          }
        else
          {
            around += energy;
            n_around++;
          }
      }
  return n_inside > 0 && around > 0.0 ? inside / n_inside / (around / n_around) : NAN;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
find_median (GArray *values)
{
  g_array_sort (values, compare);
  return (g_array_index (values, double, (values->len - 1) / 2) + g_array_index (values, double, values->len / 2))
         / 2.0;
}

/* Median |v − median v|; NaN where there are no values. */
static double
find_deviation (GArray *values)
{
  double median;

  if (values->len == 0)
    return NAN;
  median = find_median (values);
  for (guint i = 0; i < values->len; i++)
    g_array_index (values, double, i) = fabs (g_array_index (values, double, i) - median);
  return find_median (values);
}

/* The high-pass is the luma less its Gaussian mean. */
static double
measure_noise (const Scene *scene)
{
  g_autofree double *smooth = blur (scene->luma, NULL, scene->width, scene->height);
  g_autoptr (GArray) inside = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) around = g_array_new (FALSE, FALSE, sizeof (double));
  double deviation;

  for (gsize i = 0; i < scene->n_pixels; i++)
    {
      double high = scene->luma[i] - smooth[i];

      if (is_inside (scene, i))
        g_array_append_val (inside, high);
      else if (is_around (scene, i))
        g_array_append_val (around, high);
    }
  deviation = find_deviation (around);
  return deviation > 0.0 ? find_deviation (inside) / deviation : NAN;
}

/* Mean |difference| of the luma, the result's or the truth's, of neighbours of
 * which just one is within the hole grown by radius; NaN where there are none. */
static double
measure_border (const Scene *scene, const double *luma, int radius)
{
  double sum = 0.0;
  gsize n = 0;

  for (gsize i = 0; i < scene->n_pixels; i++)
    {
      const gsize neighbours[] = { (i + 1) % scene->width != 0 ? i + 1 : i, MIN (i + scene->width, scene->n_pixels) };

      for (int k = 0; k < 2; k++)
        {
          gsize j = neighbours[k];

          if (j == scene->n_pixels
              || (scene->distance[i] <= radius * radius) == (scene->distance[j] <= radius * radius))
            continue;
          sum += fabs (luma[i] - luma[j]);
          n++;
        }
    }
  return n > 0 ? sum / n : NAN;
}

static double
get_ratio (double value, double base)
{
  return base > 0.0 ? value / base : NAN;
}

static gint32 *
find_distance (LacunaMask *mask)
{
  LacunaBox whole = { 0, 0, lacuna_mask_get_width (mask), lacuna_mask_get_height (mask) };
  gsize n_pixels = (gsize) whole.width * whole.height;
  g_autofree guint8 *known = g_try_malloc (n_pixels);
  g_autoptr (LacunaMask) inverse = NULL;

  if (known == NULL)
    return NULL;
  for (gsize i = 0; i < n_pixels; i++)
    known[i] = lacuna_mask_get_pixels (mask)[i] == 0;
  inverse = lacuna_mask_new (whole.width, whole.height, known);
  return inverse != NULL ? lacuna_mask_distance (inverse, whole, NULL) : NULL;
}

static gboolean
check (LacunaPhoto *result, LacunaPhoto *truth, LacunaMask *mask, GError **error)
{
  int width = lacuna_photo_get_width (truth), height = lacuna_photo_get_height (truth);

  if (lacuna_photo_get_width (result) != width || lacuna_photo_get_height (result) != height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("The fill can't be scored because it has %d × %d pixels and the photo %d × %d. Use a fill of this "
                    "photo."),
                 lacuna_photo_get_width (result), lacuna_photo_get_height (result), width, height);
  else if (lacuna_mask_get_width (mask) != width || lacuna_mask_get_height (mask) != height)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("The fill can't be scored because the mask has %d × %d pixels and the photo %d × %d. Use a mask of "
                    "the photo's size."),
                 lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), width, height);
  else if (lacuna_mask_get_n_hole (mask) == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY,
                 _ ("The fill can't be scored because the mask marks nothing. Paint the hole white."));
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_score_photo (LacunaPhoto *result, LacunaPhoto *truth, LacunaMask *mask, LacunaScore *ret_score, GError **error)
{
  LacunaBox whole = { 0, 0, lacuna_mask_get_width (mask), lacuna_mask_get_height (mask) };
  gsize n_pixels = (gsize) whole.width * whole.height;
  g_autofree float *result_levels = NULL;
  g_autofree float *truth_levels = NULL;
  g_autofree double *result_luma = NULL;
  g_autofree double *truth_luma = NULL;
  g_autofree double *similarity = NULL;
  g_autofree double *texture = NULL;
  g_autofree double *difference = g_try_new (double, n_pixels);
  g_autofree gint32 *depth = NULL;
  g_autofree gint32 *distance = NULL;
  double border;
  Scene scene;

  if (!check (result, truth, mask, error))
    return FALSE;
  result_levels = read_levels (result);
  truth_levels = read_levels (truth);
  result_luma = make_luma (result_levels, n_pixels);
  truth_luma = make_luma (truth_levels, n_pixels);
  similarity = make_similarity (result_luma, truth_luma, whole.width, whole.height);
  texture = make_texture (result_luma, truth_luma, whole.width, whole.height);
  depth = lacuna_mask_distance (mask, whole, NULL);
  distance = find_distance (mask);
  if (similarity == NULL || texture == NULL || difference == NULL || depth == NULL || distance == NULL)
    {
      lacuna_error_set_memory (error, _ ("the score"));
      return FALSE;
    }
  scene = (Scene){ whole.width, whole.height, n_pixels,   result_levels,
                   truth_levels, result_luma, texture,    similarity,
                   lacuna_mask_get_pixels (mask), depth, distance };
  border = measure_border (&scene, result_luma, 0);
  *ret_score = (LacunaScore){
    .hole = measure_likeness (&scene, TRUE),
    .whole = measure_likeness (&scene, FALSE),
    .tv = measure_variation (&scene),
    .texture = measure_texture (&scene),
    .low = measure_low (&scene, difference),
    .sharpness = measure_sharpness (&scene),
    .noise = measure_noise (&scene),
    .seam = get_ratio (border, measure_border (&scene, result_luma, 8)),
    .edge = get_ratio (border, measure_border (&scene, truth_luma, 0)),
  };
  return TRUE;
}

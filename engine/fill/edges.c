/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the lines that the fill of a region is to follow when nobody has drawn any, at the network's scale. A ray follows
 * an edge, whose contrast is the difference of the colours to both sides of it, or a ridge, such as a wire, whose contrast
 * is that between its own colour and the more alike of both sides. Around the hole the rays of greatest contrast that lead
 * away from it are its ends; pairs of them become lines, the surest first, none of which crosses another. The region is
 * only read. It runs on the engine's thread. */
#include "engine/fill/edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHANNELS 3
#define SIDE 2         /* pixels to each side of a ray whose colours are compared */
#define BESIDE 2       /* pixels from a ridge to what lies beside it */
#define RING 3         /* pixels from the hole at which rays begin */
#define LATE 8         /* of a ray's places may lie beside the hole, at its beginning */
#define LEAST_LENGTH 8 /* of a ray in pixels */
#define MOST_LENGTH 40
#define REFINED_LENGTH 16
#define N_WAYS 36
#define MOST_ENDS 64
#define MOST_LINES 8
#define APART 5.0      /* pixels between ends */
#define LEAST_CONTRAST 25.0f  /* levels, at all but a fifth of the places */
#define LEAST_COHERENCE 0.92f  /* of the mean contrast and the root of the mean square */
#define LEAST_LIKENESS 0.85f  /* cosine between the contrasts of both ends */
#define MOST_RATIO 2.2f       /* of their sizes */
#define MOST_DIFFERENCE 40.0f /* levels between the colours of one side at both ends */
#define LEAST_CHORD 12.0 /* pixels of the hole that a line goes through */
#define LEAST_SHARE 0.5  /* of the chord, that are the hole's */
#define LEAST_LIKE 0.8   /* of the places known on the chord: where the same edge has to be */
#define REACH 0.35       /* of the chord: how long an edge has to be known at either end */
#define MOST_TURN (8.0 * G_PI / 180.0)  /* between the chord and either end of a straight line, */
#define MOST_BEND (20.0 * G_PI / 180.0) /* and of a bent one */
#define N_CORNERS 8 /* of a line, but for the last */
#define SHIFTS 4   /* tries to shift either end to each side, */
#define SHIFT 0.25 /* by so many pixels each */

typedef struct {
  const LacunaRegion *region;
  int width, height;
  gsize n;
} Picture;

typedef enum { EDGE, RIDGE, N_KINDS } Kind; /* of what a ray follows */

/* What a ray parts. */
typedef struct {
  float left[CHANNELS], right[CHANNELS]; /* mean colours; of a ridge: its own, and what lies beside it */
  float contrast[CHANNELS];              /* right - left */
  float size;                            /* of that */
  float strength;                        /* contrast in its own direction, at all but a fifth of the places */
  float coherence;
  int   length; /* pixels to the last place that was looked at */
} Look;

/* An edge or a ridge that ends at the hole, from which it leads away. */
typedef struct {
  Kind kind;
  double x, y; /* in pixels, of which whole numbers are the middles */
  double angle;
  float strength;
  int length; /* pixels for which it is known; 0: not looked at yet */
} End;

typedef struct {
  guint first, second;
  End from, to;
  float score;    /* 0: they don't belong together */
} Pair;

static const float *
get_unknown (const Picture *self)
{
  return self->region->input + LACUNA_PLANE_MASK * self->n;
}

/* Adds the interpolated colour of a place. FALSE, and nothing is added, where it is not known. */
static gboolean
add_color (const Picture *self, double x, double y, float *sum)
{
  const float *unknown = get_unknown (self);
  int column = (int) floor (x), row = (int) floor (y);
  float right = x - column, down = y - row;
  gsize at = (gsize) row * self->width + column;

  if (column < 0 || row < 0 || column + 1 >= self->width || row + 1 >= self->height
      || unknown[at] + unknown[at + 1] + unknown[at + self->width] + unknown[at + self->width + 1] > 0.0f)
    return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    {
      const float *plane = self->region->input + c * self->n + at;
      float upper = plane[0] + right * (plane[1] - plane[0]);
      float lower = plane[self->width] + right * (plane[self->width + 1] - plane[self->width]);

      sum[c] += 127.5f * (upper + down * (lower - upper));
    }
  return TRUE;
}

/* The mean colours to both sides of a place. */
static gboolean
read_sides (const Picture *self, double x, double y, double east, double south, float *left, float *right)
{
  for (int k = 1; k <= SIDE; k++)
    if (!add_color (self, x + k * south, y - k * east, left) || !add_color (self, x - k * south, y + k * east, right))
      return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    {
      left[c] /= SIDE;
      right[c] /= SIDE;
    }
  return TRUE;
}

/* The colour of a place, and of what lies beside it: that of the side which is more like it, and its own where it lies
 * between those of both sides, as on an edge. */
static gboolean
read_ridge (const Picture *self, double x, double y, double east, double south, float *own, float *beside)
{
  float sides[2][CHANNELS] = { { 0.0f }, { 0.0f } };

  if (!add_color (self, x, y, own) || !add_color (self, x + BESIDE * south, y - BESIDE * east, sides[0])
      || !add_color (self, x - BESIDE * south, y + BESIDE * east, sides[1]))
    return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    {
      float first = sides[0][c] - own[c], second = sides[1][c] - own[c];

      beside[c] = own[c] + (first * second <= 0.0f ? 0.0f : fabsf (first) < fabsf (second) ? first : second);
    }
  return TRUE;
}

static gboolean
read_place (const Picture *self, Kind kind, double x, double y, double east, double south, float *left, float *right)
{
  memset (left, 0, CHANNELS * sizeof (float));
  memset (right, 0, CHANNELS * sizeof (float));
  return kind == EDGE ? read_sides (self, x, y, east, south, left, right)
                      : read_ridge (self, x, y, east, south, left, right);
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float first = *(const float *) a, second = *(const float *) b;

  return first < second ? -1 : first > second;
}

static float
multiply (const float *a, const float *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static float
get_difference (const float *a, const float *b)
{
  float difference[CHANNELS] = { a[0] - b[0], a[1] - b[1], a[2] - b[2] };

  return sqrtf (multiply (difference, difference));
}

/* Judges the contrasts of n places. */
static void
judge (float (*contrasts)[CHANNELS], int n, Look *look)
{
  float along[MOST_LENGTH] = { 0.0f }, squares = 0.0f;

  look->size = sqrtf (multiply (look->contrast, look->contrast));
  for (int i = 0; i < n; i++)
    {
      along[i] = look->size > 0.0f ? multiply (contrasts[i], look->contrast) / look->size : 0.0f;
      squares += multiply (contrasts[i], contrasts[i]);
    }
  qsort (along, n, sizeof *along, compare_floats);
  look->strength = along[n / 5];
  look->coherence = squares > 0.0f ? look->size / sqrtf (squares / n) : 0.0f;
}

/* Looks along a ray. FALSE where too little of its length is known. */
static gboolean
look_along (const Picture *self, const End *end, int length, Look *ret_look)
{
  double east = cos (end->angle), south = sin (end->angle);
  float contrasts[MOST_LENGTH][CHANNELS];
  int n = 0;

  *ret_look = (Look){ 0 };
  for (int k = 0; k < length; k++)
    {
      float left[CHANNELS], right[CHANNELS];

      if (!read_place (self, end->kind, end->x + k * east, end->y + k * south, east, south, left, right))
        {
          if (n > 0 || k >= LATE)
            break;
          continue;
        }
      for (int c = 0; c < CHANNELS; c++)
        {
          ret_look->left[c] += left[c];
          ret_look->right[c] += right[c];
          contrasts[n][c] = right[c] - left[c];
        }
      n++;
      ret_look->length = k;
    }
  if (4 * n < 3 * LEAST_LENGTH || 2 * n < length)
    return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    {
      ret_look->left[c] /= n;
      ret_look->right[c] /= n;
      ret_look->contrast[c] = ret_look->right[c] - ret_look->left[c];
    }
  judge (contrasts, n, ret_look);
  return TRUE;
}

static gboolean
is_near_hole (const Picture *self, int x, int y, int radius)
{
  const float *unknown = get_unknown (self);

  for (int v = MAX (0, y - radius); v <= MIN (self->height - 1, y + radius); v++)
    for (int u = MAX (0, x - radius); u <= MIN (self->width - 1, x + radius); u++)
      if (unknown[(gsize) v * self->width + u] > 0.0f)
        return TRUE;
  return FALSE;
}

static void
try_ray (const Picture *self, End ray, int length, End *best)
{
  Look look;

  if (!look_along (self, &ray, length, &look) || look.strength <= best->strength || look.coherence < LEAST_COHERENCE)
    return;
  *best = ray;
  best->strength = look.strength;
}

/* Finds the ray of greatest contrast from about a place, if that is what it is to follow. */
static gboolean
find_end (const Picture *self, Kind kind, int x, int y, End *ret_end)
{
  End rough = { .strength = LEAST_CONTRAST }, fine = { 0 };

  for (int way = 0; way < N_WAYS; way++)
    try_ray (self, (End){ kind, x, y, 2 * G_PI * way / N_WAYS }, LEAST_LENGTH, &rough);
  if (rough.strength <= LEAST_CONTRAST)
    return FALSE;
  for (int turn = -6; turn <= 6; turn++)
    for (int shift = -3; shift <= 3; shift++)
      {
        double angle = rough.angle + turn * G_PI / 180.0;

        try_ray (self, (End){ kind, x - 0.5 * shift * sin (angle), y + 0.5 * shift * cos (angle), angle },
                 REFINED_LENGTH, &fine);
      }
  *ret_end = fine;
  return fine.strength > LEAST_CONTRAST;
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  float first = ((const End *) a)->strength, second = ((const End *) b)->strength;

  return first > second ? -1 : first < second;
}

/* Whether two ends are of the same edge or ridge, or of a ridge and one of its sides. */
static gboolean
is_same (const End *one, const End *other)
{
  return hypot (one->x - other->x, one->y - other->y) < APART && cos (one->angle - other->angle) >= 0.9;
}

/* Lists the edges and ridges that end at the hole, the strongest first and each once. */
static GArray *
list_ends (const Picture *self)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (End));
  GArray *ends = g_array_new (FALSE, FALSE, sizeof (End));

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      {
        End end;

        if (!is_near_hole (self, x, y, RING) || is_near_hole (self, x, y, RING - 1))
          continue;
        for (Kind kind = EDGE; kind < N_KINDS; kind++)
          if (find_end (self, kind, x, y, &end))
            g_array_append_val (all, end);
      }
  g_array_sort (all, compare_ends);
  for (guint i = 0; i < all->len && ends->len < MOST_ENDS; i++)
    {
      const End *end = &g_array_index (all, End, i);
      gboolean is_new = TRUE;

      for (guint j = 0; j < ends->len && is_new; j++)
        {
          const End *other = &g_array_index (ends, End, j);

          is_new = end->kind != other->kind || !is_same (end, other);
        }
      if (is_new)
        g_array_append_vals (ends, end, 1);
    }
  return ends;
}

/* Whether this region fills the pixel of the photo in which a place lies. */
static gboolean
is_filled (const Picture *self, double x, double y)
{
  const LacunaRegion *region = self->region;
  int column = region->box.x - region->hole.x + (int) floor (ldexp (x + 0.5, (int) region->halvings));
  int row = region->box.y - region->hole.y + (int) floor (ldexp (y + 0.5, (int) region->halvings));

  return column >= 0 && row >= 0 && column < region->hole.width && row < region->hole.height
         && region->mask[(gsize) row * region->hole.width + column] != 0;
}

static double
get_share_filled (const Picture *self, const End *first, const End *second, double length)
{
  int n = (int) length, n_filled = 0;

  for (int i = 0; i < n; i++)
    {
      double share = (i + 0.5) / n;

      n_filled
          += is_filled (self, first->x + share * (second->x - first->x), first->y + share * (second->y - first->y));
    }
  return (double) n_filled / n;
}

/* Returns for how many pixels an edge has to be known at either end. */
static int
get_reach (const End *first, const End *second)
{
  return (int) CLAMP (REACH * hypot (second->x - first->x, second->y - first->y), LEAST_LENGTH, MOST_LENGTH);
}

/* A place of the way from one end to the other, t from 0 to 1: on the cubic that has both ends' directions (Hermite). */
static void
get_place (const End *a, const End *b, double t, double *ret_x, double *ret_y)
{
  double length = hypot (b->x - a->x, b->y - a->y), s = 1.0 - t;
  double from = s * s * (1.0 + 2.0 * t), to = t * t * (3.0 - 2.0 * t);
  double leave = -s * s * t * length, enter = -t * t * s * length;

  *ret_x = from * a->x + to * b->x + leave * cos (a->angle) + enter * cos (b->angle);
  *ret_y = from * a->y + to * b->y + leave * sin (a->angle) + enter * sin (b->angle);
}

/* Whether what is known on the way, between parts of the hole, has the same edge or ridge. contrast: of that way. */
static gboolean
goes_on_between (const Picture *self, const End *a, const End *b, const float *contrast)
{
  double length = hypot (b->x - a->x, b->y - a->y), east = (b->x - a->x) / length, south = (b->y - a->y) / length;
  float size = sqrtf (multiply (contrast, contrast));
  int n = 0, n_like = 0;

  for (int i = 1; i < (int) length; i++)
    {
      float left[CHANNELS], right[CHANNELS];
      double x, y;

      get_place (a, b, i / length, &x, &y);
      if (!read_place (self, a->kind, x, y, east, south, left, right))
        continue;
      n++;
      n_like += multiply (right, contrast) - multiply (left, contrast) >= 0.5f * size * size;
    }
  return n_like >= LEAST_LIKE * n;
}

/* Returns how sure it is that what ends in one place goes on from the other; 0: it does not. Measures both. */
static float
judge_pair (const Picture *self, End *first, End *second)
{
  int reach = get_reach (first, second), sign = first->kind == EDGE ? -1 : 1; /* as the rays lead apart */
  Look a, b;

  if (!look_along (self, first, reach, &a) || !look_along (self, second, reach, &b)
      || MIN (a.strength, b.strength) < LEAST_CONTRAST || MIN (a.coherence, b.coherence) < LEAST_COHERENCE
      || sign * multiply (a.contrast, b.contrast) < LEAST_LIKENESS * a.size * b.size
      || MAX (a.size, b.size) > MOST_RATIO * MIN (a.size, b.size)
      || (first->kind == EDGE
          && MAX (get_difference (a.left, b.right), get_difference (a.right, b.left)) > MOST_DIFFERENCE)
      || !goes_on_between (self, first, second, b.contrast))
    return 0.0f;
  first->length = a.length;
  second->length = b.length;
  return MIN (a.strength, b.strength);
}

/* Shifts an end to its side. */
static End
shift (const End *end, double angle, double by)
{
  return (End){ end->kind, end->x - by * sin (angle), end->y + by * cos (angle), angle };
}

/* Finds the surest line from about one end to about the other: a straight one, or else one that is bent. */
static void
join (const Picture *self, const End *first, const End *second, Pair *pair)
{
  double angle = atan2 (second->y - first->y, second->x - first->x);
  double length = hypot (second->x - first->x, second->y - first->y);
  double turns[] = { remainder (second->angle - angle, 2 * G_PI), remainder (angle + G_PI - first->angle, 2 * G_PI) };
  double bend = MAX (fabs (turns[0]), fabs (turns[1]));

  if (first->kind != second->kind || length < LEAST_CHORD || bend > MOST_BEND
      || get_share_filled (self, first, second, length) < LEAST_SHARE)
    return;
  for (int i = -SHIFTS; i <= SHIFTS && bend <= MOST_TURN; i++)
    for (int j = -SHIFTS; j <= SHIFTS; j++)
      {
        double turned = angle + atan2 ((j - i) * SHIFT, length);
        End a = shift (first, angle, i * SHIFT), b = shift (second, angle, j * SHIFT);
        float score;

        a.angle = turned + G_PI;
        b.angle = turned;
        score = judge_pair (self, &a, &b);
        if (score > pair->score)
          *pair = (Pair){ pair->first, pair->second, a, b, score };
      }
  if (pair->score == 0.0f && turns[0] * turns[1] > 0.0)
    {
      pair->from = *first;
      pair->to = *second;
      pair->score = judge_pair (self, &pair->from, &pair->to) * (1.0 - 0.5 * bend / MOST_BEND);
    }
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  float first = ((const Pair *) a)->score, second = ((const Pair *) b)->score;

  return first > second ? -1 : first < second;
}

static GArray *
list_pairs (const Picture *self, GArray *ends)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  for (guint i = 0; i < ends->len; i++)
    for (guint j = i + 1; j < ends->len; j++)
      {
        Pair pair = { i, j };

        join (self, &g_array_index (ends, End, i), &g_array_index (ends, End, j), &pair);
        if (pair.score > 0.0f)
          g_array_append_val (pairs, pair);
      }
  g_array_sort (pairs, compare_pairs);
  return pairs;
}

/* On which side of the way from a to b a place lies. */
static double
get_side (const End *a, const End *b, const End *place)
{
  return (b->x - a->x) * (place->y - a->y) - (b->y - a->y) * (place->x - a->x);
}

/* Whether two pairs can't both be: they share an end, or cross. */
static gboolean
is_either (GArray *ends, const Pair *one, const Pair *other)
{
  const End *a = &g_array_index (ends, End, one->first), *b = &g_array_index (ends, End, one->second);
  const End *c = &g_array_index (ends, End, other->first), *d = &g_array_index (ends, End, other->second);

  return is_same (a, c) || is_same (a, d) || is_same (b, c) || is_same (b, d)
         || (get_side (a, b, c) * get_side (a, b, d) < 0 && get_side (c, d, a) * get_side (c, d, b) < 0);
}

static void
add_corner (const Picture *self, double x, double y, GVariantBuilder *line)
{
  const LacunaRegion *region = self->region;

  g_variant_builder_add (line, "(dd)", ldexp (x + 0.5, (int) region->halvings) - 0.5 + region->box.x,
                         ldexp (y + 0.5, (int) region->halvings) - 0.5 + region->box.y);
}

/* The line of a pair: along one end, through the hole, and along the other. */
static GVariant *
draw (const Picture *self, const Pair *pair)
{
  const End *a = &pair->from, *b = &pair->to;
  GVariantBuilder line;

  g_variant_builder_init (&line, G_VARIANT_TYPE ("a(dd)"));
  add_corner (self, a->x + a->length * cos (a->angle), a->y + a->length * sin (a->angle), &line);
  for (int i = 0; i <= N_CORNERS; i++)
    {
      double x, y;

      get_place (a, b, (double) i / N_CORNERS, &x, &y);
      add_corner (self, x, y, &line);
    }
  add_corner (self, b->x + b->length * cos (b->angle), b->y + b->length * sin (b->angle), &line);
  return g_variant_builder_end (&line);
}

GVariant *
lacuna_edges_find (const LacunaRegion *region)
{
  Picture self = { region, region->width, region->height, (gsize) region->width * region->height };
  g_autoptr (GArray) ends = list_ends (&self), pairs = list_pairs (&self, ends);
  GVariantBuilder lines;
  Pair taken[MOST_LINES];
  guint n = 0;

  g_variant_builder_init (&lines, G_VARIANT_TYPE ("aa(dd)"));
  for (guint i = 0; i < pairs->len && n < MOST_LINES; i++)
    {
      const Pair *pair = &g_array_index (pairs, Pair, i);
      gboolean fits = TRUE;

      for (guint j = 0; j < n; j++)
        fits = fits && !is_either (ends, pair, &taken[j]);
      if (!fits)
        continue;
      taken[n++] = *pair;
      g_variant_builder_add_value (&lines, draw (&self, pair));
    }
  if (n > 0)
    return g_variant_ref_sink (g_variant_builder_end (&lines));
  g_variant_builder_clear (&lines);
  return NULL;
}

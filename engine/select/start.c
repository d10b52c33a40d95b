/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selects at the small scale by GrabCut: strokes open cells and pull on them, colours are learnt, and a cut follows,
 * until it changes nothing, at most MAX_ROUNDS times. Pulls are in nats, towards the thing where they are positive.
 * Cells that are not open stay as strokes drew them; nothing is random. It runs on the worker of the window that
 * selects. */
#include "engine/select/start.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/select/blobs.h"
#include "engine/select/reach.h"
#include "engine/select/shadow.h"

#define MAX_SIDE 256      /* cells */
#define MARGIN 0.2        /* around what is open, as a share of its longer side: what the surroundings are learnt from */
#define SHADOW_MARGIN 0.6 /* the same where the shadow is wanted */
#define MIN_MARGIN 4      /* pixels */
#define BEYOND 0.7        /* how far a thing reaches beyond a scribble on it, as a share of that one's longer side */
#define LEAST_BEYOND 24   /* and how far at the least, in radii of it */
#define CLICK 120         /* a click is a scribble that is as long, in radii of it */
#define NEARBY 0.2        /* the same of a stroke that adds */
#define MAX_ROUNDS 5
#define SEED 4 /* what a colour under a stroke that adds or takes counts more */

/* Pulls in nats. A thing lies amid what goes around it: */
#define AT_EDGE -2.5f
#define AMID 1.5f
#define DEPTH 0.5f    /* amid: that share of the greatest distance from the edge, */
#define MARGINS 0.18f /* or so far from it, as a share of the open cells' size */
/* A scribble runs over a thing, whose other parts have colours like those that it runs over: */
#define AT_SCRIBBLE 4.0f
#define BEYOND_SCRIBBLE -2.0f
#define SCRIBBLE_REACH 0.5      /* as a share of its longer side */
#define SCRIBBLE_CONTRAST 0.6f  /* as STROKE_CONTRAST */
/* A stroke that adds or takes is felt where colours are alike, and less the farther: */
#define AT_STROKE 8.0f
#define STRONG 3.0f
#define STROKE_REACH 0.06f   /* as a share of the grid's longer side */
#define STROKE_CONTRAST 0.7f /* cells that a difference in colour of 1 is as far as */
/* What a further stroke is not about stays as it was: */
#define AS_BEFORE 2.0f

/* Returns the longer side of a stroke on a thing, in pixels. */
static double
get_side (LacunaHint *hint)
{
  LacunaBox bounds = lacuna_hint_get_bounds (hint);
  double side = MAX (bounds.width, bounds.height), radius = lacuna_hint_get_radius (hint);

  return side <= 2 * radius ? CLICK * radius : MAX (side, 4 * radius);
}

static double
get_beyond (LacunaHint *hint)
{
  LacunaBox bounds = lacuna_hint_get_bounds (hint);

  if (lacuna_hint_encloses (hint))
    return 0;
  switch (lacuna_hint_get_kind (hint))
    {
    case LACUNA_HINT_THING:
      return MAX (get_side (hint) * BEYOND, lacuna_hint_get_radius (hint) * LEAST_BEYOND);
    case LACUNA_HINT_ADD:
      return MAX (MAX (bounds.width, bounds.height) * NEARBY, 4 * lacuna_hint_get_radius (hint));
    case LACUNA_HINT_TAKE:
    case LACUNA_HINT_SHADOW:
    default:
      return 0;
    }
}

static gboolean
wants_shadow (GPtrArray *hints)
{
  for (guint i = 0; i < hints->len; i++)
    if (lacuna_hint_get_kind (hints->pdata[i]) == LACUNA_HINT_SHADOW)
      return TRUE;
  return FALSE;
}

/* Numbers may be as large as those of a hint, which a box holds many times over. */
static LacunaBox
widen (LacunaBox box, double by)
{
  int margin = ceil (MIN (by, 1e7));

  return (LacunaBox){ box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin };
}

gboolean
lacuna_start_find_grid (LacunaPhoto *photo, GPtrArray *hints, LacunaGrid *ret_grid)
{
  LacunaBox all = { 0, 0, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo) }, box = { 0 };
  int side = 1, longer;

  for (guint i = 0; i < hints->len; i++)
    {
      LacunaBox bounds = lacuna_box_intersection (
          widen (lacuna_hint_get_bounds (hints->pdata[i]), get_beyond (hints->pdata[i])), all);

      if (lacuna_hint_get_kind (hints->pdata[i]) == LACUNA_HINT_TAKE || bounds.width == 0 || bounds.height == 0)
        continue;
      box = box.width > 0 ? lacuna_box_union (box, bounds) : bounds;
    }
  if (box.width == 0)
    return FALSE;
  longer = MAX (box.width, box.height) * (wants_shadow (hints) ? SHADOW_MARGIN : MARGIN);
  box = lacuna_box_intersection (widen (box, MAX (MIN_MARGIN, longer)), all);
  longer = MAX (box.width, box.height);
  while (longer / side > MAX_SIDE)
    side *= 2;
  *ret_grid = lacuna_grid_make (box, side);
  return TRUE;
}

/* Opens the cells that strokes may select. */
static void
open_cells (GPtrArray *hints, LacunaPartition *level)
{
  for (guint i = 0; i < hints->len; i++)
    {
      LacunaHint *hint = hints->pdata[i];

      if (lacuna_hint_encloses (hint) && lacuna_hint_get_kind (hint) != LACUNA_HINT_TAKE)
        lacuna_hint_fill (hint, &level->grid, level->cells, LACUNA_CELL_OPEN);
      else if (get_beyond (hint) > 0)
        lacuna_hint_draw (hint, &level->grid, get_beyond (hint), level->cells, LACUNA_CELL_OPEN);
    }
}

/* Returns from which depth on in the open cells, in cells, a cell is amid them: strokes keep about the same distance
 * from things. */
static float
find_depth (const LacunaPartition *level, const float *distances)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid), n_open = 0;
  float most = 1;

  for (gsize i = 0; i < n; i++)
    if (distances[i] > 0 && distances[i] < G_MAXFLOAT)
      {
        most = MAX (most, distances[i]);
        n_open++;
      }
  return MIN (DEPTH * most, MARGINS * sqrtf (n_open));
}

static void
pull_amid (const LacunaPartition *level, float *pulls, float *distances)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid);
  float depth;

  for (gsize i = 0; i < n; i++)
    distances[i] = level->cells[i] != 0 ? G_MAXFLOAT : 0;
  lacuna_reach_measure (level, 0, distances);
  depth = find_depth (level, distances);
  for (gsize i = 0; i < n; i++)
    pulls[i] += AT_EDGE + (AMID - AT_EDGE) * MIN (1, distances[i] / depth);
}

/* Pulls by how near a scribble is, over colours that are like those on the way: it runs over the thing. FALSE: there is
 * none among the strokes. */
static gboolean
pull_to_scribble (GPtrArray *hints, const LacunaPartition *level, float *pulls, float *distances)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid);
  LacunaHint *first = hints->pdata[0];
  float reach = MAX (1, get_side (first) * SCRIBBLE_REACH / level->grid.side);
  g_autofree guint8 *drawn = NULL;

  if (lacuna_hint_encloses (first))
    return FALSE;
  drawn = g_malloc0 (n);
  lacuna_hint_draw (first, &level->grid, lacuna_hint_get_radius (first), drawn, 1);
  for (gsize i = 0; i < n; i++)
    distances[i] = drawn[i] ? 0 : G_MAXFLOAT;
  lacuna_reach_measure (level, SCRIBBLE_CONTRAST, distances);
  for (gsize i = 0; i < n; i++)
    pulls[i] += BEYOND_SCRIBBLE + (AT_SCRIBBLE - BEYOND_SCRIBBLE) * expf (-distances[i] / reach);
  return TRUE;
}

/* Pulls towards or away from the thing where a stroke that was drawn over cells (side: as it left them) is near. */
static void
pull_to_strokes (GPtrArray *hints, const LacunaPartition *level, gboolean take, float *pulls, float *distances)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid);
  float reach = MAX (level->grid.width, level->grid.height) * STROKE_REACH;
  g_autofree guint8 *drawn = g_malloc0 (n);
  gboolean any = FALSE;

  for (guint i = 0; i < hints->len; i++)
    if (lacuna_hint_get_kind (hints->pdata[i]) == (take ? LACUNA_HINT_TAKE : LACUNA_HINT_ADD)
        && !lacuna_hint_encloses (hints->pdata[i]))
      {
        lacuna_hint_draw (hints->pdata[i], &level->grid, lacuna_hint_get_radius (hints->pdata[i]), drawn, 1);
        any = TRUE;
      }
  for (gsize i = 0; i < n; i++)
    distances[i] = drawn[i] ? 0 : G_MAXFLOAT;
  if (any)
    lacuna_reach_measure (level, STROKE_CONTRAST, distances);
  for (gsize i = 0; any && i < n; i++)
    pulls[i] += (take ? -AT_STROKE : AT_STROKE) * expf (-distances[i] / reach);
}

/* Whether the selection had the middle of a cell; FALSE beyond it. */
static gboolean
was_inside (const LacunaPartition *before, const LacunaGrid *grid, gsize cell)
{
  int x = grid->box.x + (int) (cell % grid->width) * grid->side + grid->side / 2 - before->grid.box.x;
  int y = grid->box.y + (int) (cell / grid->width) * grid->side + grid->side / 2 - before->grid.box.y;

  if (x < 0 || y < 0 || x >= before->grid.box.width || y >= before->grid.box.height)
    return FALSE;
  return before->cells[(gsize) (y / before->grid.side) * before->grid.width + x / before->grid.side] & LACUNA_CELL_IN;
}

/* Begins with what was selected, and changes what strokes pull strongly. */
static void
pull_to_before (LacunaPartition *level, const LacunaPartition *before, float *pulls)
{
  for (gsize i = 0; i < lacuna_grid_get_n_cells (&level->grid); i++)
    {
      gboolean was = was_inside (before, &level->grid, i);

      if (level->cells[i] & LACUNA_CELL_OPEN && (was ? pulls[i] > -STRONG : pulls[i] > STRONG))
        level->cells[i] |= LACUNA_CELL_IN;
      pulls[i] += was ? AS_BEFORE : -AS_BEFORE;
    }
}

static void
learn (const LacunaPartition *level, gboolean inside, LacunaMixture *model)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid), step = n / LACUNA_MIXTURE_MAX_SAMPLES + 1, n_samples = 0;
  g_autofree LacunaSpot *spots = g_new (LacunaSpot, n / step + 1);
  g_autofree float *weights = g_new (float, n / step + 1);

  for (gsize i = 0; i < n; i += step)
    {
      guint8 cell = level->cells[i];

      if (((cell & LACUNA_CELL_IN) != 0) != inside)
        continue;
      spots[n_samples] = lacuna_partition_get_spot (level, i);
      weights[n_samples++] = inside && cell == LACUNA_CELL_IN ? SEED : 1;
    }
  lacuna_mixture_fit (model, spots, weights, n_samples);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  float first = *(const float *) a, second = *(const float *) b;

  return first < second ? -1 : first > second;
}

/* The first guess: what is open and unlike what is not, with respect to pulls; at least a third of it. */
static void
guess (LacunaPartition *level, const LacunaMixture *rest, const float *pulls)
{
  gsize n = lacuna_grid_get_n_cells (&level->grid), n_open = 0;
  g_autofree float *costs = g_new (float, n), *sorted = g_new (float, n);
  float least;

  for (gsize i = 0; i < n; i++)
    if (level->cells[i] & LACUNA_CELL_OPEN)
      {
        LacunaSpot spot = lacuna_partition_get_spot (level, i);

        costs[i] = lacuna_mixture_get_cost (rest, &spot) + 2 * pulls[i];
        sorted[n_open++] = costs[i];
      }
  qsort (sorted, n_open, sizeof *sorted, compare);
  least = n_open > 0 ? sorted[n_open * 2 / 3] : 0;
  for (gsize i = 0; i < n; i++)
    if (level->cells[i] & LACUNA_CELL_OPEN && costs[i] >= least)
      level->cells[i] |= LACUNA_CELL_IN;
}

static void
guess_by_pulls (LacunaPartition *level, const float *pulls)
{
  for (gsize i = 0; i < lacuna_grid_get_n_cells (&level->grid); i++)
    if (level->cells[i] & LACUNA_CELL_OPEN)
      level->cells[i] = LACUNA_CELL_OPEN | (pulls[i] > 0 ? LACUNA_CELL_IN : 0);
}

static gboolean
iterate (LacunaPartition *level, LacunaPhoto *photo, const float *pulls, LacunaAppearance *looks,
         GCancellable *cancellable, GError **error)
{
  gsize n_changed = 1;

  for (guint round = 0; round < MAX_ROUNDS && n_changed > 0; round++)
    {
      learn (level, TRUE, &looks->thing);
      learn (level, FALSE, &looks->rest);
      if (!lacuna_partition_cut (level, photo, looks, pulls, &n_changed, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

LacunaPartition *
lacuna_start_run (LacunaPhoto *photo, GPtrArray *hints, LacunaGrid grid, const LacunaPartition *before,
                  LacunaAppearance *ret_looks, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaPartition) level = lacuna_partition_new (grid);
  gsize n = lacuna_grid_get_n_cells (&grid);
  g_autofree float *pulls = g_new0 (float, n), *distances = g_new (float, n);

  if (level == NULL || !lacuna_partition_read_colors (level, photo))
    {
      lacuna_error_set_memory (error, _ ("the selection"));
      return NULL;
    }
  *ret_looks = (LacunaAppearance){ 0 };
  open_cells (hints, level);
  pull_to_strokes (hints, level, FALSE, pulls, distances);
  pull_to_strokes (hints, level, TRUE, pulls, distances);
  if (before != NULL)
    pull_to_before (level, before, pulls);
  if (pull_to_scribble (hints, level, pulls, distances))
    guess_by_pulls (level, pulls);
  else
    pull_amid (level, pulls, distances);
  if (before == NULL && lacuna_hint_encloses (hints->pdata[0]))
    {
      learn (level, FALSE, &ret_looks->rest);
      guess (level, &ret_looks->rest, pulls);
    }
  lacuna_hints_draw (hints, &grid, level->cells);
  if (!iterate (level, photo, pulls, ret_looks, cancellable, error))
    return NULL;
  lacuna_blobs_clean (level);
  if (wants_shadow (hints) && !lacuna_shadow_add (level, photo, hints, ret_looks, cancellable, error))
    return NULL;
  return g_steal_pointer (&level);
}

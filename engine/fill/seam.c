/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes pixels of matched patches: labels, one offset a pixel, by votes and smoothing (kernels/vote.cl), and then the
 * correction that levels the jumps between copies, which solves a Poisson equation by conjugate gradients with a cycle
 * of multigrid as preconditioner (kernels/poisson.cl). Labels lie in the level's `next`; while it descends, the finest
 * grid's b is the residual; the host adds sums of rows up in a fixed order. It runs on the engine's thread. */
#include "engine/fill/seam.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

#define CHANNELS 3

#define SPAN 64 /* columns of a work-group */
#define SWEEPS 30
#define MOST_STEPS 200    /* of the conjugate gradients: some ten are enough as a rule */
#define ACCURACY 1e-4     /* of the correction: of its error at first, in the norm of energy */
#define LEAST_ENERGY 1e-3 /* of an error that is to be lessened */
#define RELAXATIONS 2     /* on each way */
#define LAST_RELAXATIONS 10 /* on the coarsest grid, and as many back */
#define COARSEST 4        /* its sides at most, unless there are too many */
#define MAX_GRIDS 12
#define EDGE 60.0f        /* jumps at the border, in levels, that are true edges */
#define EDGE_REACH 6.0f   /* pixels over which those are softened */
#define EDGE_RELAXATIONS 24

struct _LacunaSeam {
  LacunaContext *context;
  LacunaKernel *label, *smooth, *jumps, *aggregate, *relax, *restrict_residual, *prolong, *edges, *add;
  LacunaKernel *multiply, *dot, *advance, *direct;
};

/* One grid of the multigrid. */
typedef struct {
  int columns, rows;
  LacunaBuffer *b, *u;                   /* four floats a cell */
  LacunaBuffer *east, *south, *diagonal; /* a float */
} Grid;

static void
grid_clear (gpointer data)
{
  Grid *self = data;

  g_clear_pointer (&self->b, lacuna_buffer_unref);
  g_clear_pointer (&self->u, lacuna_buffer_unref);
  g_clear_pointer (&self->east, lacuna_buffer_unref);
  g_clear_pointer (&self->south, lacuna_buffer_unref);
  g_clear_pointer (&self->diagonal, lacuna_buffer_unref);
}

LacunaSeam *
lacuna_seam_new (LacunaContext *context, GError **error)
{
  g_autofree char *options = g_strdup_printf ("-D SPAN=%d", SPAN);
  g_autoptr (LacunaSeam) self = g_new0 (LacunaSeam, 1);

  self->context = g_object_ref (context);
  if ((self->label = lacuna_kernel_new (context, "vote", "label", options, error)) == NULL
      || (self->smooth = lacuna_kernel_new (context, "vote", "smooth", options, error)) == NULL
      || (self->jumps = lacuna_kernel_new (context, "poisson", "jumps", NULL, error)) == NULL
      || (self->aggregate = lacuna_kernel_new (context, "poisson", "aggregate", NULL, error)) == NULL
      || (self->relax = lacuna_kernel_new (context, "poisson", "relax", NULL, error)) == NULL
      || (self->restrict_residual = lacuna_kernel_new (context, "poisson", "restrict_residual", NULL, error)) == NULL
      || (self->prolong = lacuna_kernel_new (context, "poisson", "prolong", NULL, error)) == NULL
      || (self->edges = lacuna_kernel_new (context, "poisson", "edges", NULL, error)) == NULL
      || (self->add = lacuna_kernel_new (context, "poisson", "add", NULL, error)) == NULL
      || (self->multiply = lacuna_kernel_new (context, "poisson", "multiply", NULL, error)) == NULL
      || (self->dot = lacuna_kernel_new (context, "poisson", "dot_rows", NULL, error)) == NULL
      || (self->advance = lacuna_kernel_new (context, "poisson", "advance", NULL, error)) == NULL
      || (self->direct = lacuna_kernel_new (context, "poisson", "direct", NULL, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_seam_free (LacunaSeam *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->label, lacuna_kernel_unref);
  g_clear_pointer (&self->smooth, lacuna_kernel_unref);
  g_clear_pointer (&self->jumps, lacuna_kernel_unref);
  g_clear_pointer (&self->aggregate, lacuna_kernel_unref);
  g_clear_pointer (&self->relax, lacuna_kernel_unref);
  g_clear_pointer (&self->restrict_residual, lacuna_kernel_unref);
  g_clear_pointer (&self->prolong, lacuna_kernel_unref);
  g_clear_pointer (&self->edges, lacuna_kernel_unref);
  g_clear_pointer (&self->add, lacuna_kernel_unref);
  g_clear_pointer (&self->multiply, lacuna_kernel_unref);
  g_clear_pointer (&self->dot, lacuna_kernel_unref);
  g_clear_pointer (&self->advance, lacuna_kernel_unref);
  g_clear_pointer (&self->direct, lacuna_kernel_unref);
  g_object_unref (self->context);
  g_free (self);
}

/* Labels go where the next offsets were, which are not needed any more. */
static gboolean
find_labels (LacunaSeam *self, LacunaLevel *level, GError **error)
{
  gsize groups = (level->box.width + SPAN - 1) / SPAN;

  if (!lacuna_kernel_launch (self->label, groups, level->box.height, 1, error, LACUNA_BUFFER_ARG (level->geometry),
                             LACUNA_BUFFER_ARG (level->hole), LACUNA_BUFFER_ARG (level->trust),
                             LACUNA_BUFFER_ARG (level->offsets), LACUNA_BUFFER_ARG (level->cost),
                             LACUNA_BUFFER_ARG (level->next)))
    return FALSE;
  for (int i = 0; i < SWEEPS; i++)
    if (!lacuna_kernel_launch (self->smooth, groups, level->box.height, 1, error, LACUNA_BUFFER_ARG (level->geometry),
                               LACUNA_BUFFER_ARG (level->hole), LACUNA_BUFFER_ARG (level->image),
                               LACUNA_BUFFER_ARG (level->next), LACUNA_INT_ARG (i % 2)))
      return FALSE;
  return TRUE;
}

static gboolean
grid_init (Grid *self, LacunaContext *context, int columns, int rows, GError **error)
{
  gsize n = (gsize) columns * rows * sizeof (float);

  *self = (Grid){ columns, rows };
  return (self->b = lacuna_buffer_new (context, 4 * n, error)) != NULL
         && (self->u = lacuna_buffer_new (context, 4 * n, error)) != NULL
         && (self->east = lacuna_buffer_new (context, n, error)) != NULL
         && (self->south = lacuna_buffer_new (context, n, error)) != NULL
         && (self->diagonal = lacuna_buffer_new (context, n, error)) != NULL;
}

/* The finest grid, with the jumps to level. */
static gboolean
add_finest (LacunaSeam *self, GArray *grids, LacunaLevel *level, GError **error)
{
  Grid *grid;

  g_array_set_size (grids, 1);
  grid = &g_array_index (grids, Grid, 0);
  return grid_init (grid, self->context, level->box.width, level->box.height, error)
         && lacuna_kernel_launch (
             self->jumps, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (level->geometry), LACUNA_BUFFER_ARG (level->hole),
             LACUNA_BUFFER_ARG (level->image), LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (grid->b),
             LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east), LACUNA_BUFFER_ARG (grid->south),
             LACUNA_BUFFER_ARG (grid->diagonal), LACUNA_FLOAT_ARG (EDGE));
}

static gboolean
add_coarser (LacunaSeam *self, GArray *grids, GError **error)
{
  Grid *coarse, *fine;

  g_array_set_size (grids, grids->len + 1);
  coarse = &g_array_index (grids, Grid, grids->len - 1);
  fine = coarse - 1;
  return grid_init (coarse, self->context, (fine->columns + 1) / 2, (fine->rows + 1) / 2, error)
         && lacuna_kernel_launch (self->aggregate, coarse->rows, 1, 1, error, LACUNA_BUFFER_ARG (fine->east),
                                  LACUNA_BUFFER_ARG (fine->south), LACUNA_BUFFER_ARG (fine->diagonal),
                                  LACUNA_INT_ARG (fine->columns), LACUNA_INT_ARG (fine->rows),
                                  LACUNA_BUFFER_ARG (coarse->east), LACUNA_BUFFER_ARG (coarse->south),
                                  LACUNA_BUFFER_ARG (coarse->diagonal));
}

/* first: 0 or 1, of the cells with even or odd x + y, which go before the others. */
static gboolean
relax (LacunaSeam *self, const Grid *grid, int times, int first, GError **error)
{
  for (int i = first; i < 2 * times + first; i++)
    if (!lacuna_kernel_launch (self->relax, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->b),
                               LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east),
                               LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                               LACUNA_INT_ARG (grid->columns), LACUNA_INT_ARG (grid->rows), LACUNA_INT_ARG (i % 2)))
      return FALSE;
  return TRUE;
}

/* A symmetric V-cycle from grid on. */
static gboolean
cycle (LacunaSeam *self, const Grid *grid, guint n_grids, GError **error)
{
  const Grid *coarse = grid + 1;

  if (n_grids == 1)
    return relax (self, grid, LAST_RELAXATIONS, 0, error) && relax (self, grid, LAST_RELAXATIONS, 1, error);
  return relax (self, grid, RELAXATIONS, 0, error)
         && lacuna_kernel_launch (self->restrict_residual, coarse->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->b),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east),
                                  LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                                  LACUNA_INT_ARG (grid->columns), LACUNA_INT_ARG (grid->rows),
                                  LACUNA_BUFFER_ARG (coarse->b), LACUNA_BUFFER_ARG (coarse->u))
         && cycle (self, coarse, n_grids - 1, error)
         && lacuna_kernel_launch (self->prolong, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (coarse->u),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->diagonal),
                                  LACUNA_INT_ARG (grid->columns))
         && relax (self, grid, RELAXATIONS, 1, error);
}

/* The conjugate gradients on the finest grid, whose b is the residual and whose u is what the cycle makes of it. */
typedef struct {
  LacunaSeam *seam;
  const Grid *grid;
  guint n_grids;
  LacunaBuffer *solution, *direction, *image; /* of the direction; four floats a cell */
  LacunaBuffer *sums;                         /* four floats a row */
  LacunaBuffer *factor;                       /* four floats */
  float *values;                              /* of the sums */
} Descent;

static void
descent_clear (Descent *self)
{
  g_clear_pointer (&self->solution, lacuna_buffer_unref);
  g_clear_pointer (&self->direction, lacuna_buffer_unref);
  g_clear_pointer (&self->image, lacuna_buffer_unref);
  g_clear_pointer (&self->sums, lacuna_buffer_unref);
  g_clear_pointer (&self->factor, lacuna_buffer_unref);
  g_free (self->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descent, descent_clear)

static gboolean
descent_init (Descent *self, GError **error)
{
  LacunaContext *context = self->seam->context;
  const Grid *grid = self->grid;
  gsize row = 4 * sizeof (float), n = (gsize) grid->columns * grid->rows * row;

  self->values = g_try_new (float, 4 * grid->rows);
  if (self->values == NULL)
    {
      lacuna_error_set_memory (error, _ ("the correction of the seam"));
      return FALSE;
    }
  return (self->solution = lacuna_buffer_new (context, n, error)) != NULL
         && (self->direction = lacuna_buffer_new (context, n, error)) != NULL
         && (self->image = lacuna_buffer_new (context, n, error)) != NULL
         && (self->sums = lacuna_buffer_new (context, grid->rows * row, error)) != NULL
         && (self->factor = lacuna_buffer_new (context, row, error)) != NULL
         && lacuna_buffer_clear (self->solution, 0, n, error) && lacuna_buffer_clear (self->direction, 0, n, error);
}

/* The sums of all rows, always in the same order. */
static gboolean
add_up (Descent *self, double *ret_sums, GError **error)
{
  if (!lacuna_buffer_read_floats (self->sums, self->values, 4 * self->grid->rows, error))
    return FALSE;
  for (int c = 0; c < CHANNELS; c++)
    {
      ret_sums[c] = 0.0;
      for (int y = 0; y < self->grid->rows; y++)
        ret_sums[c] += self->values[4 * y + c];
    }
  return TRUE;
}

static gboolean
set_factor (Descent *self, const double *numerators, const double *denominators, GError **error)
{
  float factor[4] = { 0.0f };

  for (int c = 0; c < CHANNELS; c++)
    factor[c] = denominators[c] > 0.0 ? (float) (numerators[c] / denominators[c]) : 0.0f;
  return lacuna_buffer_write (self->factor, 0, factor, sizeof factor, error);
}

/* The cycle's answer to the residual, and their product: the energy of the error, about. */
static gboolean
precondition (Descent *self, double *ret_energy, GError **error)
{
  const Grid *grid = self->grid;

  return lacuna_buffer_clear (grid->u, 0, lacuna_buffer_get_size (grid->u), error)
         && cycle (self->seam, grid, self->n_grids, error)
         && lacuna_kernel_launch (self->seam->dot, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->b),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (self->sums),
                                  LACUNA_INT_ARG (grid->columns))
         && add_up (self, ret_energy, error);
}

/* Goes on in the direction of the cycle's answer, made conjugate to the one before. */
static gboolean
turn (Descent *self, const double *energy, const double *before, GError **error)
{
  return set_factor (self, energy, before, error)
         && lacuna_kernel_launch (self->seam->direct, self->grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (self->factor),
                                  LACUNA_BUFFER_ARG (self->grid->u), LACUNA_BUFFER_ARG (self->direction),
                                  LACUNA_INT_ARG (self->grid->columns));
}

/* Goes along the direction as far as lessens the error most. */
static gboolean
advance (Descent *self, const double *energy, GError **error)
{
  const Grid *grid = self->grid;
  double curvature[CHANNELS];

  return lacuna_kernel_launch (self->seam->multiply, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (self->direction),
                               LACUNA_BUFFER_ARG (self->image), LACUNA_BUFFER_ARG (grid->east),
                               LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                               LACUNA_BUFFER_ARG (self->sums), LACUNA_INT_ARG (grid->columns),
                               LACUNA_INT_ARG (grid->rows))
         && add_up (self, curvature, error) && set_factor (self, energy, curvature, error)
         && lacuna_kernel_launch (self->seam->advance, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (self->factor),
                                  LACUNA_BUFFER_ARG (self->direction), LACUNA_BUFFER_ARG (self->image),
                                  LACUNA_BUFFER_ARG (self->solution), LACUNA_BUFFER_ARG (grid->b),
                                  LACUNA_INT_ARG (grid->columns));
}

static gboolean
is_small (const double *energy, const double *first)
{
  for (int c = 0; c < CHANNELS; c++)
    if (energy[c] > MAX (ACCURACY * ACCURACY * first[c], LEAST_ENERGY))
      return FALSE;
  return TRUE;
}

/* Descends until the error is small, as the residual tells, and fails after MOST_STEPS. */
static gboolean
descend (Descent *self, GError **error)
{
  static const double none[CHANNELS] = { 0.0 };
  double first[CHANNELS], energy[CHANNELS], before[CHANNELS];

  if (!precondition (self, first, error) || !turn (self, first, none, error))
    return FALSE;
  memcpy (energy, first, sizeof energy);
  for (int i = 0; i < MOST_STEPS && !is_small (energy, first); i++)
    {
      memcpy (before, energy, sizeof before);
      if (!advance (self, energy, error) || !precondition (self, energy, error) || !turn (self, energy, before, error))
        return FALSE;
    }
  if (is_small (energy, first))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE,
               _ ("The device “%s” does not come to an end with the seam of the fill. Choose another device."),
               lacuna_device_get_name (lacuna_context_get_device (self->seam->context)));
  return FALSE;
}

/* Adds to the correction what softens true edges at the border; the finest grid serves for it. */
static gboolean
soften_edges (LacunaSeam *self, const Grid *grid, LacunaLevel *level, LacunaBuffer *correction, GError **error)
{
  return lacuna_kernel_launch (self->edges, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (level->geometry),
                               LACUNA_BUFFER_ARG (level->hole), LACUNA_BUFFER_ARG (level->image),
                               LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (grid->b),
                               LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->diagonal), LACUNA_FLOAT_ARG (EDGE),
                               LACUNA_FLOAT_ARG (EDGE_REACH))
         && relax (self, grid, EDGE_RELAXATIONS, 0, error)
         && lacuna_kernel_launch (self->add, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->u),
                                  LACUNA_BUFFER_ARG (correction), LACUNA_INT_ARG (grid->columns));
}

static gboolean
solve (LacunaSeam *self, LacunaLevel *level, float *ret_correction, GError **error)
{
  g_autoptr (GArray) grids = g_array_new (FALSE, TRUE, sizeof (Grid));
  g_auto (Descent) descent = { .seam = self };

  g_array_set_clear_func (grids, grid_clear);
  if (!add_finest (self, grids, level, error))
    return FALSE;
  while (grids->len < MAX_GRIDS
         && MIN (g_array_index (grids, Grid, grids->len - 1).columns, g_array_index (grids, Grid, grids->len - 1).rows)
                > COARSEST)
    if (!add_coarser (self, grids, error))
      return FALSE;
  descent.grid = &g_array_index (grids, Grid, 0);
  descent.n_grids = grids->len;
  return descent_init (&descent, error) && descend (&descent, error)
         && soften_edges (self, descent.grid, level, descent.solution, error)
         && lacuna_buffer_read_floats (descent.solution, ret_correction, 4 * lacuna_level_get_n_targets (level), error);
}

gboolean
lacuna_seam_run (LacunaSeam *self, LacunaLevel *level, gint16 *ret_labels, float *ret_correction, GError **error)
{
  return find_labels (self, level, error) && lacuna_level_read_offsets (level, level->next, 0, ret_labels, error)
         && solve (self, level, ret_correction, error);
}

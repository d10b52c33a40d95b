#include "engine/fill/seam.h"

#define SPAN 64 /* columns of a work-group */
#define SWEEPS 30
#define CYCLES 8
#define RELAXATIONS 2     /* on each way */
#define LAST_RELAXATIONS 20 /* on the coarsest grid */
#define COARSEST 4        /* its sides at most, unless there are too many */
#define MAX_GRIDS 12
#define EDGE 60.0f        /* jumps at the border, in levels, that are true edges */
#define EDGE_REACH 6.0f   /* pixels over which those are softened */
#define EDGE_RELAXATIONS 24

struct _LacunaSeam
{
  LacunaContext *context;
  LacunaKernel *label, *smooth, *jumps, *aggregate, *relax, *restrict_residual, *prolong, *edges, *add;
};

/* One grid of the multigrid. */
typedef struct
{
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
      || (self->add = lacuna_kernel_new (context, "poisson", "add", NULL, error)) == NULL)
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
         && lacuna_kernel_launch (self->jumps, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (level->geometry),
                                  LACUNA_BUFFER_ARG (level->hole), LACUNA_BUFFER_ARG (level->image),
                                  LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (grid->b),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east),
                                  LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                                  LACUNA_FLOAT_ARG (EDGE));
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

static gboolean
relax (LacunaSeam *self, const Grid *grid, int times, GError **error)
{
  for (int i = 0; i < 2 * times; i++)
    if (!lacuna_kernel_launch (self->relax, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->b),
                               LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east),
                               LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                               LACUNA_INT_ARG (grid->columns), LACUNA_INT_ARG (grid->rows), LACUNA_INT_ARG (i % 2)))
      return FALSE;
  return TRUE;
}

/* A V-cycle from grid on. */
static gboolean
cycle (LacunaSeam *self, const Grid *grid, guint n_grids, GError **error)
{
  const Grid *coarse = grid + 1;

  if (n_grids == 1)
    return relax (self, grid, LAST_RELAXATIONS, error);
  return relax (self, grid, RELAXATIONS, error)
         && lacuna_kernel_launch (self->restrict_residual, coarse->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->b),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->east),
                                  LACUNA_BUFFER_ARG (grid->south), LACUNA_BUFFER_ARG (grid->diagonal),
                                  LACUNA_INT_ARG (grid->columns), LACUNA_INT_ARG (grid->rows),
                                  LACUNA_BUFFER_ARG (coarse->b), LACUNA_BUFFER_ARG (coarse->u))
         && cycle (self, coarse, n_grids - 1, error)
         && lacuna_kernel_launch (self->prolong, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (coarse->u),
                                  LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->diagonal),
                                  LACUNA_INT_ARG (grid->columns))
         && relax (self, grid, RELAXATIONS, error);
}

/* Adds to the correction in grid what softens true edges at the border, and puts the sum into total. */
static gboolean
soften_edges (LacunaSeam *self, const Grid *grid, LacunaLevel *level, LacunaBuffer *total, GError **error)
{
  return lacuna_kernel_launch (self->edges, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (level->geometry),
                               LACUNA_BUFFER_ARG (level->hole), LACUNA_BUFFER_ARG (level->image),
                               LACUNA_BUFFER_ARG (level->next), LACUNA_BUFFER_ARG (grid->b),
                               LACUNA_BUFFER_ARG (grid->u), LACUNA_BUFFER_ARG (grid->diagonal),
                               LACUNA_BUFFER_ARG (total), LACUNA_FLOAT_ARG (EDGE), LACUNA_FLOAT_ARG (EDGE_REACH))
         && relax (self, grid, EDGE_RELAXATIONS, error)
         && lacuna_kernel_launch (self->add, grid->rows, 1, 1, error, LACUNA_BUFFER_ARG (grid->u),
                                  LACUNA_BUFFER_ARG (total), LACUNA_INT_ARG (grid->columns));
}

static gboolean
solve (LacunaSeam *self, LacunaLevel *level, float *ret_correction, GError **error)
{
  g_autoptr (GArray) grids = g_array_new (FALSE, TRUE, sizeof (Grid));
  g_autoptr (LacunaBuffer) total = NULL;
  gsize size = 4 * sizeof (float) * lacuna_level_get_n_targets (level);
  const Grid *finest;

  g_array_set_clear_func (grids, grid_clear);
  if (!add_finest (self, grids, level, error))
    return FALSE;
  while (grids->len < MAX_GRIDS && MIN (g_array_index (grids, Grid, grids->len - 1).columns,
                                        g_array_index (grids, Grid, grids->len - 1).rows) > COARSEST)
    if (!add_coarser (self, grids, error))
      return FALSE;
  finest = &g_array_index (grids, Grid, 0);
  for (int i = 0; i < CYCLES; i++)
    if (!cycle (self, finest, grids->len, error))
      return FALSE;
  total = lacuna_buffer_new (self->context, size, error);
  return total != NULL && soften_edges (self, finest, level, total, error)
         && lacuna_buffer_read (total, 0, ret_correction, size, error);
}

gboolean
lacuna_seam_run (LacunaSeam *self, LacunaLevel *level, gint16 *ret_labels, float *ret_correction, GError **error)
{
  return find_labels (self, level, error)
         && lacuna_buffer_read (level->next, 0, ret_labels, 2 * sizeof (gint16) * lacuna_level_get_n_targets (level),
                                error)
         && solve (self, level, ret_correction, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A selection at one scale, and its minimum cut. Only cells that are open change sides, and a cut that fails changes
 * none; ties and nodes are listed row by row, so that the colours of two rows at a time are enough. A partition owns
 * its cells and colours. It runs on the worker of the window that selects. */
#include "engine/select/partition.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/select/min-cut.h"

#define UNIT 256          /* capacities are whole 256ths of a nat */
#define MOST_PULL 12.0f   /* of colours, in nats */
#define COLORS 0.6f       /* how far colours are believed */
#define CONTRAST 6.0f     /* nats to part neighbours of one colour */
#define LENGTH 1.0f       /* nats to part any neighbours */
#define N_FORWARD 4

/* The neighbours that follow a cell in rows, by the slots that LacunaMinCut has for them. */
static const struct { int x, y; guint slot; float distance; } forward[N_FORWARD] = {
  { 1, 0, 4, 1 }, { -1, 1, 5, G_SQRT2 }, { 0, 1, 6, 1 }, { 1, 1, 7, G_SQRT2 },
};

/* Two neighbours of which one at least is open. */
typedef struct {
  gsize  cell;
  guint8 way;      /* of forward */
  float  distance; /* of the colours, squared */
} Tie;

/* What one cut is made of. Colours are read as they are needed, of two rows at a time. */
typedef struct {
  const LacunaPartition *level;
  LacunaPhoto       *photo;
  LacunaColor       *rows[2];
  guint8            *known[2]; /* whether a colour of the row is */
  GArray            *ties;     /* of Tie */
  GArray            *nodes;    /* of gsize: the open cells, in order */
  GArray            *colors;   /* of LacunaColor: theirs */
} Graph;

LacunaPartition *
lacuna_partition_new (LacunaGrid grid)
{
  guint8 *cells = g_try_malloc0 (lacuna_grid_get_n_cells (&grid));
  LacunaPartition *self;

  if (cells == NULL)
    return NULL;
  self = g_new0 (LacunaPartition, 1);
  self->grid = grid;
  self->cells = cells;
  return self;
}

LacunaPartition *
lacuna_partition_copy (const LacunaPartition *self)
{
  LacunaPartition *copy = lacuna_partition_new (self->grid);

  if (copy != NULL)
    memcpy (copy->cells, self->cells, lacuna_grid_get_n_cells (&self->grid));
  return copy;
}

void
lacuna_partition_free (LacunaPartition *self)
{
  if (self == NULL)
    return;
  g_free (self->colors);
  g_free (self->cells);
  g_free (self);
}

/* Whether a cell or one of the eight around it differs from it. */
static gboolean
is_border (const LacunaPartition *self, int x, int y)
{
  int width = self->grid.width, left = MAX (0, x - 1), right = MIN (width - 1, x + 1);
  guint8 here = self->cells[(gsize) y * width + x];

  for (int v = MAX (0, y - 1); v <= MIN (self->grid.height - 1, y + 1); v++)
    for (int u = left; u <= right; u++)
      if ((self->cells[(gsize) v * width + u] ^ here) & LACUNA_CELL_IN)
        return TRUE;
  return FALSE;
}

gboolean
lacuna_partition_read_colors (LacunaPartition *self, LacunaPhoto *photo)
{
  gsize n = lacuna_grid_get_n_cells (&self->grid);

  self->colors = g_try_new (LacunaColor, n);
  for (gsize i = 0; self->colors != NULL && i < n; i++)
    self->colors[i] = lacuna_color_read (photo, &self->grid, i % self->grid.width, i / self->grid.width);
  return self->colors != NULL;
}

LacunaSpot
lacuna_partition_get_spot (const LacunaPartition *level, gsize cell)
{
  return (LacunaSpot){ level->colors[cell],
                       { lacuna_grid_get_place (&level->grid, cell % level->grid.width),
                         lacuna_grid_get_place (&level->grid, cell / level->grid.width) } };
}

/* The bit of each of eight cells from cell on. */
static inline guint64
read_eight (const LacunaPartition *self, gsize cell, guint8 bit)
{
  guint64 eight;

  memcpy (&eight, self->cells + cell, 8);
  return eight & G_GUINT64_CONSTANT (0x0101010101010101) * bit;
}

/* Whether the eight cells from x on and all around them are surely alike in that bit, in rows from up above to down
 * below: most are, and are then passed over at once. */
static gboolean
are_alike (const LacunaPartition *self, int x, int y, int up, int down, guint8 bit, guint64 pattern)
{
  if (x < 1 || x + 9 > self->grid.width || y < up || y + down >= self->grid.height)
    return FALSE;
  for (int v = y - up; v <= y + down; v++)
    {
      gsize cell = (gsize) v * self->grid.width + x;

      if (read_eight (self, cell - 1, bit) != pattern || read_eight (self, cell + 1, bit) != pattern)
        return FALSE;
    }
  return TRUE;
}

/* Sets what a cell becomes at half the side. */
static void
set_quarters (LacunaPartition *finer, int x, int y, int n, guint8 value)
{
  for (int v = 2 * y; v < MIN (2 * y + 2, finer->grid.height); v++)
    memset (finer->cells + (gsize) v * finer->grid.width + 2 * x, value, MIN (2 * n, finer->grid.width - 2 * x));
}

static void
halve_row (const LacunaPartition *self, LacunaPartition *finer, int y)
{
  const guint8 *row = self->cells + (gsize) y * self->grid.width;

  for (int x = 0; x < self->grid.width;)
    {
      guint8 side = row[x] & LACUNA_CELL_IN;
      gboolean alike = are_alike (self, x, y, 1, 1, LACUNA_CELL_IN, G_GUINT64_CONSTANT (0x0101010101010101) * side);
      int n = alike ? 8 : 1;

      if (!alike && is_border (self, x, y))
        set_quarters (finer, x, y, 1, side | LACUNA_CELL_OPEN);
      else if (side)
        set_quarters (finer, x, y, n, side);
      x += n;
    }
}

LacunaPartition *
lacuna_partition_halve (const LacunaPartition *self)
{
  LacunaPartition *finer = lacuna_partition_new (lacuna_grid_make (self->grid.box, self->grid.side / 2));

  for (int y = 0; finer != NULL && y < self->grid.height; y++)
    halve_row (self, finer, y);
  return finer;
}

/* The colour of a cell of row y or the next. */
static const LacunaColor *
get_color (Graph *self, int x, int y)
{
  guint8 *known = &self->known[y & 1][x];
  LacunaColor *color = &self->rows[y & 1][x];

  if (self->level->colors != NULL)
    return &self->level->colors[(gsize) y * self->level->grid.width + x];
  if (!*known)
    *color = lacuna_color_read (self->photo, &self->level->grid, x, y);
  *known = TRUE;
  return color;
}

static void
add_ties (Graph *self, int x, int y)
{
  const LacunaGrid *grid = &self->level->grid;
  gsize cell = (gsize) y * grid->width + x;

  for (guint8 way = 0; way < N_FORWARD; way++)
    {
      int u = x + forward[way].x, v = y + forward[way].y;
      Tie tie = { cell, way };

      if (u < 0 || u >= grid->width || v >= grid->height
          || !((self->level->cells[cell] | self->level->cells[(gsize) v * grid->width + u]) & LACUNA_CELL_OPEN))
        continue;
      tie.distance = lacuna_color_get_distance (get_color (self, x, y), get_color (self, u, v));
      g_array_append_val (self->ties, tie);
    }
}

static void
read_row (Graph *self, int y)
{
  const LacunaGrid *grid = &self->level->grid;

  for (int x = 0; x < grid->width; x++)
    {
      gsize cell = (gsize) y * grid->width + x;

      if (are_alike (self->level, x, y, 0, 1, LACUNA_CELL_OPEN, 0))
        {
          x += 7;
          continue;
        }
      if (self->level->cells[cell] & LACUNA_CELL_OPEN)
        {
          g_array_append_val (self->nodes, cell);
          g_array_append_vals (self->colors, get_color (self, x, y), 1);
        }
      add_ties (self, x, y);
    }
}

static void
read_graph (Graph *self)
{
  for (int y = 0; y < self->level->grid.height; y++)
    {
      memset (self->known[(y + 1) & 1], 0, self->level->grid.width);
      read_row (self, y);
    }
}

static void
graph_init (Graph *self, const LacunaPartition *level, LacunaPhoto *photo)
{
  *self = (Graph){ .level = level, .photo = photo };
  for (guint i = 0; i < 2; i++)
    {
      self->rows[i] = g_new (LacunaColor, level->grid.width);
      self->known[i] = g_malloc0 (level->grid.width);
    }
  self->ties = g_array_new (FALSE, FALSE, sizeof (Tie));
  self->nodes = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->colors = g_array_new (FALSE, FALSE, sizeof (LacunaColor));
  read_graph (self);
}

static void
graph_clear (Graph *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_free (self->rows[i]);
      g_free (self->known[i]);
    }
  g_array_unref (self->ties);
  g_array_unref (self->nodes);
  g_array_unref (self->colors);
}

/* 1 / (2 mean ‖difference‖²): what counts as contrast in this photo, here. */
static float
find_beta (const Graph *self)
{
  double sum = 0;

  for (guint i = 0; i < self->ties->len; i++)
    sum += g_array_index (self->ties, Tie, i).distance;
  return sum > 0 ? self->ties->len / (2 * sum) : 0;
}

float
lacuna_appearance_get_shadow_cost (const LacunaAppearance *self, const LacunaSpot *spot)
{
  /* The cube roots of the share of the light that is left, by which Oklab's numbers shrink. */
  static const float shares[] = { 0.55f, 0.65f, 0.75f, 0.85f };
  float least = G_MAXFLOAT;

  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      LacunaSpot lit = *spot;

      for (guint k = 0; k < 3; k++)
        lit.color.channels[k] /= shares[i];
      least = MIN (least, lacuna_mixture_get_cost (&self->lit, &lit) + 3 * logf (shares[i]));
    }
  return least;
}

/* Returns how much more a spot costs outside than inside, in nats. */
static float
get_pull (const LacunaAppearance *looks, const LacunaSpot *spot)
{
  float inside = lacuna_mixture_get_cost (&looks->thing, spot), outside = lacuna_mixture_get_cost (&looks->rest, spot);

  if (looks->shadow)
    {
      inside = MIN (inside, lacuna_appearance_get_shadow_cost (looks, spot));
      outside = lacuna_mixture_get_cost (&looks->lit, spot);
    }
  return CLAMP (COLORS * (outside - inside), -MOST_PULL, MOST_PULL);
}

static void
pull_nodes (const Graph *self, const LacunaAppearance *looks, const float *pulls, LacunaMinCut *cut)
{
  const LacunaGrid *grid = &self->level->grid;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      gsize cell = g_array_index (self->nodes, gsize, i);
      LacunaSpot spot = { g_array_index (self->colors, LacunaColor, i),
                          { lacuna_grid_get_place (grid, cell % grid->width),
                            lacuna_grid_get_place (grid, cell / grid->width) } };
      float pull = looks != NULL ? get_pull (looks, &spot) : 0;

      if (pulls != NULL)
        pull += pulls[cell];
      lacuna_min_cut_pull (cut, i, lrintf (pull * UNIT));
    }
}

static void
number_row (const Graph *self, int y, guint *numbers, guint *n)
{
  const guint8 *cells = self->level->cells + (gsize) y * self->level->grid.width;

  for (int x = 0; y < self->level->grid.height && x < self->level->grid.width; x++)
    if (cells[x] & LACUNA_CELL_OPEN)
      numbers[x] = (*n)++;
}

static void
tie (const Graph *self, const Tie *it, const guint *row, const guint *next, float beta, LacunaMinCut *cut)
{
  int width = self->level->grid.width, x = it->cell % width, u = x + forward[it->way].x;
  guint8 a = self->level->cells[it->cell];
  guint8 b = self->level->cells[it->cell + (gsize) forward[it->way].y * width + forward[it->way].x];
  gint32 capacity = lrintf (UNIT * (LENGTH + CONTRAST * expf (-beta * it->distance)) / forward[it->way].distance);
  guint number = forward[it->way].y > 0 ? next[u] : row[u];

  if (a & b & LACUNA_CELL_OPEN)
    lacuna_min_cut_join (cut, row[x], forward[it->way].slot, number, capacity);
  else if (a & LACUNA_CELL_OPEN)
    lacuna_min_cut_pull (cut, row[x], b & LACUNA_CELL_IN ? capacity : -capacity);
  else
    lacuna_min_cut_pull (cut, number, a & LACUNA_CELL_IN ? capacity : -capacity);
}

static void
tie_nodes (const Graph *self, LacunaMinCut *cut)
{
  int width = self->level->grid.width;
  g_autofree guint *first = g_new (guint, width), *second = g_new (guint, width);
  guint *row = first, *next = second, n = 0, i = 0;
  float beta = find_beta (self);

  number_row (self, 0, row, &n);
  for (int y = 0; y < self->level->grid.height; y++)
    {
      guint *done = row;

      number_row (self, y + 1, next, &n);
      for (; i < self->ties->len && g_array_index (self->ties, Tie, i).cell < (gsize) (y + 1) * width; i++)
        tie (self, &g_array_index (self->ties, Tie, i), row, next, beta, cut);
      row = next;
      next = done;
    }
}

static gsize
take_sides (LacunaPartition *self, const Graph *graph, const LacunaMinCut *cut)
{
  gsize n_changed = 0;

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      guint8 *cell = &self->cells[g_array_index (graph->nodes, gsize, i)];
      guint8 side = lacuna_min_cut_is_inside (cut, i) ? LACUNA_CELL_IN : 0;

      n_changed += (*cell & LACUNA_CELL_IN) != side;
      *cell = LACUNA_CELL_OPEN | side;
    }
  return n_changed;
}

gboolean
lacuna_partition_cut (LacunaPartition *self, LacunaPhoto *photo, const LacunaAppearance *looks, const float *pulls,
                      gsize *ret_n_changed, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaMinCut) cut = NULL;
  Graph graph;
  gboolean done = FALSE;

  graph_init (&graph, self, photo);
  cut = lacuna_min_cut_new (graph.nodes->len);
  if (cut == NULL)
    lacuna_error_set_memory (error, _ ("the selection"));
  else
    {
      gsize n_changed;

      pull_nodes (&graph, looks, pulls, cut);
      tie_nodes (&graph, cut);
      done = lacuna_min_cut_run (cut, cancellable);
      if (done)
        n_changed = take_sides (self, &graph, cut);
      else
        g_cancellable_set_error_if_cancelled (cancellable, error);
      if (done && ret_n_changed != NULL)
        *ret_n_changed = n_changed;
    }
  graph_clear (&graph);
  return done;
}

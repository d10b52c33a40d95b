/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contextual attention; the table of engine/network/NETWORK.md, "Contextual attention", tells which kernel and
 * which buffer belong to which step. Its matrices are streamed: each is a ring of rows of the grid, and holds as many
 * beyond the tile at hand (`halos`) as the next one reads. A run takes its tensors from the pool and returns them at
 * its end. It runs on the thread that uses the context: the engine's, or a command's main thread. */
#include "engine/ops/attention.h"

#include <math.h>

#include "engine/cl/device-limits.h"
#include "engine/ops/attention-private.h"
#include "engine/ops/keys.h"
#include "engine/ops/resize.h"

typedef enum {
  HALVE_QUERIES,
  HALVE_KEYS,
  KEY_SCALES,
  SPLIT_VALUES,
  BLANK_MATRIX,
  COPY_SCORES,
  GRAM,
  PATCH_SCORES,
  ATTEND,
  TRANSFER,
  N_KERNELS,
} KernelName;

struct _LacunaAttention {
  guint channels;
  guint compute_units;
  gboolean gpu;        /* which kernels */
  guint lanes;         /* floats of a vector */
  guint p, ob;         /* register tile: positions × vectors */
  guint rows, columns; /* work-items of a work-group, 1 on a CPU */
  guint query_tiles;   /* register tiles of a work-group of products, SUB of gram.cl */
  guint score_rows;    /* queries of a work-group, RUN of scores.cl */
  guint transfer_rows; /* of the grid for a work-group, SUB of transfer.cl */
  guint transfer_keys; /* KEYS of transfer.cl */
  LacunaKernel *kernels[N_KERNELS];
};

/* Returns how many keys, or channels, a work-group takes. */
static guint
get_block (LacunaAttention *self)
{
  return self->lanes * self->ob * self->columns;
}

/* Returns how many bytes of local memory transfer.cl takes. */
static gsize
get_transfer_bytes (LacunaAttention *self)
{
  gsize laid_out = 4 * (gsize) self->p * (self->transfer_keys + self->lanes) + self->transfer_keys + 1;
  gsize sums = 4 * (gsize) self->p * round_up (self->channels, get_block (self));

  return (laid_out + self->transfer_rows * sums) * sizeof (float);
}

static void
choose_tiling (LacunaAttention *self, LacunaContext *context)
{
  const LacunaTuning *tuning = lacuna_context_get_tuning (context);
  guint64 local_memory = lacuna_device_get_local_memory (lacuna_context_get_device (context));

  self->gpu = tuning->kernels == LACUNA_KERNELS_GPU;
  self->compute_units = MAX (lacuna_device_get_compute_units (lacuna_context_get_device (context)), 1);
  self->lanes = tuning->lanes;
  self->p = tuning->pixels;
  while (self->lanes > 4 && self->channels <= self->lanes / 2)
    self->lanes /= 2;
  self->ob = MIN (tuning->vectors, round_up (self->channels, self->lanes) / self->lanes);
  self->rows = self->gpu ? tuning->rows : 1;
  self->columns = self->gpu ? tuning->columns : 1;
  while (self->columns > 1 && self->channels <= get_block (self) / 2)
    self->columns /= 2;
  self->query_tiles = self->gpu ? 1 : tuning->query_tiles;
  self->score_rows = tuning->score_rows;
  if (self->gpu)
    {
      self->transfer_rows = 1;
      return;
    }

  self->transfer_rows = tuning->transfer_rows;
  self->transfer_keys = round_up (tuning->transfer_keys, self->lanes);
  while (self->transfer_rows > 1 && get_transfer_bytes (self) > local_memory)
    self->transfer_rows--;
  while (self->transfer_keys > self->lanes && get_transfer_bytes (self) > local_memory)
    self->transfer_keys = round_up (self->transfer_keys / 2, self->lanes);
}

static gboolean
build (LacunaAttention *self, LacunaContext *context, KernelName name, const char *program, const char *entry,
       const char *options, GError **error)
{
  self->kernels[name] = lacuna_kernel_new (context, program, entry, options, error);
  return self->kernels[name] != NULL;
}

static gboolean
build_kernels (LacunaAttention *self, LacunaContext *context, GError **error)
{
  guint depth = lacuna_context_get_tuning (context)->depth;
  g_autofree char *items = self->gpu ? g_strdup_printf (" -DROWS=%u -DCOLUMNS=%u", self->rows, self->columns) : NULL;
  g_autofree char *tile = g_strdup_printf ("-DLANES=%u -DOB=%u%s", self->lanes, self->ob, items != NULL ? items : "");
  g_autofree char *scores = g_strdup_printf ("%s -DRUN=%u", tile, self->score_rows);
  g_autofree char *both = g_strdup_printf ("%s -DP=%u -DCHANNELS=%u", tile, self->p, self->channels);
  g_autofree char *gram = g_strdup_printf ("%s -DSUB=%u", both, self->query_tiles);
  g_autofree char *transfer = g_strdup_printf ("%s -DSUB=%u -DKEYS=%u", both, self->transfer_rows, self->transfer_keys);
  g_autofree char *product = g_strdup_printf ("%s -DDEPTH=%u", both, depth);

  return build (self, context, HALVE_QUERIES, "attention", "halve_queries", tile, error)
         && build (self, context, HALVE_KEYS, "attention", "halve_keys", tile, error)
         && build (self, context, KEY_SCALES, "attention", "key_scales", tile, error)
         && build (self, context, SPLIT_VALUES, "attention", "split_values", tile, error)
         && build (self, context, BLANK_MATRIX, "attention", "blank_matrix", tile, error)
         && build (self, context, COPY_SCORES, "attention", "copy_scores", tile, error)
         && build (self, context, GRAM, self->gpu ? "gram-gpu" : "gram", "gram", self->gpu ? product : gram, error)
         && build (self, context, PATCH_SCORES, "scores", "patch_scores", scores, error)
         && build (self, context, ATTEND, "scores", "attend", scores, error)
         && build (self, context, TRANSFER, self->gpu ? "transfer-gpu" : "transfer", "transfer",
                   self->gpu ? product : transfer, error);
}

LacunaAttention *
lacuna_attention_new (LacunaContext *context, guint channels, GError **error)
{
  g_autoptr (LacunaAttention) self = g_new0 (LacunaAttention, 1);

  self->channels = channels;
  choose_tiling (self, context);
  if (!build_kernels (self, context, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_attention_free (LacunaAttention *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_KERNELS; i++)
    g_clear_pointer (&self->kernels[i], lacuna_kernel_unref);
  g_free (self);
}

/* What a run takes from the pool; the kernels' sources tell the layouts. */
typedef enum {
  QUERIES,
  KEYS,
  VALUES,
  KEPT,
  SQUARE,
  SCALE,
  VALID,
  LEFT,
  RIGHT,
  INDEX,
  PRODUCTS, /* matrices of queries by keys, each made from the one before */
  PATCHES,
  SCORES,
  N_TEMPORARIES,
} TemporaryName;

/* Rows of the grid that a matrix holds beyond a tile: y takes a row of scores on either side; they take two more (the
 * fusion by columns, where the top row follows the bottom one, and by rows), and those again one more. */
static const guint halos[N_TEMPORARIES] = { [PRODUCTS] = 8, [PATCHES] = 6, [SCORES] = 2 };

typedef struct {
  guint first, n;
} Columns;

typedef struct {
  guint gh, gw, positions;        /* the grid */
  guint n_blocks;                 /* of keys */
  guint before, row_size;         /* floats of a query in a matrix: attention.cl */
  guint tile;                     /* rows of the grid of which y is finished at a time */
  gboolean whole;                 /* the matrices hold the whole grid */
  guint first, end;               /* rows of the grid of which y is wanted */
  Columns columns[N_TEMPORARIES]; /* of the grid that a matrix is computed for */
  Columns transferred;            /* and y */
  guint ring[N_TEMPORARIES];      /* rows of the grid that a matrix holds */
  LacunaShape shapes[N_TEMPORARIES];
  LacunaTensor *temporaries[N_TEMPORARIES];
} AttentionPass;

static void
attention_pass_clear (AttentionPass *run)
{
  for (guint i = 0; i < N_TEMPORARIES; i++)
    g_clear_pointer (&run->temporaries[i], lacuna_tensor_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AttentionPass, attention_pass_clear)

/* Returns how many rows keep the device busy: more of them would only take memory, and leave the caches. */
static guint
get_enough_rows (LacunaAttention *self, guint gw)
{
  return (guint) count_groups (8 * self->compute_units * self->p * self->rows, gw) * self->transfer_rows;
}

/* Chooses how many rows of the grid a tile has: enough ones, or as many as the limit allows, and at least one. */
static void
choose_tile (AttentionPass *run, LacunaAttention *self, guint64 memory_limit)
{
  const guint64 row_bytes = (guint64) run->row_size * sizeof (float), enough = get_enough_rows (self, run->gw);
  guint64 fixed = 3 * row_bytes, halo = 0, rows;

  for (guint i = 0; i < PRODUCTS; i++)
    fixed += lacuna_shape_get_elements (run->shapes[i]) * sizeof (float);
  for (guint i = PRODUCTS; i <= SCORES; i++)
    halo += halos[i];
  rows = memory_limit > fixed ? (memory_limit - fixed) / (row_bytes * run->gw) : 0;
  rows = CLAMP (rows, 3 + halo, 3 * enough + halo);
  run->tile = (guint) (rows - halo) / 3;
  if (run->tile > self->transfer_rows)
    run->tile -= run->tile % self->transfer_rows;
  run->whole = 3 * run->gh <= rows;
  if (run->whole)
    run->tile = run->gh;
  for (guint i = PRODUCTS; i <= SCORES; i++)
    {
      run->ring[i] = run->whole ? run->gh : run->tile + halos[i];
      run->shapes[i] = (LacunaShape){ 1, 1, run->ring[i] * run->gw + 1, run->row_size };
    }
}

static Columns
grow_columns (Columns columns, guint by, guint gw)
{
  guint first = columns.first - MIN (by, columns.first);

  return (Columns){ first, MIN (columns.first + columns.n + by, gw) - first };
}

/* y takes scores of neighbouring columns, those patches of two columns more: but where these leave the grid, the fusion
 * goes on at the other side of the next row. Patches take products of neighbouring columns. */
static void
plan_area (AttentionPass *run, LacunaArea area)
{
  Columns columns = { area.x / 2, (area.x + area.width + 1) / 2 - area.x / 2 };

  run->first = area.y / 2;
  run->end = (area.y + area.height + 1) / 2;
  run->transferred = columns;
  columns = run->columns[SCORES] = grow_columns (columns, 1, run->gw);
  if (columns.first < 2 || columns.first + columns.n + 2 > run->gw)
    run->columns[PATCHES] = (Columns){ 0, run->gw };
  else
    run->columns[PATCHES] = grow_columns (columns, 2, run->gw);
  run->columns[PRODUCTS] = grow_columns (run->columns[PATCHES], 1, run->gw);
}

static void
plan_run (AttentionPass *run, LacunaAttention *self, LacunaShape shape, LacunaArea area, guint64 memory_limit)
{
  guint block = get_block (self), padded;

  run->gh = shape.height / 2;
  run->gw = shape.width / 2;
  run->positions = run->gh * run->gw;
  run->n_blocks = (guint) count_groups (run->positions, block);
  run->before = round_up (run->gw + 2, self->lanes);
  padded = run->n_blocks * block;
  run->row_size = run->before + padded + round_up (run->gw + 2, self->lanes) + self->lanes;

  /* gram.cl reads up to a register tile of queries behind the last. */
  run->shapes[QUERIES] = (LacunaShape){ 1, self->channels, 1, run->positions + self->p };
  run->shapes[KEYS] = (LacunaShape){ 1, self->channels, 1, padded };
  run->shapes[VALUES] = (LacunaShape){ 4, round_up (self->channels, block), run->gh, run->gw };
  run->shapes[KEPT] = (LacunaShape){ 1, 1, 1, run->gh + run->gw };
  for (guint i = SQUARE; i <= RIGHT; i++)
    run->shapes[i] = (LacunaShape){ 1, 1, 1, padded };
  run->shapes[INDEX] = (LacunaShape){ shape.n, 1, run->gh, run->gw };
  choose_tile (run, self, memory_limit);
  plan_area (run, area);
}

static gboolean
take_temporaries (AttentionPass *run, LacunaPool *pool, GError **error)
{
  for (guint i = 0; i < N_TEMPORARIES; i++)
    {
      run->temporaries[i] = lacuna_pool_take (pool, run->shapes[i], error);
      if (run->temporaries[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
upload (AttentionPass *run, TemporaryName name, gconstpointer values, gsize n_bytes, GError **error)
{
  return lacuna_buffer_write (run->temporaries[name]->buffer, 0, values, n_bytes, error);
}

/* Uploads how freely each key may be attended to (VALID), and whether it has a neighbour on the left and on the right
 * within its row. keys NULL: all known ones freely. */
static gboolean
upload_mask (AttentionPass *run, const float *mask, const float *keys, GError **error)
{
  const gsize n = lacuna_shape_get_elements (run->shapes[VALID]);
  g_autofree float *valid = g_new0 (float, n), *left = g_new0 (float, n), *right = g_new0 (float, n);

  lacuna_keys_find_valid (mask, run->gh, run->gw, valid);
  for (guint k = 0; k < run->positions; k++)
    {
      valid[k] *= keys != NULL ? keys[k] : 1.0f;
      left[k] = k % run->gw > 0 ? 1.0f : 0.0f;
      right[k] = k % run->gw < run->gw - 1 ? 1.0f : 0.0f;
    }
  return upload (run, VALID, valid, n * sizeof (float), error) && upload (run, LEFT, left, n * sizeof (float), error)
         && upload (run, RIGHT, right, n * sizeof (float), error);
}

static gboolean
upload_kept (AttentionPass *run, GError **error)
{
  g_autofree guint *kept = g_new (guint, run->gh + run->gw);

  lacuna_resize_kept_rows (run->gh * 2, run->gh, kept);
  lacuna_resize_kept_rows (run->gw * 2, run->gw, kept + run->gh);
  return upload (run, KEPT, kept, (run->gh + run->gw) * sizeof (guint), error);
}

#define TEMPORARY(name) LACUNA_BUFFER_ARG (run->temporaries[name]->buffer)

static gboolean
blank_matrices (LacunaAttention *self, AttentionPass *run, GError **error)
{
  for (guint i = PRODUCTS; i <= SCORES; i++)
    if (!lacuna_kernel_launch (self->kernels[BLANK_MATRIX], run->ring[i] * run->gw + 1, 1, 1, error, TEMPORARY (i),
                               INT (run->row_size), INT (run->before), INT (run->positions)))
      return FALSE;
  return TRUE;
}

/* Sets scores and index to 0, so that those of queries that are left out are. */
static gboolean
blank_outputs (LacunaAttention *self, AttentionPass *run, guint n, LacunaTensor *scores, LacunaBuffer *index,
               GError **error)
{
  guint rows = n * run->positions;
  g_autofree gint32 *zeros = g_new0 (gint32, rows);

  if (run->first == 0 && run->end == run->gh && run->transferred.n == run->gw)
    return TRUE;
  if (index != NULL && !lacuna_buffer_write (index, 0, zeros, rows * sizeof (gint32), error))
    return FALSE;
  return scores == NULL
         || lacuna_kernel_launch (self->kernels[BLANK_MATRIX], rows, 1, 1, error, LACUNA_BUFFER_ARG (scores->buffer),
                                  INT (run->positions), INT (run->positions), INT (0));
}

static gboolean
pack (LacunaAttention *self, AttentionPass *run, LacunaTensor *f, LacunaTensor *b, guint image, GError **error)
{
  guint n_channel_blocks = run->shapes[VALUES].channels / get_block (self);

  return lacuna_kernel_launch (self->kernels[HALVE_QUERIES], run->gh, 1, 1, error, IMAGE (f, image), TEMPORARY (KEPT),
                               TEMPORARY (QUERIES), INT (self->channels), INT (run->gh), INT (run->gw))
         && lacuna_kernel_launch (self->kernels[HALVE_KEYS], run->n_blocks, 1, 1, error, IMAGE (b, image),
                                  TEMPORARY (KEPT), TEMPORARY (KEYS), TEMPORARY (SQUARE), INT (self->channels),
                                  INT (run->gh), INT (run->gw))
         && lacuna_kernel_launch (self->kernels[KEY_SCALES], run->n_blocks, 1, 1, error, TEMPORARY (SQUARE),
                                  TEMPORARY (SCALE), INT (run->gh), INT (run->gw))
         && lacuna_kernel_launch (self->kernels[SPLIT_VALUES], run->gh, n_channel_blocks, 4, error, IMAGE (b, image),
                                  TEMPORARY (VALUES), INT (self->channels), INT (run->gh), INT (run->gw));
}

/* Launches rows from … to-1 of the products, as consecutive as the grid's rows are. */
static gboolean
launch_products (LacunaAttention *self, AttentionPass *run, gint from, gint to, GError **error)
{
  const gint gh = (gint) run->gh;
  const Columns columns = run->columns[PRODUCTS];
  const guint tile = self->p * self->rows * self->query_tiles;

  while (from < to)
    {
      gint end = MIN (to, from < 0 ? 0 : from < gh ? gh : 2 * gh);
      guint rows = (guint) (end - from);
      /* Rows without gaps are one line. */
      guint lines = columns.n == run->gw ? 1 : rows, length = columns.n * rows / lines;

      if (!lacuna_kernel_launch (self->kernels[GRAM], count_groups (length, tile),
                                 self->gpu ? run->n_blocks : MIN (run->n_blocks, 4), lines, error, TEMPORARY (QUERIES),
                                 TEMPORARY (KEYS), TEMPORARY (PRODUCTS), INT (run->row_size), INT (run->before),
                                 INT (run->ring[PRODUCTS]), INT (gh), INT (run->gw), INT (from), INT (columns.first),
                                 INT (length), INT (run->n_blocks)))
        return FALSE;
      from = end;
    }
  return TRUE;
}

static gboolean
launch_patches (LacunaAttention *self, AttentionPass *run, gint from, gint to, GError **error)
{
  return lacuna_kernel_launch (
      self->kernels[PATCH_SCORES], run->columns[PATCHES].n, count_groups (to - from, self->score_rows), 1, error,
      TEMPORARY (PRODUCTS), INT (run->ring[PRODUCTS]), TEMPORARY (PATCHES), INT (run->ring[PATCHES]), TEMPORARY (SCALE),
      TEMPORARY (LEFT), TEMPORARY (RIGHT), INT (run->row_size), INT (run->before), INT (run->gh), INT (run->gw),
      INT (from), INT (to), INT (run->columns[PATCHES].first));
}

static gboolean
launch_scores (LacunaAttention *self, AttentionPass *run, gint from, gint to, LacunaTensor *scores, LacunaBuffer *index,
               guint image, GError **error)
{
  /* Half a unit in the last place of a sum that is at least 1, shared by all keys. */
  float least = logf (0x1p-25f / (float) run->positions);
  const Columns columns = run->columns[SCORES];

  if (!lacuna_kernel_launch (self->kernels[ATTEND], columns.n, count_groups (to - from, self->score_rows), 1, error,
                             TEMPORARY (PATCHES), INT (run->ring[PATCHES]), TEMPORARY (SCORES), INT (run->ring[SCORES]),
                             TEMPORARY (VALID), INT (run->row_size), INT (run->before), INT (run->gh), INT (run->gw),
                             INT (from), INT (to), INT (columns.first), LACUNA_FLOAT_ARG (least),
                             LACUNA_BUFFER_ARG (index), INT (image)))
    return FALSE;
  return scores == NULL
         || lacuna_kernel_launch (self->kernels[COPY_SCORES], columns.n, (gsize) (to - from), 1, error,
                                  TEMPORARY (SCORES), INT (run->row_size), INT (run->before), INT (run->ring[SCORES]),
                                  INT (run->gh), INT (run->gw), INT (from), INT (columns.first),
                                  LACUNA_BUFFER_ARG (scores->buffer), INT (image));
}

static gboolean
launch_transfer (LacunaAttention *self, AttentionPass *run, gint from, gint to, LacunaTensor *y, guint image,
                 GError **error)
{
  gsize rows = count_groups (to - from, self->transfer_rows);
  guint n_channel_blocks = run->shapes[VALUES].channels / get_block (self);

  return lacuna_kernel_launch (self->kernels[TRANSFER], count_groups (rows * run->transferred.n, self->p * self->rows),
                               self->gpu ? n_channel_blocks : 1, self->gpu ? 4 : 1, error, TEMPORARY (SCORES),
                               TEMPORARY (VALUES), TEMPORARY (LEFT), TEMPORARY (RIGHT), INT (run->row_size),
                               INT (run->before), INT (run->ring[SCORES]), INT (run->gh), INT (run->gw), INT (from),
                               INT (to), INT (run->transferred.first), INT (run->transferred.n), IMAGE (y, image));
}

/* Rows of the matrices are counted from before the grid's first to behind its last, where it starts anew, and each
 * matrix is brought as far as the next one needs: at once to the grid's end where it holds that and most is needed. */
static gboolean
stream (LacunaAttention *self, AttentionPass *run, LacunaTensor *y, LacunaTensor *scores, LacunaBuffer *index,
        guint image, GError **error)
{
  const gint gh = (gint) run->gh;
  const gint first = (gint) run->first, end = (gint) run->end;
  gint attended = MAX (first - 1, 0), patches = attended - 2, products = patches - 1;
  const gboolean all = run->whole && end + 4 - products >= gh;

  if (all)
    products = patches = 0;
  for (gint row = first; row < end; row += (gint) run->tile)
    {
      gint row_end = MIN (row + (gint) run->tile, end), attended_end = MIN (row_end + 1, gh);
      gint patches_end = all ? gh : attended_end + 2, products_end = all ? gh : patches_end + 1;

      if (attended < attended_end
          && (!launch_products (self, run, products, products_end, error)
              || !launch_patches (self, run, patches, patches_end, error)
              || !launch_scores (self, run, attended, attended_end, scores, index, image, error)))
        return FALSE;
      if (!launch_transfer (self, run, row, row_end, y, image, error))
        return FALSE;
      products = products_end;
      patches = patches_end;
      attended = attended_end;
    }
  return TRUE;
}

gboolean
lacuna_attention_forward (LacunaAttention *self, LacunaPool *pool, guint64 memory_limit, LacunaTensor *f,
                          LacunaTensor *b, const float *mask, const float *keys, LacunaTensor *y, LacunaArea area,
                          LacunaTensor *scores, LacunaBuffer *index, GError **error)
{
  const gsize n_pixels = (gsize) f->shape.height * f->shape.width;
  g_auto (AttentionPass) run = { 0 };

  g_assert (f->shape.channels == self->channels && b->shape.channels == self->channels);
  g_assert (f->shape.height % 2 == 0 && f->shape.width % 2 == 0);
  g_assert (scores == NULL || scores->offset == 0);
  plan_run (&run, self, f->shape, area, memory_limit);
  if (!take_temporaries (&run, pool, error))
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  if (!upload_kept (&run, error) || !blank_matrices (self, &run, error)
      || !blank_outputs (self, &run, f->shape.n, scores, index, error))
    return FALSE;
  for (guint image = 0; image < f->shape.n; image++)
    if (!upload_mask (&run, mask + image * n_pixels, keys != NULL ? keys + image * run.positions : NULL, error)
        || !pack (self, &run, f, b, image, error)
        || !stream (self, &run, y, scores, index != NULL ? index : run.temporaries[INDEX]->buffer, image, error))
      return FALSE;
  return TRUE;
}

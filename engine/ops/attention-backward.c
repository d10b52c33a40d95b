/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradients of the contextual attention: steps 2 to 6 once more and then 7 to 2 backwards
 * (engine/network/NETWORK.md, "Contextual attention"), with whole matrices of queries by keys for one image at a time.
 * SCORES keeps those of step 4 and ATTENTION those of step 6 until they have been used. A run takes its tensors from
 * the pool and returns them at its end. It runs on the thread that uses the context: the engine's, or a command's main
 * thread. */
#include "engine/ops/attention-backward.h"

#include "engine/cl/device-limits.h"
#include "engine/ops/attention-private.h"
#include "engine/ops/keys.h"
#include "engine/ops/matrix.h"
#include "engine/ops/resize.h"

typedef enum {
  GATHER,
  TURN,
  PLACE,
  PLACE_KEYS,
  CLEAR,
  NORMS,
  DIAGONALS,
  FUSE,
  SOFTEN,
  HARDEN,
  KEY_SUMS,
  N_KERNELS,
} KernelName;

static const char *const entries[N_KERNELS] = { "gather", "turn", "place",  "place_keys", "clear",   "norms",
                                                "diagonals", "fuse", "soften", "harden",  "key_sums" };

struct _LacunaAttentionBackward {
  guint channels;
  guint lanes;
  LacunaMatrix *matrix;
  LacunaKernel *kernels[N_KERNELS];
};

LacunaAttentionBackward *
lacuna_attention_backward_new (LacunaContext *context, guint channels, GError **error)
{
  g_autoptr (LacunaAttentionBackward) self = g_new0 (LacunaAttentionBackward, 1);
  g_autofree char *options = NULL;

  self->channels = channels;
  self->lanes = MAX (lacuna_device_get_lanes (lacuna_context_get_device (context)), 4);
  self->matrix = lacuna_matrix_new (context, error);
  if (self->matrix == NULL)
    return NULL;
  options = g_strdup_printf ("-DLANES=%u", self->lanes);
  for (guint i = 0; i < N_KERNELS; i++)
    {
      self->kernels[i] = lacuna_kernel_new (context, "attention-gradient", entries[i], options, error);
      if (self->kernels[i] == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
lacuna_attention_backward_free (LacunaAttentionBackward *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_KERNELS; i++)
    g_clear_pointer (&self->kernels[i], lacuna_kernel_unref);
  g_clear_pointer (&self->matrix, lacuna_matrix_free);
  g_free (self);
}

/* What a run takes from the pool; the kernels' source tells the layouts. */
typedef enum {
  QUERIES,
  KEYS,
  TURNED,  /* keys or values */
  VALUES,  /* of b, of one parity */
  OUTPUTS, /* of gy, of the same */
  PRODUCT, /* features again */
  KEPT,    /* of the halved grid, then of the four parities */
  VALID,
  SCALE,
  SQUARE,
  SCORES,
  GRADIENT,
  ATTENTION,
  SPARE,
  N_TEMPORARIES,
} TemporaryName;

typedef struct {
  guint gh, gw, n; /* the grid, and its positions */
  guint stride;    /* floats of a query in a matrix */
  guint depth;     /* and of a position among features */
  LacunaTensor *temporaries[N_TEMPORARIES];
} AttentionBackwardPass;

static void
attention_backward_pass_clear (AttentionBackwardPass *run)
{
  for (guint i = 0; i < N_TEMPORARIES; i++)
    g_clear_pointer (&run->temporaries[i], lacuna_tensor_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AttentionBackwardPass, attention_backward_pass_clear)

static gboolean
take_temporaries (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaShape shape, LacunaPool *pool,
                  GError **error)
{
  const guint block = lacuna_matrix_get_block (self->matrix);

  run->gh = shape.height / 2;
  run->gw = shape.width / 2;
  run->n = run->gh * run->gw;
  run->stride = round_up (run->n, block);
  run->depth = round_up (self->channels, block);
  for (guint i = 0; i < N_TEMPORARIES; i++)
    {
      LacunaShape needed = { 1, run->depth, 1, run->n };

      if (i >= SCORES)
        needed = (LacunaShape){ 1, run->stride, 1, run->n };
      else if (i >= VALID)
        needed = (LacunaShape){ 1, run->stride, 1, 1 };
      else if (i == KEPT)
        needed = (LacunaShape){ 5, 1, 1, run->gh + run->gw };
      else if (i == TURNED)
        needed = (LacunaShape){ 1, run->stride, 1, self->channels };
      run->temporaries[i] = lacuna_pool_take (pool, needed, error);
      if (run->temporaries[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The rows and columns of pixels that the grid's positions stand for: halved (set 0), and by parity. */
static gboolean
upload_kept (AttentionBackwardPass *run, GError **error)
{
  const guint size = run->gh + run->gw;
  g_autofree guint *kept = g_new (guint, 5 * size);

  lacuna_resize_kept_rows (run->gh * 2, run->gh, kept);
  lacuna_resize_kept_rows (run->gw * 2, run->gw, kept + run->gh);
  for (guint parity = 0; parity < 4; parity++)
    for (guint i = 0; i < size; i++)
      kept[(1 + parity) * size + i] = i < run->gh ? 2 * i + parity / 2 : 2 * (i - run->gh) + parity % 2;
  return lacuna_buffer_write (run->temporaries[KEPT]->buffer, 0, kept, 5 * size * sizeof (guint), error);
}

static gboolean
upload_valid (AttentionBackwardPass *run, const float *mask, GError **error)
{
  g_autofree float *valid = g_new0 (float, run->stride);

  lacuna_keys_find_valid (mask, run->gh, run->gw, valid);
  return lacuna_buffer_write (run->temporaries[VALID]->buffer, 0, valid, run->stride * sizeof (float), error);
}

#define BUFFER(name) (run->temporaries[name]->buffer)
#define TEMPORARY(name) LACUNA_BUFFER_ARG (BUFFER (name))
#define GRID INT (run->gh), INT (run->gw)

static gboolean
gather (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaTensor *from, guint image, TemporaryName to,
        guint set, GError **error)
{
  return lacuna_kernel_launch (self->kernels[GATHER], run->gh, 1, 1, error, IMAGE (from, image), TEMPORARY (KEPT),
                               TEMPORARY (to), INT (run->depth), INT (self->channels), GRID, INT (set));
}

static gboolean
turn (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName rows, GError **error)
{
  return lacuna_kernel_launch (self->kernels[TURN], self->channels, 1, 1, error, TEMPORARY (rows), INT (run->depth),
                               TEMPORARY (TURNED), INT (run->stride), INT (run->n));
}

static gboolean
place (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaTensor *to, guint image, guint set,
       gboolean add, GError **error)
{
  return lacuna_kernel_launch (self->kernels[PLACE], run->gh, 1, 1, error, TEMPORARY (PRODUCT), INT (run->depth),
                               TEMPORARY (KEPT), IMAGE (to, image), INT (self->channels), GRID, INT (set), INT (add));
}

/* to = the matrix of products of rows with the turned features */
static gboolean
correlate (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName rows, TemporaryName to,
           float factor, GError **error)
{
  return lacuna_matrix_multiply (self->matrix, BUFFER (rows), run->depth, FALSE, BUFFER (TURNED), run->stride,
                                 BUFFER (to), run->stride, run->n, self->channels, run->n, factor, error);
}

/* PRODUCT = the features that a matrix, or its transpose, mixes from rows */
static gboolean
mix (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName matrix, gboolean transposed,
     TemporaryName rows, float factor, GError **error)
{
  return lacuna_matrix_multiply (self->matrix, BUFFER (matrix), run->stride, transposed, BUFFER (rows), run->depth,
                                 BUFFER (PRODUCT), run->depth, run->n, run->n, self->channels, factor, error);
}

static gboolean
add_patches (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName from, TemporaryName to,
             gboolean scaled, GError **error)
{
  return lacuna_kernel_launch (self->kernels[DIAGONALS], run->n, 1, 1, error, TEMPORARY (from), TEMPORARY (to),
                               INT (run->stride), GRID, INT (-1), INT (1), INT (-1), INT (1), TEMPORARY (SCALE),
                               INT (scaled), INT (FALSE));
}

/* Adds up the scores of the patches that meet in a pixel of a parity; that of 3 - parity is the transpose. */
static gboolean
add_parity (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName from, TemporaryName to,
            guint parity, gboolean add, GError **error)
{
  const gint top = (gint) (parity / 2) - 1, left = (gint) (parity % 2) - 1;

  return lacuna_kernel_launch (self->kernels[DIAGONALS], run->n, 1, 1, error, TEMPORARY (from), TEMPORARY (to),
                               INT (run->stride), GRID, INT (top), INT (top + 1), INT (left), INT (left + 1),
                               TEMPORARY (SCALE), INT (FALSE), INT (add));
}

static gboolean
fuse (LacunaAttentionBackward *self, AttentionBackwardPass *run, TemporaryName from, TemporaryName to,
      gboolean by_columns, GError **error)
{
  return lacuna_kernel_launch (self->kernels[FUSE], run->n, 1, 1, error, TEMPORARY (from), TEMPORARY (to),
                               INT (run->stride), GRID, INT (by_columns));
}

/* Steps 2 to 6 again: SCORES are those of step 4, ATTENTION of step 6. */
static gboolean
attend (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaTensor *f, LacunaTensor *b, guint image,
        GError **error)
{
  return gather (self, run, f, image, QUERIES, 0, error) && gather (self, run, b, image, KEYS, 0, error)
         && turn (self, run, KEYS, error)
         && lacuna_kernel_launch (self->kernels[NORMS], run->n, 1, 1, error, TEMPORARY (KEYS), INT (run->depth),
                                  TEMPORARY (SCALE), INT (self->channels), GRID)
         && correlate (self, run, QUERIES, SPARE, 1.0f, error) && add_patches (self, run, SPARE, SCORES, TRUE, error)
         && fuse (self, run, SCORES, SPARE, FALSE, error) && fuse (self, run, SPARE, ATTENTION, TRUE, error)
         && lacuna_kernel_launch (self->kernels[SOFTEN], run->n, 1, 1, error, TEMPORARY (ATTENTION), INT (run->stride),
                                  TEMPORARY (VALID), INT (run->n));
}

/* Step 7: GRADIENT becomes that of ATTENTION, gb that of the pixels which were pasted. */
static gboolean
paste_backward (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaTensor *b, LacunaTensor *gy,
                LacunaTensor *gb, guint image, GError **error)
{
  for (guint parity = 0; parity < 4; parity++)
    if (!gather (self, run, b, image, VALUES, 1 + parity, error)
        || !gather (self, run, gy, image, OUTPUTS, 1 + parity, error) || !turn (self, run, VALUES, error)
        || !correlate (self, run, OUTPUTS, SPARE, 0.25f, error)
        || !add_parity (self, run, SPARE, GRADIENT, 3 - parity, parity > 0, error)
        || !add_parity (self, run, ATTENTION, SPARE, parity, FALSE, error)
        || !mix (self, run, SPARE, TRUE, OUTPUTS, 0.25f, error)
        || !place (self, run, gb, image, 1 + parity, FALSE, error))
      return FALSE;
  return TRUE;
}

/* Goes back through steps 6 to 2: adds the gradients of queries to gf and of keys to gb. */
static gboolean
attend_backward (LacunaAttentionBackward *self, AttentionBackwardPass *run, LacunaTensor *gf, LacunaTensor *gb,
                 guint image, GError **error)
{
  return lacuna_kernel_launch (self->kernels[HARDEN], run->n, 1, 1, error, TEMPORARY (ATTENTION), TEMPORARY (GRADIENT),
                               INT (run->stride), INT (run->n))
         && fuse (self, run, GRADIENT, SPARE, TRUE, error) && fuse (self, run, SPARE, GRADIENT, FALSE, error)
         && lacuna_kernel_launch (self->kernels[KEY_SUMS], round_up (run->n, self->lanes) / self->lanes, 1, 1, error,
                                  TEMPORARY (GRADIENT), TEMPORARY (SCORES), INT (run->stride), TEMPORARY (SCALE),
                                  TEMPORARY (SQUARE), INT (run->n))
         && add_patches (self, run, GRADIENT, SPARE, FALSE, error) && mix (self, run, SPARE, FALSE, KEYS, 1.0f, error)
         && place (self, run, gf, image, 0, TRUE, error) && mix (self, run, SPARE, TRUE, QUERIES, 1.0f, error)
         && lacuna_kernel_launch (self->kernels[PLACE_KEYS], run->gh, 1, 1, error, TEMPORARY (PRODUCT),
                                  TEMPORARY (KEYS), INT (run->depth), TEMPORARY (SQUARE), TEMPORARY (KEPT),
                                  IMAGE (gb, image), INT (self->channels), GRID);
}

gboolean
lacuna_attention_backward (LacunaAttentionBackward *self, LacunaPool *pool, LacunaTensor *f, LacunaTensor *b,
                           const float *mask, LacunaTensor *gy, LacunaTensor *gf, LacunaTensor *gb, GError **error)
{
  const gsize n_pixels = (gsize) f->shape.height * f->shape.width;
  g_auto (AttentionBackwardPass) run = { 0 };

  g_assert (f->shape.channels == self->channels && f->shape.height % 2 == 0 && f->shape.width % 2 == 0);
  if (!take_temporaries (self, &run, f->shape, pool, error))
    return FALSE;
  if (lacuna_pool_is_planning (pool))
    return TRUE;
  if (!upload_kept (&run, error))
    return FALSE;
  for (guint image = 0; image < f->shape.n; image++)
    {
      if (gf != gb
          && !lacuna_kernel_launch (self->kernels[CLEAR], f->shape.height, 1, 1, error, IMAGE (gf, image),
                                    INT (self->channels), INT (f->shape.width)))
        return FALSE;
      if (!upload_valid (&run, mask + image * n_pixels, error) || !attend (self, &run, f, b, image, error)
          || !paste_backward (self, &run, b, gy, gb, image, error)
          || !attend_backward (self, &run, gf, gb, image, error))
        return FALSE;
    }
  return TRUE;
}

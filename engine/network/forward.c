/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graph of the generator (engine/network/NETWORK.md, "Generator"), the same for filling, for learning, and for
 * planning how much memory a pass takes. A step takes over the tensor that it reads and returns a new one, so that a
 * tensor goes back to the pool as soon as the tape does not keep it; once a step has failed, all others do nothing.
 * Layers are lent. It runs on the thread that uses the context: the engine's, or a command's main thread. */
#include "engine/network/forward.h"

/* One pass, or the plan of one. Every step takes over the tensor that it reads and returns what it made; the tape holds
 * on to what is kept. Once a step has failed, all that follow return NULL. */
typedef struct {
  const LacunaForward *network;
  LacunaPool *pool;
  const LacunaForwardOptions *options;
  LacunaTape *tape;
  gboolean failed;
  GError **error;
} Pass;

static LacunaTensor *paste (Pass *pass, LacunaTensor *fill, LacunaBranch reader, LacunaTensor **kept);
static LacunaTensor *run_branch (Pass *pass, LacunaBranch branch, LacunaTensor *x, LacunaTensor *into);
static LacunaTensor *clip (Pass *pass, LacunaTensor *x, const char *name);
static LacunaTensor *attend (Pass *pass, LacunaTensor *x);
static LacunaTensor *take_both (Pass *pass);
static LacunaTensor *get_half (LacunaTensor *both, guint i);
static LacunaTensor *share (LacunaTensor *x);
static LacunaTensor *run_before (Pass *pass, LacunaTensor **ret_both);
static LacunaTensor *go_on (Pass *pass, LacunaTensor *both);
static void keep_features (Pass *pass, LacunaTensor *x, LacunaTensor *both);

/* image ─ paste ─ COARSE ─ clip ─ x1 ─ paste ─┬──────────── DILATED ─────────────┬─ DECODER ─ clip ─ x2
 *                                             └─ ATTENTION ─ attend ─ ATTENTION_OUT ─┘
 */
static void
run_network (Pass *pass)
{
  const LacunaFeatures *features = pass->options->features;
  LacunaTape *tape = pass->tape;
  LacunaTensor *x, *both, *right;

  if (features != NULL && features->attention != NULL)
    {
      both = take_both (pass);
      x = go_on (pass, both);
    }
  else
    x = run_before (pass, &both);
  x = attend (pass, x);
  right = run_branch (pass, LACUNA_BRANCH_ATTENTION_OUT, x, get_half (both, 1));
  lacuna_tensor_unref (right);

  x = run_branch (pass, LACUNA_BRANCH_DECODER, both, NULL);
  tape->refined = clip (pass, x, "refined");
}

/* Runs all that precedes the attention, and returns what goes into that. *ret_both: with the dilated branch's half. */
static LacunaTensor *
run_before (Pass *pass, LacunaTensor **ret_both)
{
  LacunaTape *tape = pass->tape;
  LacunaTensor *x, *pasted, *left;

  x = paste (pass, share (tape->blank), LACUNA_BRANCH_COARSE, &tape->input);
  x = run_branch (pass, LACUNA_BRANCH_COARSE, x, NULL);
  tape->coarse = clip (pass, x, "coarse");

  pasted = paste (pass, share (tape->coarse), LACUNA_BRANCH_DILATED, &tape->pasted);
  *ret_both = take_both (pass);
  left = run_branch (pass, LACUNA_BRANCH_DILATED, share (pasted), get_half (*ret_both, 0));
  lacuna_tensor_unref (left);

  x = run_branch (pass, LACUNA_BRANCH_ATTENTION, pasted, NULL);
  keep_features (pass, x, *ret_both);
  return x;
}

gboolean
lacuna_forward_run (const LacunaForward *self, LacunaPool *pool, const LacunaForwardOptions *options, LacunaTape *tape,
                    GError **error)
{
  Pass pass = { self, pool, options, tape, FALSE, error };

  run_network (&pass);
  return !pass.failed;
}

static gboolean
is_planning (Pass *pass)
{
  return lacuna_pool_is_planning (pass->pool);
}

static gboolean
tell (Pass *pass, const char *name, LacunaTensor *y)
{
  return is_planning (pass) || pass->options->launched == NULL
         || pass->options->launched (name, y, pass->options->data, pass->error);
}

static gsize
get_size (LacunaTensor *x)
{
  return lacuna_shape_get_elements (x->shape) * sizeof (float);
}

/* Reads x to the host (g_free). NULL: there is no memory, or the device failed, whose error is set then. */
static gpointer
read_memory (Pass *pass, LacunaTensor *x)
{
  g_autofree gpointer memory = g_try_malloc (get_size (x));

  if (memory == NULL)
    return NULL;
  if (!lacuna_buffer_read (x->buffer, 0, memory, get_size (x), pass->error))
    {
      pass->failed = TRUE;
      return NULL;
    }
  return g_steal_pointer (&memory);
}

/* Keeps what precedes the attention in the options' features, if there is memory for it. */
static void
keep_features (Pass *pass, LacunaTensor *x, LacunaTensor *both)
{
  LacunaFeatures *features = pass->options->features;

  if (pass->failed || is_planning (pass) || features == NULL)
    return;
  features->both = read_memory (pass, both);
  if (features->both != NULL)
    features->attention = read_memory (pass, x);
  features->channels = x->shape.channels;
  if (features->attention == NULL)
    lacuna_features_clear (features);
}

/* Goes on from kept features: writes them into both, and returns what goes into the attention. */
static LacunaTensor *
go_on (Pass *pass, LacunaTensor *both)
{
  const LacunaFeatures *features = pass->options->features;
  LacunaTensor *x = NULL;

  if (pass->failed)
    return NULL;
  x = lacuna_pool_take (pass->pool,
                        (LacunaShape){ both->shape.n, both->shape.channels / 2, both->shape.height, both->shape.width },
                        pass->error);
  pass->failed = x == NULL || !lacuna_buffer_write (both->buffer, 0, features->both, get_size (both), pass->error)
                 || !lacuna_buffer_write (x->buffer, 0, features->attention, get_size (x), pass->error);
  return x;
}

void
lacuna_features_clear (LacunaFeatures *self)
{
  g_clear_pointer (&self->attention, g_free);
  g_clear_pointer (&self->both, g_free);
}

static LacunaTensor *
share (LacunaTensor *x)
{
  return x != NULL ? lacuna_tensor_ref (x) : NULL;
}

/* Returns y, which is NULL where a step has failed. */
static LacunaTensor *
keep (Pass *pass, LacunaTensor *y, LacunaTensor **kept)
{
  if (y == NULL)
    pass->failed = TRUE;
  else if (pass->options->keep)
    *kept = lacuna_tensor_ref (y);
  return y;
}

/* Pastes what was filled into the image, with as many channels as the branch reader reads. */
static LacunaTensor *
paste (Pass *pass, LacunaTensor *fill_consumed, LacunaBranch reader, LacunaTensor **kept)
{
  const LacunaConvForm form = lacuna_layer_get_form (lacuna_branch_get_first (reader), pass->network->network);
  g_autoptr (LacunaTensor) fill = fill_consumed;
  LacunaTensor *y = NULL;

  if (!pass->failed)
    y = lacuna_forward_compose (pass->network, pass->pool, fill, form.in, pass->tape, pass->error);
  return keep (pass, y, kept);
}

static LacunaTensor *
run_layer (Pass *pass, guint i, LacunaTensor *x, LacunaTensor *into)
{
  LacunaConvForm form = lacuna_layer_get_form (i, pass->network->network);
  g_autoptr (LacunaTensor) y = share (into);

  if (y == NULL)
    y = lacuna_pool_take (pass->pool, lacuna_conv_form_get_output (&form, x->shape), pass->error);
  if (y == NULL
      || (!is_planning (pass)
          && !lacuna_conv_forward_area (pass->network->layers[i], x, y, pass->options->areas->layers[i], pass->error))
      || !tell (pass, lacuna_layer_get (i)->name, y))
    return NULL;
  return g_steal_pointer (&y);
}

/* Runs all layers of a branch, the last into `into`, which is taken over too, unless that is NULL. */
static LacunaTensor *
run_branch (Pass *pass, LacunaBranch branch, LacunaTensor *x, LacunaTensor *into_consumed)
{
  const guint end = lacuna_branch_get_first (branch + 1);
  g_autoptr (LacunaTensor) into = into_consumed;

  for (guint i = lacuna_branch_get_first (branch); i < end; i++)
    {
      LacunaTensor *y = pass->failed ? NULL : run_layer (pass, i, x, i + 1 == end ? into : NULL);

      lacuna_tensor_unref (x);
      x = keep (pass, y, &pass->tape->outputs[i]);
    }
  return x;
}

static gboolean
launch_clip (Pass *pass, LacunaTensor *x, LacunaTensor *y)
{
  return is_planning (pass)
         || lacuna_kernel_launch (pass->network->clip, x->shape.height, x->shape.n, 1, pass->error,
                                  LACUNA_BUFFER_ARG (x->buffer), LACUNA_BUFFER_ARG (y->buffer),
                                  LACUNA_INT_ARG (x->shape.width), LACUNA_INT_ARG (x->shape.channels),
                                  LACUNA_AREA_ARG (pass->options->areas->outputs));
}

static LacunaTensor *
clip (Pass *pass, LacunaTensor *x_consumed, const char *name)
{
  g_autoptr (LacunaTensor) x = x_consumed;
  g_autoptr (LacunaTensor) y = NULL;

  if (!pass->failed)
    y = lacuna_pool_take (pass->pool, x->shape, pass->error);
  pass->failed = y == NULL || !launch_clip (pass, x, y) || !tell (pass, name, y);
  return pass->failed ? NULL : g_steal_pointer (&y);
}

static LacunaTensor *
take_both (Pass *pass)
{
  LacunaShape shape = pass->tape->blank->shape;
  LacunaTensor *both = NULL;

  shape = (LacunaShape){ shape.n, 8 * pass->network->network.width, shape.height / 4, shape.width / 4 };
  if (!pass->failed)
    both = lacuna_pool_take (pass->pool, shape, pass->error);
  return keep (pass, both, &pass->tape->both);
}

static LacunaTensor *
get_half (LacunaTensor *both, guint i)
{
  const guint channels = both != NULL ? both->shape.channels / 2 : 0;

  return both != NULL ? lacuna_tensor_slice (both, i * channels, channels) : NULL;
}

/* Every image has its own mask. */
static gboolean
attend_image (Pass *pass, guint i, LacunaTensor *x, LacunaTensor *y)
{
  const LacunaTape *tape = pass->tape;
  const gsize area = (gsize) x->shape.height * x->shape.width;
  const float *mask = tape->quarters != NULL ? tape->quarters + i * area : NULL;
  const float *keys = tape->keys != NULL ? tape->keys + i * area / 4 : NULL;
  g_autoptr (LacunaTensor) x_image = lacuna_tensor_items (x, i, 1), y_image = lacuna_tensor_items (y, i, 1);

  return lacuna_attention_forward (pass->network->attention, pass->pool, pass->options->attention_memory, x_image,
                                   x_image, mask, keys, y_image, pass->options->areas->attention, tape->scores,
                                   tape->index, pass->error)
         && tell (pass, "attention", y_image);
}

static gboolean
take_scores (Pass *pass, LacunaShape x)
{
  const guint queries = x.height / 2 * (x.width / 2);

  if (pass->options->scores)
    pass->tape->scores = lacuna_pool_take (pass->pool, (LacunaShape){ 1, 1, queries, queries }, pass->error);
  return !pass->options->scores || pass->tape->scores != NULL;
}

/* Contextual attention of x with itself. */
static LacunaTensor *
attend (Pass *pass, LacunaTensor *x_consumed)
{
  g_autoptr (LacunaTensor) x = x_consumed;
  g_autoptr (LacunaTensor) y = NULL;

  if (!pass->failed && take_scores (pass, x->shape))
    y = lacuna_pool_take (pass->pool, x->shape, pass->error);
  for (guint i = 0; y != NULL && i < y->shape.n; i++)
    if (!attend_image (pass, i, x, y))
      g_clear_pointer (&y, lacuna_tensor_unref);
  return keep (pass, g_steal_pointer (&y), &pass->tape->attended);
}

LacunaTensor *
lacuna_forward_compose (const LacunaForward *self, LacunaPool *pool, LacunaTensor *fill, guint channels,
                        const LacunaTape *tape, GError **error)
{
  LacunaShape shape = fill->shape;
  g_autoptr (LacunaTensor) y = NULL;

  shape.channels = channels;
  y = lacuna_pool_take (pool, shape, error);
  if (y == NULL)
    return NULL;
  if (!lacuna_pool_is_planning (pool)
      && !lacuna_kernel_launch (self->compose, shape.n * shape.height, 1, 1, error, LACUNA_BUFFER_ARG (fill->buffer),
                                LACUNA_BUFFER_ARG (tape->blank->buffer), LACUNA_BUFFER_ARG (tape->mask->buffer),
                                LACUNA_BUFFER_ARG (y->buffer), LACUNA_INT_ARG (shape.width), LACUNA_INT_ARG (channels)))
    return NULL;
  return g_steal_pointer (&y);
}

void
lacuna_tape_clear (LacunaTape *self)
{
  LacunaTensor **tensors[] = { &self->blank, &self->mask,     &self->input,   &self->coarse, &self->pasted,
                               &self->both,  &self->attended, &self->refined, &self->scores };

  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    g_clear_pointer (&self->outputs[i], lacuna_tensor_unref);
  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++)
    g_clear_pointer (tensors[i], lacuna_tensor_unref);
  g_clear_pointer (&self->index, lacuna_buffer_unref);
  g_clear_pointer (&self->quarters, g_free);
}

gboolean
lacuna_forward_init (LacunaForward *self, LacunaContext *context, LacunaNetwork network, GError **error)
{
  const LacunaKernels kernels = lacuna_context_get_tuning (context)->kernels;
  const char *options = kernels == LACUNA_KERNELS_GPU ? "-DCOLUMNS=64" : NULL;

  self->network = network;
  return (self->attention = lacuna_attention_new (context, 4 * network.width, error)) != NULL
         && (self->clip = lacuna_kernel_new (context, "compose", "clip", options, error)) != NULL
         && (self->compose = lacuna_kernel_new (context, "compose", "compose", options, error)) != NULL;
}

void
lacuna_forward_clear (LacunaForward *self)
{
  g_clear_pointer (&self->attention, lacuna_attention_free);
  g_clear_pointer (&self->clip, lacuna_kernel_unref);
  g_clear_pointer (&self->compose, lacuna_kernel_unref);
}

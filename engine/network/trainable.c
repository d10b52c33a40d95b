/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generator as it learns: a pass forward that keeps every output on a tape, and the way back through the same
 * branches, which stops at the first layer that learns. Gradients are overwritten on the way, the tape is only read,
 * and the gradients of parameters are added to what is in their buffer, so that parts of a batch add up. It runs on the
 * thread that uses the context: the engine's, or a command's main thread. */
#include "engine/network/trainable.h"

#include "engine/cl/kernel.h"
#include "engine/ops/resize.h"

#define PASTED 5 /* channels that the first layers read */
#define ATTENTION_MEMORY (256 << 20) /* most bytes for its matrices on the way forward */

struct _LacunaTrainable {
  gsize n_parameters;
  LacunaLearnedConv layers[LACUNA_N_LAYERS];
  LacunaForward forward; /* with the same layers */
  LacunaAttentionBackward *attention_backward;
  LacunaKernel *clip_back, *paste_back;
};

/* What every step of the way back is given. */
typedef struct {
  LacunaTrainable *network;
  LacunaPool *pool;
  const LacunaPauser *pauser;
  LacunaTape *tape;
  LacunaBuffer *gradient;
  guint first; /* layer that learns */
  GError **error;
} Walk;

/* Channels of a layer's input whose gradient is of use: none of the input's, the three colours of what is pasted. */
static guint
get_wanted (guint i, const LacunaConvForm *form)
{
  if (i == lacuna_branch_get_first (LACUNA_BRANCH_COARSE))
    return 0;
  return lacuna_layer_reads_picture (i) ? 3 : form->in;
}

LacunaTrainable *
lacuna_trainable_new (LacunaContext *context, guint width, GError **error)
{
  const LacunaNetwork network = { LACUNA_ARCHITECTURE_V1, width };
  g_autoptr (LacunaTrainable) self = g_new0 (LacunaTrainable, 1);

  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, network);

      if (!lacuna_learned_conv_init (&self->layers[i], context, &form, get_wanted (i, &form), &self->n_parameters,
                                     error))
        return NULL;
      self->forward.layers[i] = self->layers[i].conv;
    }
  if (!lacuna_forward_init (&self->forward, context, network, error)
      || (self->attention_backward = lacuna_attention_backward_new (context, 4 * width, error)) == NULL
      || (self->clip_back = lacuna_kernel_new (context, "losses", "clip_back", NULL, error)) == NULL
      || (self->paste_back = lacuna_kernel_new (context, "losses", "paste_back", NULL, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_trainable_free (LacunaTrainable *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    lacuna_learned_conv_clear (&self->layers[i]);
  g_clear_pointer (&self->attention_backward, lacuna_attention_backward_free);
  lacuna_forward_clear (&self->forward);
  g_clear_pointer (&self->clip_back, lacuna_kernel_unref);
  g_clear_pointer (&self->paste_back, lacuna_kernel_unref);
  g_free (self);
}

gsize
lacuna_trainable_get_n_parameters (LacunaTrainable *self)
{
  return self->n_parameters;
}

const LacunaLearnedConv *
lacuna_trainable_get_layer (LacunaTrainable *self, guint i)
{
  return &self->layers[i];
}

void
lacuna_trainable_randomize (LacunaTrainable *self, GRand *rand, float *values)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    lacuna_learned_conv_randomize (&self->layers[i], rand, values);
}

gboolean
lacuna_trainable_pack (LacunaTrainable *self, LacunaBuffer *values, GError **error)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    if (!lacuna_learned_conv_pack (&self->layers[i], values, error))
      return FALSE;
  return TRUE;
}

LacunaTensor *
lacuna_trainable_compose (LacunaTrainable *self, LacunaPool *pool, LacunaTensor *fill, const LacunaTape *tape,
                          GError **error)
{
  return lacuna_forward_compose (&self->forward, pool, fill, PASTED, tape, error);
}

static float *
shrink_masks (const float *masks, LacunaShape shape)
{
  const gsize area = (gsize) shape.height * shape.width;
  float *quarters = g_new (float, shape.n *area / 16);

  for (guint i = 0; i < shape.n; i++)
    {
      g_autofree float *quarter = lacuna_resize_mask (masks + i * area, shape.height, shape.width, 4);

      memcpy (quarters + i * area / 16, quarter, area / 16 * sizeof (float));
    }
  return quarters;
}

static gboolean
pass_on (const char *name, LacunaTensor *y, gpointer data, GError **error)
{
  return lacuna_pauser_call (data, error);
}

gboolean
lacuna_trainable_forward (LacunaTrainable *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTape *tape,
                          const float *masks, GError **error)
{
  const LacunaShape shape = tape->blank->shape;
  LacunaAreas areas;
  const LacunaForwardOptions options = {
    .areas = &areas,
    .attention_memory = ATTENTION_MEMORY,
    .keep = TRUE,
    .launched = pass_on,
    .data = (gpointer) pauser,
  };

  lacuna_areas_find (&areas, self->forward.network, shape, lacuna_area_of (shape));
  if (masks != NULL)
    tape->quarters = shrink_masks (masks, shape);
  return lacuna_forward_run (&self->forward, pool, &options, tape, error);
}

/* Goes back through a branch that read x. g: the gradient of its output, consumed and overwritten. ret_gx: becomes the
 * gradient of x, or is NULL; nothing is computed that neither it nor a layer that learns asks for. */
static gboolean
walk_back (Walk *walk, LacunaBranch branch, LacunaTensor *x, LacunaTensor *g_consumed, LacunaTensor **ret_gx)
{
  const guint begin = lacuna_branch_get_first (branch);
  g_autoptr (LacunaTensor) g = g_consumed;

  for (guint i = lacuna_branch_get_first (branch + 1); i-- > begin && (ret_gx != NULL || i >= walk->first);)
    {
      LacunaLearnedConv *layer = &walk->network->layers[i];
      LacunaTensor *y = walk->tape->outputs[i], *in = i == begin ? x : walk->tape->outputs[i - 1];
      LacunaShape shape = in->shape;
      gboolean learns = i >= walk->first;
      g_autoptr (LacunaTensor) gx = NULL;

      shape.channels = get_wanted (i, &layer->form);
      if (!lacuna_conv_gradient_activation (layer->gradient, walk->pool, y, g, g, learns ? walk->gradient : NULL,
                                            layer->bias, walk->error)
          || (learns
              && !lacuna_conv_gradient_weight (layer->gradient, walk->pool, in, g, walk->gradient, layer->weight,
                                               walk->error))
          || !lacuna_pauser_call (walk->pauser, walk->error))
        return FALSE;
      if (ret_gx != NULL || (i > begin && i > walk->first))
        {
          gx = lacuna_pool_take (walk->pool, shape, walk->error);
          if (gx == NULL || !lacuna_conv_gradient_input (layer->gradient, walk->pool, g, gx, walk->error)
              || !lacuna_pauser_call (walk->pauser, walk->error))
            return FALSE;
        }
      lacuna_tensor_unref (g);
      g = g_steal_pointer (&gx);
    }
  if (ret_gx != NULL)
    *ret_gx = g_steal_pointer (&g);
  return TRUE;
}

static gboolean
clip_back (Walk *walk, LacunaTensor *x, LacunaTensor *g)
{
  return lacuna_pool_is_planning (walk->pool)
         || lacuna_kernel_launch (walk->network->clip_back, x->shape.n * x->shape.height, 1, 1, walk->error,
                                  LACUNA_BUFFER_ARG (x->buffer), LACUNA_BUFFER_ARG (g->buffer),
                                  LACUNA_INT_ARG (x->shape.width * x->shape.channels));
}

/* g_coarse += m ⊙ g: whole pictures are windows without corners. */
static gboolean
paste_back (Walk *walk, LacunaTensor *g, LacunaBuffer *corners, LacunaTensor *g_coarse)
{
  return lacuna_pool_is_planning (walk->pool)
         || lacuna_kernel_launch (walk->network->paste_back, g->shape.height, g->shape.n, 1, walk->error,
                                  LACUNA_BUFFER_ARG (g->buffer), LACUNA_BUFFER_ARG (walk->tape->mask->buffer),
                                  LACUNA_BUFFER_ARG (corners), LACUNA_BUFFER_ARG (g_coarse->buffer),
                                  LACUNA_INT_ARG (g->shape.height));
}

static gboolean
attend_back (Walk *walk, LacunaTensor *x, LacunaTensor *gy, LacunaTensor *gx)
{
  const guint area = x->shape.height * x->shape.width;

  for (guint i = 0; i < x->shape.n; i++)
    {
      g_autoptr (LacunaTensor) x_item = lacuna_tensor_items (x, i, 1), gy_item = lacuna_tensor_items (gy, i, 1);
      g_autoptr (LacunaTensor) gx_item = lacuna_tensor_items (gx, i, 1);

      if (!lacuna_attention_backward (walk->network->attention_backward, walk->pool, x_item, x_item,
                                      walk->tape->quarters + (gsize) i * area, gy_item, gx_item, gx_item, walk->error)
          || !lacuna_pauser_call (walk->pauser, walk->error))
        return FALSE;
    }
  return TRUE;
}

/* The attention branch with what comes behind it. ret_gx as in walk_back. */
static gboolean
attention_back (Walk *walk, LacunaTensor *g_consumed, LacunaTensor **ret_gx)
{
  const guint behind = lacuna_branch_get_first (LACUNA_BRANCH_ATTENTION_OUT);
  LacunaTensor *x = walk->tape->outputs[behind - 1];
  g_autoptr (LacunaTensor) gy = NULL, gx = NULL;
  gboolean goes_on = walk->first < behind;

  if (!walk_back (walk, LACUNA_BRANCH_ATTENTION_OUT, walk->tape->attended, g_consumed, goes_on ? &gy : NULL))
    return FALSE;
  if (!goes_on)
    return TRUE;
  gx = lacuna_pool_take (walk->pool, x->shape, walk->error);
  return gx != NULL && attend_back (walk, x, gy, gx)
         && walk_back (walk, LACUNA_BRANCH_ATTENTION, walk->tape->pasted, g_steal_pointer (&gx), ret_gx);
}

/* Goes back through both branches, from the gradient of the decoder's input; writes the gradients of what was pasted
 * only where the coarse network learns. */
static gboolean
branches_back (Walk *walk, LacunaTensor *g_both, LacunaTensor **ret_dilated, LacunaTensor **ret_attention)
{
  const guint channels = g_both->shape.channels / 2;
  gboolean goes_on = walk->first < lacuna_branch_get_first (LACUNA_BRANCH_DILATED);

  return walk_back (walk, LACUNA_BRANCH_DILATED, walk->tape->pasted, lacuna_tensor_slice (g_both, 0, channels),
                    goes_on ? ret_dilated : NULL)
         && attention_back (walk, lacuna_tensor_slice (g_both, channels, channels), goes_on ? ret_attention : NULL);
}

gboolean
lacuna_trainable_backward (LacunaTrainable *self, LacunaPool *pool, const LacunaPauser *pauser, LacunaTape *tape,
                           LacunaTensor *g_coarse, LacunaTensor *g_refined, guint first, LacunaBuffer *gradient,
                           GError **error)
{
  const guint decoder = lacuna_branch_get_first (LACUNA_BRANCH_DECODER);
  const guint dilated = lacuna_branch_get_first (LACUNA_BRANCH_DILATED);
  const guint n = tape->blank->shape.n;
  Walk walk = { self, pool, pauser, tape, gradient, first, error };
  g_autoptr (LacunaTensor) g_both = NULL, left = NULL, right = NULL;
  g_autoptr (LacunaTensor) corners = lacuna_pool_take (pool, (LacunaShape){ n, 2, 1, 1 }, error);

  if (corners == NULL || !clip_back (&walk, tape->outputs[LACUNA_N_LAYERS - 1], g_refined)
      || !walk_back (&walk, LACUNA_BRANCH_DECODER, tape->both, lacuna_tensor_ref (g_refined),
                     first < decoder ? &g_both : NULL)
      || (first < decoder && !branches_back (&walk, g_both, &left, &right)))
    return FALSE;
  if (first >= dilated)
    return TRUE;
  if (!lacuna_pool_is_planning (pool) && !lacuna_buffer_clear (corners->buffer, 0, 2 * n * sizeof (gint32), error))
    return FALSE;
  return paste_back (&walk, left, corners->buffer, g_coarse) && paste_back (&walk, right, corners->buffer, g_coarse)
         && clip_back (&walk, tape->outputs[dilated - 1], g_coarse)
         && walk_back (&walk, LACUNA_BRANCH_COARSE, tape->input, lacuna_tensor_ref (g_coarse), NULL);
}

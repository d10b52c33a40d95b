#include "engine/network/tape.h"

#include "engine/cl/kernel.h"
#include "engine/ops/resize.h"

#define ATTENTION_MEMORY (256 << 20) /* most bytes for its matrices on the way forward */

struct _LacunaTape
{
  guint width;
  gsize n_parameters;
  LacunaLearnedConv layers[LACUNA_N_LAYERS];
  LacunaAttention *attention;
  LacunaAttentionBackward *attention_backward;
  LacunaKernel *clip, *compose, *clip_back, *paste_back;
};

/* What every step of a run is given. */
typedef struct
{
  LacunaTape *tape;
  LacunaPool *pool;
  const LacunaPauser *pauser;
  LacunaTapeRun *run;
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
  return form->in == 5 && form->kernel == 5 ? 3 : form->in;
}

LacunaTape *
lacuna_tape_new (LacunaContext *context, guint width, GError **error)
{
  g_autoptr (LacunaTape) self = g_new0 (LacunaTape, 1);

  self->width = width;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, width);

      if (!lacuna_learned_conv_init (&self->layers[i], context, &form, get_wanted (i, &form), &self->n_parameters,
                                     error))
        return NULL;
    }
  if ((self->attention = lacuna_attention_new (context, 4 * width, error)) == NULL
      || (self->attention_backward = lacuna_attention_backward_new (context, 4 * width, error)) == NULL
      || (self->clip = lacuna_kernel_new (context, "compose", "clip", NULL, error)) == NULL
      || (self->compose = lacuna_kernel_new (context, "compose", "compose", NULL, error)) == NULL
      || (self->clip_back = lacuna_kernel_new (context, "losses", "clip_back", NULL, error)) == NULL
      || (self->paste_back = lacuna_kernel_new (context, "losses", "paste_back", NULL, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_tape_free (LacunaTape *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    lacuna_learned_conv_clear (&self->layers[i]);
  g_clear_pointer (&self->attention_backward, lacuna_attention_backward_free);
  g_clear_pointer (&self->attention, lacuna_attention_free);
  g_clear_pointer (&self->clip, lacuna_kernel_unref);
  g_clear_pointer (&self->compose, lacuna_kernel_unref);
  g_clear_pointer (&self->clip_back, lacuna_kernel_unref);
  g_clear_pointer (&self->paste_back, lacuna_kernel_unref);
  g_free (self);
}

gsize
lacuna_tape_get_n_parameters (LacunaTape *self)
{
  return self->n_parameters;
}

const LacunaLearnedConv *
lacuna_tape_get_layer (LacunaTape *self, guint i)
{
  return &self->layers[i];
}

void
lacuna_tape_randomize (LacunaTape *self, GRand *rand, float *values)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    lacuna_learned_conv_randomize (&self->layers[i], rand, values);
}

gboolean
lacuna_tape_pack (LacunaTape *self, LacunaBuffer *values, GError **error)
{
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    if (!lacuna_learned_conv_pack (&self->layers[i], values, error))
      return FALSE;
  return TRUE;
}

void
lacuna_tape_run_clear (LacunaTapeRun *run)
{
  LacunaTensor **tensors[] = { &run->blank,  &run->mask, &run->input,    &run->coarse,
                               &run->pasted, &run->both, &run->attended, &run->refined };

  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    g_clear_pointer (&run->outputs[i], lacuna_tensor_unref);
  for (guint i = 0; i < G_N_ELEMENTS (tensors); i++)
    g_clear_pointer (tensors[i], lacuna_tensor_unref);
  g_clear_pointer (&run->quarters, g_free);
}

static LacunaTensor *
run_branch (Walk *walk, LacunaBranch branch, LacunaTensor *x, LacunaTensor *into)
{
  const guint end = lacuna_branch_get_first (branch + 1);
  LacunaTensor **outputs = walk->run->outputs;

  for (guint i = lacuna_branch_get_first (branch); i < end; i++)
    {
      LacunaLearnedConv *layer = &walk->tape->layers[i];

      if (i + 1 == end && into != NULL)
        outputs[i] = lacuna_tensor_ref (into);
      else
        outputs[i] = lacuna_pool_take (walk->pool, lacuna_conv_form_get_output (&layer->form, x->shape), walk->error);
      if (outputs[i] == NULL)
        return NULL;
      if (!lacuna_pool_is_planning (walk->pool)
          && (!lacuna_conv_forward (layer->conv, x, outputs[i], walk->error)
              || !lacuna_pauser_call (walk->pauser, walk->error)))
        return NULL;
      x = outputs[i];
    }
  return x;
}

static LacunaTensor *
clip (Walk *walk, LacunaTensor *x)
{
  g_autoptr (LacunaTensor) y = lacuna_pool_take (walk->pool, x->shape, walk->error);

  if (y == NULL)
    return NULL;
  if (!lacuna_pool_is_planning (walk->pool)
      && !lacuna_kernel_launch (walk->tape->clip, x->shape.height, x->shape.n, 1, walk->error,
                                LACUNA_BUFFER_ARG (x->buffer), LACUNA_BUFFER_ARG (y->buffer),
                                LACUNA_INT_ARG (x->shape.width), LACUNA_INT_ARG (x->shape.channels),
                                LACUNA_AREA_ARG (lacuna_area_of (x->shape))))
    return NULL;
  return g_steal_pointer (&y);
}

LacunaTensor *
lacuna_tape_compose (LacunaTape *self, LacunaPool *pool, LacunaTensor *fill, LacunaTapeRun *run, GError **error)
{
  LacunaShape shape = fill->shape;
  g_autoptr (LacunaTensor) y = NULL;

  shape.channels = 5;
  y = lacuna_pool_take (pool, shape, error);
  if (y == NULL)
    return NULL;
  if (!lacuna_pool_is_planning (pool)
      && !lacuna_kernel_launch (self->compose, shape.n * shape.height, 1, 1, error, LACUNA_BUFFER_ARG (fill->buffer),
                                LACUNA_BUFFER_ARG (run->blank->buffer), LACUNA_BUFFER_ARG (run->mask->buffer),
                                LACUNA_BUFFER_ARG (y->buffer), LACUNA_INT_ARG (shape.width)))
    return NULL;
  return g_steal_pointer (&y);
}

/* Every picture has its own mask. */
static LacunaTensor *
attend (Walk *walk, LacunaTensor *x, const float *masks)
{
  const guint area = x->shape.height * x->shape.width;
  g_autoptr (LacunaTensor) y = lacuna_pool_take (walk->pool, x->shape, walk->error);

  if (y == NULL)
    return NULL;
  walk->run->quarters = g_new (float, (gsize) x->shape.n *area);
  for (guint i = 0; i < x->shape.n; i++)
    {
      g_autoptr (LacunaTensor) x_item = lacuna_tensor_items (x, i, 1), y_item = lacuna_tensor_items (y, i, 1);
      float *quarter = walk->run->quarters + (gsize) i * area;

      if (!lacuna_pool_is_planning (walk->pool))
        {
          g_autofree float *resized
              = lacuna_resize_mask (masks + (gsize) i * 16 * area, x->shape.height * 4, x->shape.width * 4, 4);

          memcpy (quarter, resized, area * sizeof (float));
        }
      if (!lacuna_attention_forward (walk->tape->attention, walk->pool, ATTENTION_MEMORY, x_item, x_item, quarter,
                                     y_item, lacuna_area_of (y_item->shape), NULL, NULL, walk->error)
          || !lacuna_pauser_call (walk->pauser, walk->error))
        return NULL;
    }
  return g_steal_pointer (&y);
}

gboolean
lacuna_tape_forward (LacunaTape *self,
                     LacunaPool *pool,
                     const LacunaPauser *pauser,
                     LacunaTapeRun *run,
                     const float *masks,
                     GError **error)
{
  const guint width = self->width;
  LacunaShape quarter = { run->blank->shape.n, 8 * width, run->blank->shape.height / 4, run->blank->shape.width / 4 };
  Walk walk = { self, pool, pauser, run, NULL, 0, error };
  g_autoptr (LacunaTensor) left = NULL, right = NULL;
  LacunaTensor *x;

  if ((run->input = lacuna_tape_compose (self, pool, run->blank, run, error)) == NULL
      || (x = run_branch (&walk, LACUNA_BRANCH_COARSE, run->input, NULL)) == NULL
      || (run->coarse = clip (&walk, x)) == NULL
      || (run->pasted = lacuna_tape_compose (self, pool, run->coarse, run, error)) == NULL
      || (run->both = lacuna_pool_take (pool, quarter, error)) == NULL)
    return FALSE;
  left = lacuna_tensor_slice (run->both, 0, 4 * width);
  right = lacuna_tensor_slice (run->both, 4 * width, 4 * width);
  return run_branch (&walk, LACUNA_BRANCH_DILATED, run->pasted, left) != NULL
         && (x = run_branch (&walk, LACUNA_BRANCH_ATTENTION, run->pasted, NULL)) != NULL
         && (run->attended = attend (&walk, x, masks)) != NULL
         && run_branch (&walk, LACUNA_BRANCH_ATTENTION_OUT, run->attended, right) != NULL
         && (x = run_branch (&walk, LACUNA_BRANCH_DECODER, run->both, NULL)) != NULL
         && (run->refined = clip (&walk, x)) != NULL;
}

/* Back through a branch that read x. g: of its output, consumed and overwritten. *ret_gx: NULL, or the gradient of
 * x; nothing is computed that neither it nor a layer that learns asks for. */
static gboolean
walk_back (Walk *walk, LacunaBranch branch, LacunaTensor *x, LacunaTensor *g_consumed, LacunaTensor **ret_gx)
{
  const guint begin = lacuna_branch_get_first (branch);
  g_autoptr (LacunaTensor) g = g_consumed;

  for (guint i = lacuna_branch_get_first (branch + 1); i-- > begin && (ret_gx != NULL || i >= walk->first);)
    {
      LacunaLearnedConv *layer = &walk->tape->layers[i];
      LacunaTensor *y = walk->run->outputs[i], *in = i == begin ? x : walk->run->outputs[i - 1];
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
         || lacuna_kernel_launch (walk->tape->clip_back, x->shape.n * x->shape.height, 1, 1, walk->error,
                                  LACUNA_BUFFER_ARG (x->buffer), LACUNA_BUFFER_ARG (g->buffer),
                                  LACUNA_INT_ARG (x->shape.width * x->shape.channels));
}

/* g_coarse += m ⊙ g: whole pictures are windows without corners. */
static gboolean
paste_back (Walk *walk, LacunaTensor *g, LacunaBuffer *corners, LacunaTensor *g_coarse)
{
  return lacuna_pool_is_planning (walk->pool)
         || lacuna_kernel_launch (walk->tape->paste_back, g->shape.height, g->shape.n, 1, walk->error,
                                  LACUNA_BUFFER_ARG (g->buffer), LACUNA_BUFFER_ARG (walk->run->mask->buffer),
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

      if (!lacuna_attention_backward (walk->tape->attention_backward, walk->pool, x_item, x_item,
                                          walk->run->quarters + (gsize) i * area, gy_item, gx_item, gx_item,
                                      walk->error)
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
  LacunaTensor *x = walk->run->outputs[behind - 1];
  g_autoptr (LacunaTensor) gy = NULL, gx = NULL;
  gboolean goes_on = walk->first < behind;

  if (!walk_back (walk, LACUNA_BRANCH_ATTENTION_OUT, walk->run->attended, g_consumed, goes_on ? &gy : NULL))
    return FALSE;
  if (!goes_on)
    return TRUE;
  gx = lacuna_pool_take (walk->pool, x->shape, walk->error);
  return gx != NULL && attend_back (walk, x, gy, gx)
         && walk_back (walk, LACUNA_BRANCH_ATTENTION, walk->run->pasted, g_steal_pointer (&gx), ret_gx);
}

/* From the gradient of the decoder's input to those of what was pasted, where the coarse network learns. */
static gboolean
branches_back (Walk *walk, LacunaTensor *g_both, LacunaTensor **ret_dilated, LacunaTensor **ret_attention)
{
  const guint channels = g_both->shape.channels / 2;
  gboolean goes_on = walk->first < lacuna_branch_get_first (LACUNA_BRANCH_DILATED);

  return walk_back (walk, LACUNA_BRANCH_DILATED, walk->run->pasted, lacuna_tensor_slice (g_both, 0, channels),
                    goes_on ? ret_dilated : NULL)
         && attention_back (walk, lacuna_tensor_slice (g_both, channels, channels), goes_on ? ret_attention : NULL);
}

gboolean
lacuna_tape_backward (LacunaTape *self,
                      LacunaPool *pool,
                      const LacunaPauser *pauser,
                      LacunaTapeRun *run,
                      LacunaTensor *g_coarse,
                      LacunaTensor *g_refined,
                      guint first,
                      LacunaBuffer *gradient,
                      GError **error)
{
  const guint decoder = lacuna_branch_get_first (LACUNA_BRANCH_DECODER);
  const guint dilated = lacuna_branch_get_first (LACUNA_BRANCH_DILATED);
  const guint n = run->blank->shape.n;
  Walk walk = { self, pool, pauser, run, gradient, first, error };
  g_autoptr (LacunaTensor) g_both = NULL, left = NULL, right = NULL;
  g_autoptr (LacunaTensor) corners = lacuna_pool_take (pool, (LacunaShape){ n, 2, 1, 1 }, error);

  if (corners == NULL || !clip_back (&walk, run->outputs[LACUNA_N_LAYERS - 1], g_refined)
      || !walk_back (&walk, LACUNA_BRANCH_DECODER, run->both, lacuna_tensor_ref (g_refined),
                     first < decoder ? &g_both : NULL)
      || (first < decoder && !branches_back (&walk, g_both, &left, &right)))
    return FALSE;
  if (first >= dilated)
    return TRUE;
  if (!lacuna_pool_is_planning (pool) && !lacuna_buffer_clear (corners->buffer, 0, 2 * n * sizeof (gint32), error))
    return FALSE;
  return paste_back (&walk, left, corners->buffer, g_coarse) && paste_back (&walk, right, corners->buffer, g_coarse)
         && clip_back (&walk, run->outputs[dilated - 1], g_coarse)
         && walk_back (&walk, LACUNA_BRANCH_COARSE, run->input, lacuna_tensor_ref (g_coarse), NULL);
}

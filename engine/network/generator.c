#include "engine/network/generator.h"

#include "engine/cl/kernel.h"
#include "engine/error.h"
#include "engine/network/load.h"
#include "engine/ops/resize.h"

#define ATTENTION_MEMORY (512 << 20) /* most bytes for its matrices */

struct _LacunaGenerator {
  LacunaContext   *context;
  guint            width;
  LacunaConv      *layers[LACUNA_N_LAYERS];
  LacunaAttention *attention;
  LacunaKernel    *clip;
  LacunaKernel    *compose;
  LacunaPool      *pool; /* of the last run's size */
  guint            pool_height, pool_width;
};

/* One run, or the plan of one: the first failure stays in error and makes every later step a no-op that returns
 * NULL, so that the network below reads like the paper. */
typedef struct {
  LacunaGenerator              *generator;
  LacunaPool                   *pool;
  const LacunaGeneratorOptions *options;
  LacunaArea                    wanted;                 /* of the outputs */
  LacunaArea                    areas[LACUNA_N_LAYERS]; /* of the layers' outputs, that it needs */
  LacunaArea                    attended;               /* of the attention's */
  GError                      **error;
} Run;

static gboolean
is_planning (Run *run)
{
  return lacuna_pool_is_planning (run->pool);
}

static gboolean
tell (Run *run, const char *name, LacunaTensor *y)
{
  if (is_planning (run) || run->options == NULL || run->options->layer == NULL)
    return TRUE;
  return run->options->layer (name, y, run->options->data, run->error);
}

/* x: lent. Returns the layer's output, which is `into` unless that is NULL. */
static LacunaTensor *
run_layer (Run *run, guint i, LacunaTensor *x, LacunaTensor *into)
{
  LacunaConvForm form = lacuna_layer_get_form (i, run->generator->width);
  g_autoptr (LacunaTensor) y = NULL;

  if (into != NULL)
    y = lacuna_tensor_ref (into);
  else
    y = lacuna_pool_take (run->pool, lacuna_conv_form_get_output (&form, x->shape), run->error);
  if (y == NULL)
    return NULL;
  if (!is_planning (run)
      && !lacuna_conv_forward_area (run->generator->layers[i], x, y, run->areas[i], run->error))
    return NULL;
  if (!tell (run, lacuna_layers[i].name, y))
    return NULL;
  return g_steal_pointer (&y);
}

/* All layers of a branch, the last into `into` unless that is NULL. x: consumed, may be NULL. */
static LacunaTensor *
run_branch (Run *run, LacunaBranch branch, LacunaTensor *x, LacunaTensor *into)
{
  guint end = lacuna_branch_get_first (branch + 1);

  for (guint i = lacuna_branch_get_first (branch); i < end && x != NULL; i++)
    {
      LacunaTensor *y = run_layer (run, i, x, i + 1 == end ? into : NULL);

      lacuna_tensor_unref (x);
      x = y;
    }
  return x;
}

/* x: consumed, may be NULL. */
static LacunaTensor *
clip (Run *run, const char *name, LacunaTensor *x_consumed)
{
  g_autoptr (LacunaTensor) x = x_consumed;
  g_autoptr (LacunaTensor) y = NULL;

  if (x == NULL)
    return NULL;
  y = lacuna_pool_take (run->pool, x->shape, run->error);
  if (y == NULL)
    return NULL;
  if (!is_planning (run)
      && !lacuna_kernel_launch (run->generator->clip, x->shape.height, x->shape.n, 1, run->error,
                                LACUNA_BUFFER_ARG (x->buffer), LACUNA_BUFFER_ARG (y->buffer),
                                LACUNA_INT_ARG (x->shape.width), LACUNA_INT_ARG (x->shape.channels),
                                LACUNA_AREA_ARG (run->wanted)))
    return NULL;
  if (!tell (run, name, y))
    return NULL;
  return g_steal_pointer (&y);
}

/* fill·m + image·(1 - m), ones, m: five channels. fill may be NULL after a failure. */
static LacunaTensor *
compose (Run *run, LacunaTensor *fill, LacunaTensor *image, LacunaTensor *mask)
{
  LacunaShape shape = image->shape;
  g_autoptr (LacunaTensor) y = NULL;

  if (fill == NULL)
    return NULL;
  shape.channels = 5;
  y = lacuna_pool_take (run->pool, shape, run->error);
  if (y == NULL)
    return NULL;
  if (!is_planning (run)
      && !lacuna_kernel_launch (run->generator->compose, shape.n * shape.height, 1, 1, run->error,
                                LACUNA_BUFFER_ARG (fill->buffer), LACUNA_BUFFER_ARG (image->buffer),
                                LACUNA_BUFFER_ARG (mask->buffer), LACUNA_BUFFER_ARG (y->buffer),
                                LACUNA_INT_ARG (shape.width)))
    return NULL;
  return g_steal_pointer (&y);
}

/* Marks the cells of the attention's grid that have anything to be avoided. quarter: of the mask at a quarter of
 * avoid's scale, where a cell has 2×2 pixels. */
static void
mark_avoided (const float *avoid, guint height, guint width, float *quarter)
{
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      if (avoid[(gsize) y * width + x] != 0.0f)
        for (guint i = 0; i < 4; i++)
          quarter[(gsize) (y / 8 * 2 + i / 2) * (width / 4) + x / 8 * 2 + i % 2] = 1.0f;
}

/* Contextual attention of x with itself; fills in ret_output's scores and index. x: consumed, may be NULL. */
static LacunaTensor *
attend (Run *run, LacunaTensor *x_consumed, const float *mask, LacunaGeneratorOutput *ret_output)
{
  LacunaGenerator *self = run->generator;
  g_autoptr (LacunaTensor) x = x_consumed;
  g_autoptr (LacunaTensor) y = NULL;
  g_autofree float *quarter = NULL;
  guint64 memory = MIN (ATTENTION_MEMORY, lacuna_context_get_memory_limit (self->context) / 2);
  guint queries;

  if (x == NULL)
    return NULL;
  queries = (x->shape.height / 2) * (x->shape.width / 2);
  if (run->options != NULL && run->options->scores
      && (ret_output->scores
          = lacuna_pool_take (run->pool, (LacunaShape){ x->shape.n, 1, queries, queries }, run->error)) == NULL)
    return NULL;
  if (!is_planning (run))
    {
      quarter = lacuna_resize_mask (mask, x->shape.height * 4, x->shape.width * 4, 4);
      if (run->options != NULL && run->options->avoid != NULL)
        mark_avoided (run->options->avoid, x->shape.height * 4, x->shape.width * 4, quarter);
      ret_output->index = lacuna_buffer_new (self->context, x->shape.n * queries * sizeof (gint32), run->error);
      if (ret_output->index == NULL)
        return NULL;
    }
  y = lacuna_pool_take (run->pool, x->shape, run->error);
  if (y == NULL
      || !lacuna_attention_forward (self->attention, run->pool, memory, x, x, quarter, y, run->attended,
                                    ret_output->scores, ret_output->index, run->error))
    return NULL;
  if (!tell (run, "attention", y))
    return NULL;
  return g_steal_pointer (&y);
}

/* Fills in what is wanted of every layer of a branch. in: the branch's input. Returns what is wanted of that. */
static LacunaArea
find_areas (Run *run, LacunaBranch branch, LacunaShape in, LacunaArea wanted)
{
  guint first = lacuna_branch_get_first (branch), end = lacuna_branch_get_first (branch + 1);
  LacunaShape shapes[LACUNA_N_LAYERS + 1] = { [0] = in };

  for (guint i = first; i < end; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, run->generator->width);

      shapes[i + 1 - first] = lacuna_conv_form_get_output (&form, shapes[i - first]);
    }
  for (guint i = end; i-- > first;)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, run->generator->width);

      run->areas[i] = wanted;
      wanted = lacuna_conv_form_get_seen (&form, shapes[i - first], wanted);
    }
  return wanted;
}

/* From the outputs back to the inputs. Any known position may be a key, so the attention's features are wanted whole;
 * of the coarse result the second stage sees the hole alone. */
static void
find_all_areas (Run *run, LacunaShape image)
{
  LacunaShape quarter = { image.n, 0, image.height / 4, image.width / 4 };
  gboolean all = run->options == NULL || run->options->area.height == 0;
  LacunaArea both;

  run->wanted = all ? lacuna_area_of (image) : run->options->area;
  both = find_areas (run, LACUNA_BRANCH_DECODER, quarter, run->wanted);
  run->attended = find_areas (run, LACUNA_BRANCH_ATTENTION_OUT, quarter, both);
  find_areas (run, LACUNA_BRANCH_ATTENTION, image, lacuna_area_of (quarter));
  find_areas (run, LACUNA_BRANCH_DILATED, image, both);
  find_areas (run, LACUNA_BRANCH_COARSE, image, run->wanted);
}

/* The network (engine/network/NETWORK.md, "Generator"). image and mask: lent; ret_output: cleared by the caller on
 * failure. */
static gboolean
run_network (Run *run, LacunaTensor *image, LacunaTensor *mask, const float *host_mask,
             LacunaGeneratorOutput *ret_output)
{
  guint width = run->generator->width;
  LacunaShape quarter = { image->shape.n, 8 * width, image->shape.height / 4, image->shape.width / 4 };
  g_autoptr (LacunaTensor) pasted = NULL;
  g_autoptr (LacunaTensor) both = NULL;
  g_autoptr (LacunaTensor) left = NULL;
  g_autoptr (LacunaTensor) right = NULL;
  LacunaTensor *x;

  x = compose (run, image, image, mask);
  x = run_branch (run, LACUNA_BRANCH_COARSE, x, NULL);
  ret_output->coarse = clip (run, "coarse", x);

  pasted = compose (run, ret_output->coarse, image, mask);
  if (pasted == NULL || (both = lacuna_pool_take (run->pool, quarter, run->error)) == NULL)
    return FALSE;
  left = lacuna_tensor_slice (both, 0, 4 * width);
  right = lacuna_tensor_slice (both, 4 * width, 4 * width);

  x = run_branch (run, LACUNA_BRANCH_DILATED, lacuna_tensor_ref (pasted), left);
  if (x == NULL)
    return FALSE;
  lacuna_tensor_unref (x);

  x = run_branch (run, LACUNA_BRANCH_ATTENTION, g_steal_pointer (&pasted), NULL);
  x = attend (run, x, host_mask, ret_output);
  x = run_branch (run, LACUNA_BRANCH_ATTENTION_OUT, x, right);
  if (x == NULL)
    return FALSE;
  lacuna_tensor_unref (x);

  x = run_branch (run, LACUNA_BRANCH_DECODER, lacuna_tensor_ref (both), NULL);
  ret_output->refined = clip (run, "refined", x);
  return ret_output->refined != NULL;
}

static LacunaPool *
get_pool (LacunaGenerator *self, guint height, guint width)
{
  if (self->pool == NULL || self->pool_height != height || self->pool_width != width)
    {
      g_clear_pointer (&self->pool, lacuna_pool_free);
      self->pool = lacuna_pool_new (self->context);
      self->pool_height = height;
      self->pool_width = width;
    }
  return self->pool;
}

gboolean
lacuna_generator_forward (LacunaGenerator *self,
                          LacunaTensor *image,
                          const float *mask,
                          const LacunaGeneratorOptions *options,
                          LacunaGeneratorOutput *ret_output,
                          GError **error)
{
  LacunaShape shape = image->shape;
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autoptr (LacunaTensor) device_mask = NULL;
  Run run = { .generator = self, .options = options, .error = error };

  if (shape.channels != 3 || shape.height % 8 != 0 || shape.width % 8 != 0 || shape.height < 16 || shape.width < 16)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   "The network can't take %u×%u pixels: sides must be multiples of 8 and at least 16.", shape.width,
                   shape.height);
      return FALSE;
    }
  run.pool = get_pool (self, shape.height, shape.width);
  find_all_areas (&run, shape);
  shape.channels = 1;
  device_mask = lacuna_pool_take (run.pool, shape, error);
  if (device_mask == NULL || !lacuna_tensor_write (device_mask, mask, error)
      || !run_network (&run, image, device_mask, mask, &output))
    return FALSE;
  *ret_output = output;
  memset (&output, 0, sizeof output);
  return TRUE;
}

guint64
lacuna_generator_get_memory (LacunaGenerator *self, guint height, guint width, gboolean scores)
{
  g_autoptr (LacunaPool) pool = lacuna_pool_new_planning ();
  LacunaGeneratorOptions options = { .scores = scores };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autoptr (LacunaTensor) image = lacuna_pool_take (pool, (LacunaShape){ 1, 3, height, width }, NULL);
  g_autoptr (LacunaTensor) mask = lacuna_pool_take (pool, (LacunaShape){ 1, 1, height, width }, NULL);
  Run run = { .generator = self, .pool = pool, .options = &options };

  find_all_areas (&run, image->shape);
  run_network (&run, image, mask, NULL, &output);
  return lacuna_pool_get_bytes (pool);
}

void
lacuna_generator_output_clear (LacunaGeneratorOutput *self)
{
  g_clear_pointer (&self->coarse, lacuna_tensor_unref);
  g_clear_pointer (&self->refined, lacuna_tensor_unref);
  g_clear_pointer (&self->scores, lacuna_tensor_unref);
  g_clear_pointer (&self->index, lacuna_buffer_unref);
}

guint
lacuna_generator_get_width (LacunaGenerator *self)
{
  return self->width;
}

void
lacuna_generator_free (LacunaGenerator *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    g_clear_pointer (&self->layers[i], lacuna_conv_free);
  g_clear_pointer (&self->attention, lacuna_attention_free);
  g_clear_pointer (&self->clip, lacuna_kernel_unref);
  g_clear_pointer (&self->compose, lacuna_kernel_unref);
  g_clear_pointer (&self->pool, lacuna_pool_free);
  g_clear_object (&self->context);
  g_free (self);
}

static LacunaConv *
load_layer (LacunaContext *context, LacunaWeights *weights, guint i, guint width, GError **error)
{
  LacunaConvForm form = lacuna_layer_get_form (i, width);
  g_autofree float *bias = NULL;
  g_autofree float *weight = lacuna_layer_load (weights, i, width, &bias, error);

  return weight != NULL ? lacuna_conv_new (context, &form, weight, bias, error) : NULL;
}

static gboolean
build_others (LacunaGenerator *self, GError **error)
{
  const LacunaKernels kernels = lacuna_context_get_tuning (self->context)->kernels;
  const char *options = kernels == LACUNA_KERNELS_GPU ? "-DCOLUMNS=64" : NULL;

  self->attention = lacuna_attention_new (self->context, 4 * self->width, error);
  if (self->attention == NULL)
    return FALSE;
  self->clip = lacuna_kernel_new (self->context, "compose", "clip", options, error);
  if (self->clip == NULL)
    return FALSE;
  self->compose = lacuna_kernel_new (self->context, "compose", "compose", options, error);
  return self->compose != NULL;
}

LacunaGenerator *
lacuna_generator_new (LacunaContext *context,
                      LacunaWeights *weights,
                      LacunaGeneratorProgress progress,
                      gpointer data,
                      GError **error)
{
  g_autoptr (LacunaGenerator) self = g_new0 (LacunaGenerator, 1);

  self->context = g_object_ref (context);
  if (!lacuna_layers_check (weights, &self->width, error))
    return NULL;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      self->layers[i] = load_layer (context, weights, i, self->width, error);
      if (self->layers[i] == NULL)
        return NULL;
      if (progress != NULL)
        progress ((i + 1.0) / (LACUNA_N_LAYERS + 1), data);
    }
  if (!build_others (self, error))
    return NULL;
  if (progress != NULL)
    progress (1.0, data);
  return g_steal_pointer (&self);
}

LacunaGenerator *
lacuna_generator_new_from_values (LacunaContext *context, guint width, const float *values, GError **error)
{
  g_autoptr (LacunaGenerator) self = g_new0 (LacunaGenerator, 1);

  self->context = g_object_ref (context);
  self->width = width;
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, width);
      gsize n_weight = (gsize) form.out * form.in * form.kernel * form.kernel;

      self->layers[i] = lacuna_conv_new (context, &form, values, values + n_weight, error);
      if (self->layers[i] == NULL)
        return NULL;
      values += n_weight + form.out;
    }
  if (!build_others (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step of training: losses and gradients of the generator and the critics (engine/network/NETWORK.md, "Losses"), over
 * parts of a batch whose gradients are added up. All updates go to `next` and are committed together at the end, so
 * that a step that fails leaves the parameters as they were; then `stale` says that the packed weights are not those
 * that count. A Part owns its tensors; batch and callbacks are borrowed. It runs on the thread that uses the context:
 * the engine's, or a command's main thread. */
#include "engine/train/learner-private.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/network/load.h"
#include "engine/weights/weights.h"

#define GRADIENT_PENALTY 10.0
#define COARSE 1.2
#define L1 1.2

static const guint critic_last[N_CRITICS] = { 4, 8 }; /* channels of the last layer, in widths */

static guint
get_side (LacunaLearner *self, guint critic)
{
  return critic == 0 ? self->options.side : self->options.window;
}

/* ---- making ---- */

float *
lacuna_learner_allocate (gsize n, GError **error)
{
  float *values = g_try_new0 (float, n);

  if (values == NULL)
    lacuna_error_set_memory (error, _ ("the network that learns"));
  return values;
}

static float *
load_base (LacunaLearner *self, LacunaWeights *base, GError **error)
{
  g_autofree float *values = lacuna_learner_allocate (lacuna_trainable_get_n_parameters (self->network), error);
  LacunaNetwork network;

  if (values == NULL || !lacuna_layers_check (base, &network, error))
    return NULL;
  if (network.width != self->options.width)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("The base model's width is %u, and the network that learns has %u. Choose a model of that width."),
          network.width, self->options.width);
      return NULL;
    }
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      const LacunaLearnedConv *layer = lacuna_trainable_get_layer (self->network, i);
      g_autofree float *bias = NULL;
      g_autofree float *weight = lacuna_layer_load (base, i, network, &bias, error);

      if (weight == NULL)
        return NULL;
      memcpy (values + layer->weight, weight, (layer->bias - layer->weight) * sizeof (float));
      memcpy (values + layer->bias, bias, layer->form.out * sizeof (float));
    }
  return g_steal_pointer (&values);
}

static GRand *
make_rand (guint64 seed)
{
  const guint32 words[] = { (guint32) seed, (guint32) (seed >> 32) };

  return g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
}

static gboolean
make_generator (LacunaLearner *self, LacunaWeights *base, GRand *rand, GError **error)
{
  g_autofree float *values = NULL;
  gsize n;

  self->network = lacuna_trainable_new (self->context, self->options.width, error);
  if (self->network == NULL)
    return FALSE;
  n = lacuna_trainable_get_n_parameters (self->network);
  if (base != NULL)
    values = load_base (self, base, error);
  else if ((values = lacuna_learner_allocate (n, error)) != NULL)
    lacuna_trainable_randomize (self->network, rand, values);
  if (values == NULL)
    return FALSE;
  self->generator = lacuna_parameters_new (self->context, values, n, error);
  return self->generator != NULL;
}

static gboolean
make_critics (LacunaLearner *self, GRand *rand, GError **error)
{
  g_autofree float *values = NULL;
  gsize n = 0;

  for (guint i = 0; i < N_CRITICS; i++)
    {
      self->critics[i] = lacuna_critic_new (self->context, get_side (self, i), self->options.critic_width,
                                            critic_last[i], &n, error);
      if (self->critics[i] == NULL)
        return FALSE;
    }
  values = lacuna_learner_allocate (n, error);
  if (values == NULL)
    return FALSE;
  for (guint i = 0; i < N_CRITICS; i++)
    lacuna_critic_randomize (self->critics[i], rand, values);
  self->critic = lacuna_parameters_new (self->context, values, n, error);
  return self->critic != NULL;
}

LacunaLearner *
lacuna_learner_new (LacunaContext *context, const LacunaLearnerOptions *options, LacunaWeights *base, GError **error)
{
  static const char *const entries[N_LOSS_KERNELS] = { "crop", "blend", "reconstruct", "penalize", "paste_back" };
  g_autoptr (LacunaLearner) self = g_new0 (LacunaLearner, 1);
  g_autoptr (GRand) rand = make_rand (options->seed);

  if (options->side % 8 != 0 || options->side < 16 || options->window < 8 || options->window > options->side
      || options->width < 2 || options->width % 2 != 0 || options->critic_width < 1)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("Crops of %u pixels with windows of %u can't be learned from at width %u: sides must be multiples of "
             "8 and at least 16, windows from 8 up to the side, and the width even."),
          options->side, options->window, options->width);
      return NULL;
    }
  self->context = g_object_ref (context);
  self->options = *options;
  self->stale = TRUE;
  for (guint i = 0; i < N_LOSS_KERNELS; i++)
    {
      self->kernels[i] = lacuna_kernel_new (context, "losses", entries[i], NULL, error);
      if (self->kernels[i] == NULL)
        return NULL;
    }
  if (!make_generator (self, base, rand, error) || !make_critics (self, rand, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_learner_free (LacunaLearner *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_CRITICS; i++)
    g_clear_pointer (&self->critics[i], lacuna_critic_free);
  for (guint i = 0; i < N_LOSS_KERNELS; i++)
    g_clear_pointer (&self->kernels[i], lacuna_kernel_unref);
  g_clear_pointer (&self->network, lacuna_trainable_free);
  g_clear_pointer (&self->generator, lacuna_parameters_free);
  g_clear_pointer (&self->critic, lacuna_parameters_free);
  g_clear_pointer (&self->pool, lacuna_pool_free);
  g_clear_object (&self->context);
  g_free (self);
}

/* ---- a step ---- */

/* Part of a batch on the device. */
typedef struct {
  LacunaLearner *learner;
  LacunaPool *pool;
  const LacunaPauser *pauser;
  guint n, total;     /* pictures: of the part, of the batch */
  guint side, window; /* of the batch */
  double known;       /* mean of 1 - m over the batch */
  const float *masks;
  LacunaTensor *image, *discount, *corners[N_CRITICS], *t[N_CRITICS];
  LacunaTape tape;
  LacunaLosses *losses;
} Part;

static void
part_clear (Part *part)
{
  g_clear_pointer (&part->image, lacuna_tensor_unref);
  g_clear_pointer (&part->discount, lacuna_tensor_unref);
  for (guint i = 0; i < N_CRITICS; i++)
    {
      g_clear_pointer (&part->corners[i], lacuna_tensor_unref);
      g_clear_pointer (&part->t[i], lacuna_tensor_unref);
    }
  lacuna_tape_clear (&part->tape);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static gboolean
is_planning (Part *part)
{
  return lacuna_pool_is_planning (part->pool);
}

/* values: NULL when planning. */
static gboolean
take (Part *part, LacunaTensor **ret_tensor, LacunaShape shape, const float *values, GError **error)
{
  *ret_tensor = lacuna_pool_take (part->pool, shape, error);
  return *ret_tensor != NULL && (values == NULL || lacuna_tensor_write (*ret_tensor, values, error));
}

static gboolean
upload_blank (Part *part, const float *image, GError **error)
{
  const gsize area = (gsize) part->side * part->side;
  g_autofree float *blank = lacuna_learner_allocate (part->n * 3 * area, error);

  if (blank == NULL)
    return FALSE;
  for (gsize i = 0; i < part->n * 3 * area; i++)
    blank[i] = image[i] * (1.0f - part->masks[i / (3 * area) * area + i % area]);
  return lacuna_tensor_write (part->tape.blank, blank, error);
}

/* Puts pictures first … first + n of the batch, which is NULL when planning, on the device, and runs the generator on
 * them. */
static gboolean
part_begin (Part *part, const LacunaBatch *batch, guint first, GError **error)
{
  const guint side = part->side, n = part->n;
  const gsize area = (gsize) side * side;
  const LacunaShape colours = { n, 3, side, side }, plane = { n, 1, side, side };
  const float *image = batch != NULL ? batch->image + first * 3 * area : NULL;

  part->masks = batch != NULL ? batch->mask + first * area : NULL;
  if (!take (part, &part->image, colours, image, error) || !take (part, &part->tape.blank, colours, NULL, error)
      || !take (part, &part->tape.mask, plane, part->masks, error)
      || !take (part, &part->discount, plane, batch != NULL ? batch->discount + first * area : NULL, error)
      || (batch != NULL && !upload_blank (part, image, error)))
    return FALSE;
  for (guint i = 0; i < N_CRITICS; i++)
    {
      g_autofree guint *corners = g_new0 (guint, 2 * n);

      if (batch != NULL && i == 1)
        memcpy (corners, batch->corners + 2 * first, 2 * n * sizeof (guint));
      if (!take (part, &part->corners[i], (LacunaShape){ n, 2, 1, 1 }, NULL, error)
          || !take (part, &part->t[i], (LacunaShape){ n, 1, 1, 1 },
                    batch != NULL ? batch->t + i * part->total + first : NULL, error)
          || (batch != NULL
              && !lacuna_buffer_write (part->corners[i]->buffer, 0, corners, 2 * n * sizeof (guint), error)))
        return FALSE;
    }
  return lacuna_trainable_forward (part->learner->network, part->pool, part->pauser, &part->tape, part->masks, error);
}

/* Returns the completed pictures, x2 pasted: three channels of a wider tensor. */
static LacunaTensor *
complete (Part *part, GError **error)
{
  g_autoptr (LacunaTensor) pasted
      = lacuna_trainable_compose (part->learner->network, part->pool, part->tape.refined, &part->tape, error);

  return pasted != NULL ? lacuna_tensor_slice (pasted, 0, 3) : NULL;
}

#define TENSOR(tensor) LACUNA_BUFFER_ARG ((tensor)->buffer), INT ((tensor)->offset)
#define BUFFER(tensor) LACUNA_BUFFER_ARG ((tensor)->buffer)
#define INT(value) LACUNA_INT_ARG (value)

/* Crops what a critic sees of x into y. */
static gboolean
crop (Part *part, guint critic, LacunaTensor *x, LacunaTensor *y, GError **error)
{
  return is_planning (part)
         || lacuna_kernel_launch (part->learner->kernels[CROP], y->shape.height, y->shape.n, 1, error, TENSOR (x),
                                  INT (x->stride), BUFFER (part->corners[critic]), TENSOR (y), INT (x->shape.height));
}

static gboolean
blend (Part *part, guint critic, LacunaTensor *real, LacunaTensor *fake, LacunaTensor *y, GError **error)
{
  return is_planning (part)
         || lacuna_kernel_launch (part->learner->kernels[BLEND], y->shape.height, y->shape.n, 1, error, TENSOR (real),
                                  TENSOR (fake), BUFFER (part->t[critic]), TENSOR (y), INT (3 * y->shape.width));
}

typedef struct {
  Part *part;
  guint critic;
} Penalty;

static gboolean
penalize (LacunaTensor *gradient, LacunaTensor *direction, LacunaBuffer *slopes, gpointer data, GError **error)
{
  const Penalty *penalty = data;
  Part *part = penalty->part;

  return lacuna_kernel_launch (part->learner->kernels[PENALIZE], part->n, 1, 1, error, TENSOR (gradient),
                               BUFFER (part->tape.mask), BUFFER (part->corners[penalty->critic]), TENSOR (direction),
                               LACUNA_BUFFER_ARG (slopes), INT (part->side), INT (gradient->shape.height),
                               LACUNA_FLOAT_ARG (2.0 * GRADIENT_PENALTY / part->total));
}

static gboolean
critic_learn (Part *part, guint i, LacunaTensor *completed, GError **error)
{
  const guint n = part->n, side = get_side (part->learner, i);
  Penalty penalty = { part, i };
  g_autofree float *scores = g_new0 (float, 3 * n), *slopes = g_new0 (float, n);
  g_autoptr (LacunaTensor) x = lacuna_pool_take (part->pool, (LacunaShape){ 3 * n, 3, side, side }, error);
  g_autoptr (LacunaTensor) real = NULL, fake = NULL, mixed = NULL;

  if (x == NULL)
    return FALSE;
  real = lacuna_tensor_items (x, 0, n);
  fake = lacuna_tensor_items (x, n, n);
  mixed = lacuna_tensor_items (x, 2 * n, n);
  if (!crop (part, i, part->image, real, error) || !crop (part, i, completed, fake, error)
      || !blend (part, i, real, fake, mixed, error)
      || !lacuna_critic_learn (part->learner->critics[i], part->pool, part->pauser, part->learner->critic, x,
                               part->total, penalize, &penalty, scores, slopes, error))
    return FALSE;
  for (guint j = 0; j < n; j++)
    {
      part->losses->wasserstein[i] += ((double) scores[j] - scores[n + j]) / part->total;
      part->losses->penalty[i] += (slopes[j] - 1.0) * (slopes[j] - 1.0) / part->total;
    }
  return TRUE;
}

static gboolean
critics_learn (Part *part, GError **error)
{
  g_autoptr (LacunaTensor) completed = complete (part, error);

  if (completed == NULL)
    return FALSE;
  for (guint i = 0; i < N_CRITICS; i++)
    if (!critic_learn (part, i, completed, error))
      return FALSE;
  return TRUE;
}

/* Returns the gradient of the losses of x, l1 by the weight l1 and reconstruction by the other, and adds these up. */
static LacunaTensor *
reconstruct (Part *part, LacunaTensor *x, double l1, double reconstruction, double *ret_l1, double *ret_reconstruction,
             GError **error)
{
  const guint rows = part->n * part->side;
  const double n_window = 3.0 * part->total * part->window * part->window;
  const double n_known = 3.0 * part->total * part->side * part->side * part->known;
  g_autoptr (LacunaTensor) g = lacuna_pool_take (part->pool, x->shape, error);
  g_autoptr (LacunaTensor) sums = lacuna_pool_take (part->pool, (LacunaShape){ 1, 2, rows, 1 }, error);
  g_autofree float *values = NULL;

  if (g == NULL || sums == NULL)
    return NULL;
  if (is_planning (part))
    return g_steal_pointer (&g);
  values = g_new (float, 2 * rows);
  if (!lacuna_kernel_launch (part->learner->kernels[RECONSTRUCT], rows, 1, 1, error, BUFFER (x), BUFFER (part->image),
                             BUFFER (part->tape.mask), BUFFER (part->discount), BUFFER (g), BUFFER (sums),
                             INT (part->side), LACUNA_FLOAT_ARG (l1 / n_window),
                             LACUNA_FLOAT_ARG (n_known > 0.0 ? reconstruction / n_known : 0.0))
      || !lacuna_buffer_read_floats (sums->buffer, values, 2 * rows, error))
    return NULL;
  for (guint i = 0; i < rows; i++)
    {
      *ret_l1 += values[2 * i] / n_window;
      *ret_reconstruction += n_known > 0.0 ? values[2 * i + 1] / n_known : 0.0;
    }
  return g_steal_pointer (&g);
}

/* Adds what critic i says of the completed pictures to the losses, and what that asks of x2 to g_refined. */
static gboolean
convince (Part *part, guint i, double weight, LacunaTensor *completed, LacunaBuffer *values, LacunaTensor *g_refined,
          GError **error)
{
  const guint n = part->n, side = get_side (part->learner, i);
  const LacunaShape shape = { n, 3, side, side };
  g_autofree float *g = g_new (float, n), *scores = g_new0 (float, n);
  g_autoptr (LacunaTensor) x = lacuna_pool_take (part->pool, shape, error);
  g_autoptr (LacunaTensor) gx = lacuna_pool_take (part->pool, shape, error);

  if (x == NULL || gx == NULL)
    return FALSE;
  for (guint j = 0; j < n; j++)
    g[j] = (float) (-weight / part->total);
  if (!crop (part, i, completed, x, error)
      || !lacuna_critic_judge (part->learner->critics[i], part->pool, part->pauser, values, x, g, gx, scores, error))
    return FALSE;
  for (guint j = 0; j < n; j++)
    part->losses->adversarial -= (double) scores[j] / part->total;
  return is_planning (part)
         || lacuna_kernel_launch (part->learner->kernels[PASTE_BACK], side, n, 1, error, BUFFER (gx),
                                  BUFFER (part->tape.mask), BUFFER (part->corners[i]), BUFFER (g_refined),
                                  INT (part->side));
}

/* The generator learns, against the critics as this step has updated them. */
static gboolean
generator_learn (Part *part, const LacunaStepOptions *options, GError **error)
{
  const LacunaParameters *critic = part->learner->critic;
  LacunaBuffer *critic_values = (options->critics ? critic->next : critic->sets)[LACUNA_PARAMETERS_VALUE];
  LacunaLosses *losses = part->losses;
  double reconstruction[2] = { 0.0, 0.0 };
  g_autoptr (LacunaTensor) g_coarse
      = reconstruct (part, part->tape.coarse, COARSE * L1, COARSE * options->reconstruction, &losses->l1_coarse,
                     &reconstruction[0], error);
  g_autoptr (LacunaTensor) g_refined = g_coarse != NULL
                                           ? reconstruct (part, part->tape.refined, L1, options->reconstruction,
                                                          &losses->l1_refined, &reconstruction[1], error)
                                           : NULL;

  if (g_refined == NULL)
    return FALSE;
  losses->reconstruction += COARSE * reconstruction[0] + reconstruction[1];
  if (options->adversarial > 0.0)
    {
      g_autoptr (LacunaTensor) completed = complete (part, error);

      if (completed == NULL)
        return FALSE;
      for (guint i = 0; i < N_CRITICS; i++)
        if (!convince (part, i, options->adversarial, completed, critic_values, g_refined, error))
          return FALSE;
    }
  return !options->generator
         || lacuna_trainable_backward (part->learner->network, part->pool, part->pauser, &part->tape, g_coarse,
                                       g_refined, options->first, part->learner->generator->gradient, error);
}

static gboolean
pack_critics (LacunaLearner *self, LacunaBuffer *values, GError **error)
{
  for (guint i = 0; i < N_CRITICS; i++)
    if (!lacuna_critic_pack (self->critics[i], values, error))
      return FALSE;
  return TRUE;
}

/* Packs the parameters that count. The critics are packed already where the last step succeeded, as it updated them. */
static gboolean
refresh (LacunaLearner *self, const LacunaStepOptions *options, GError **error)
{
  if (!lacuna_trainable_pack (self->network, self->generator->sets[LACUNA_PARAMETERS_VALUE], error))
    return FALSE;
  return !self->stale || !(options->critics || options->adversarial > 0.0)
         || pack_critics (self, self->critic->sets[LACUNA_PARAMETERS_VALUE], error);
}

static LacunaPool *
get_pool (LacunaLearner *self, guint n, guint side)
{
  if (self->pool == NULL || self->pool_n != n || self->pool_side != side)
    {
      g_clear_pointer (&self->pool, lacuna_pool_free);
      self->pool = lacuna_pool_new (self->context);
      self->pool_n = n;
      self->pool_side = side;
    }
  return self->pool;
}

static double
get_known (const LacunaBatch *batch)
{
  const gsize n = (gsize) batch->n * batch->side * batch->side;
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += 1.0 - batch->mask[i];
  return sum / n;
}

static gboolean
update_critics (LacunaLearner *self, double rate, GError **error)
{
  return lacuna_parameters_update (self->critic, 0, rate, 1.0, 0.0, error)
         && pack_critics (self, self->critic->next[LACUNA_PARAMETERS_VALUE], error);
}

/* Goes once through the batch, size pictures at a time: the critics learn and are updated, the generator learns, or
 * both. */
static gboolean
run_pass (LacunaLearner *self, const LacunaBatch *batch, guint size, const LacunaStepOptions *options,
          const LacunaPauser *pauser, gboolean critics, gboolean generator, LacunaLosses *losses, GError **error)
{
  const double known = get_known (batch);

  for (guint first = 0; first < batch->n; first += size)
    {
      const guint n = MIN (size, batch->n - first);
      const gboolean is_last = first + n == batch->n;
      g_auto (Part) part = { .learner = self, .pool = get_pool (self, size, batch->side), .pauser = pauser, .n = n,
                             .total = batch->n, .side = batch->side, .window = batch->window, .known = known,
                             .losses = losses };

      if (!part_begin (&part, batch, first, error) || (critics && !critics_learn (&part, error))
          || (critics && is_last && !update_critics (self, options->rate, error))
          || (generator && !generator_learn (&part, options, error)))
        return FALSE;
    }
  return TRUE;
}

/* The generator learns against the updated critics: parts are run forward again for that, a whole batch is not. */
static gboolean
run_parts (LacunaLearner *self, const LacunaBatch *batch, const LacunaStepOptions *options, const LacunaPauser *pauser,
           LacunaLosses *losses, GError **error)
{
  const guint n_parts = CLAMP (options->parts, 1, batch->n), size = (batch->n + n_parts - 1) / n_parts;

  if (n_parts == 1)
    return run_pass (self, batch, size, options, pauser, options->critics, TRUE, losses, error);
  return (!options->critics || run_pass (self, batch, size, options, pauser, TRUE, FALSE, losses, error))
         && run_pass (self, batch, size, options, pauser, FALSE, TRUE, losses, error);
}

static gboolean
commit (LacunaLearner *self, const LacunaStepOptions *options, GError **error)
{
  if (options->generator)
    {
      gsize first = self->generator->n;

      if (options->first < LACUNA_N_LAYERS)
        first = lacuna_trainable_get_layer (self->network, options->first)->weight;

      if (!lacuna_parameters_update (self->generator, first, options->rate, options->decay, options->clip, error))
        return FALSE;
    }
  if (!lacuna_context_finish (self->context, error))
    return FALSE;
  if (options->critics)
    lacuna_parameters_commit (self->critic);
  if (options->generator)
    lacuna_parameters_commit (self->generator);
  return TRUE;
}

/* The critics are made for crops of one side. */
static gboolean
check_side (const LacunaLearner *self, const LacunaBatch *batch, const LacunaStepOptions *options, GError **error)
{
  if (!(options->critics || options->adversarial > 0.0)
      || (batch->side == self->options.side && batch->window == self->options.window))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("Critics judge crops of %u pixels, and these have %u. Choose crops of one side."), self->options.side,
               batch->side);
  return FALSE;
}

gboolean
lacuna_learner_step (LacunaLearner *self, const LacunaBatch *batch, const LacunaStepOptions *options,
                     LacunaLearnerPause pause, gpointer data, LacunaLosses *ret_losses, GError **error)
{
  const LacunaPauser pauser = { pause, data };
  LacunaLosses losses = { 0 };

  if (!check_side (self, batch, options, error) || !refresh (self, options, error))
    return FALSE;
  self->stale = TRUE;
  if (!lacuna_parameters_clear_gradient (self->generator, error)
      || !lacuna_parameters_clear_gradient (self->critic, error)
      || !run_parts (self, batch, options, &pauser, &losses, error) || !commit (self, options, error))
    return FALSE;
  self->stale = !options->critics && !(options->adversarial > 0.0);
  losses.l1 = COARSE * losses.l1_coarse + losses.l1_refined;
  *ret_losses = losses;
  return TRUE;
}

guint64
lacuna_learner_get_memory (LacunaLearner *self, guint n, gboolean critics)
{
  static const LacunaPauser nobody = { NULL, NULL };
  g_autoptr (LacunaPool) pool = lacuna_pool_new_planning ();
  const LacunaStepOptions options = { .critics = critics, .adversarial = critics ? 0.001 : 0.0, .generator = TRUE };
  const guint64 n_sets = 2 * LACUNA_N_PARAMETERS + 1 + 12; /* and what is packed, at most */
  LacunaLosses losses = { 0 };
  g_auto (Part) part = { .learner = self, .pool = pool, .pauser = &nobody, .n = n, .total = n,
                         .side = self->options.side, .window = self->options.window, .known = 1.0, .losses = &losses };

  if (part_begin (&part, NULL, 0, NULL) && (!critics || critics_learn (&part, NULL)))
    generator_learn (&part, &options, NULL);
  return lacuna_pool_get_bytes (pool) + (self->generator->n + self->critic->n) * n_sets * sizeof (float);
}

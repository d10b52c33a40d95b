/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/self-test.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/detail.h"
#include "engine/network/generator.h"
#include "engine/network/layers.h"

#define MODEL_WIDTH 16
#define HEIGHT 16
#define WIDTH 24
#define TOLERANCE 1e-4 /* the largest of tests/golden/README.md, of a layer's output */

/* The pixels at which the result is compared, all in the hole. */
static const LacunaArea hole = { 6, 10, 4, 4 };

/* The expected refined result at these pixels, channel by channel, from the kernels that pass the golden tests. */
static const float expected[3 * 16] = {
  1.0000000f, 0.3009716f, 1.0000000f, 1.0000000f, -0.6829755f, -0.1106909f, 0.3199885f, 0.6843768f,
  -0.7925920f, -0.5421935f, 0.4872736f, 1.0000000f, -1.0000000f, -1.0000000f, -0.7994391f, 0.1009632f,
  -1.0000000f, -1.0000000f, 0.8300313f, 0.3535210f, -1.0000000f, -1.0000000f, -0.4117512f, 0.1921409f,
  -0.6327005f, -0.9312853f, -0.5472965f, 0.0786795f, -0.0838571f, -0.2436199f, 0.5881864f, 0.8428477f,
  -0.2324341f, 0.1973741f, -0.7910881f, -0.5529816f, 1.0000000f, 1.0000000f, 1.0000000f, 1.0000000f,
  0.1184587f, 0.4499525f, 0.8318670f, 1.0000000f, 0.1282068f, 0.2557336f, 0.4485922f, 1.0000000f,
};

/* The next of a row of numbers in [-1, 1). */
static float
draw (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return (gint32) *state / 2147483648.0f;
}

/* Weights whose sums keep their size from layer to layer, and small biases, as lacuna_generator_new_from_values takes
 * them. */
static float *
make_weights (void)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));
  guint32 state = 1;

  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    {
      LacunaConvForm form = lacuna_layer_get_form (i, (LacunaNetwork){ LACUNA_ARCHITECTURE_V1, MODEL_WIDTH });
      guint n_in = form.in * form.kernel * form.kernel;
      float size = sqrtf (6.0f / n_in);

      for (guint j = 0; j < form.out * (n_in + 1); j++)
        {
          float value = draw (&state) * (j < form.out * n_in ? size : 0.1f);

          g_array_append_val (values, value);
        }
    }
  return (float *) g_array_free (g_steal_pointer (&values), FALSE);
}

static gboolean
is_in_hole (guint x, guint y)
{
  return x >= hole.x && x < hole.x + hole.width && y >= hole.y && y < hole.y + hole.height;
}

static LacunaTensor *
make_image (LacunaContext *context, float *ret_mask, GError **error)
{
  g_autoptr (LacunaTensor) image = lacuna_tensor_new (context, (LacunaShape){ 1, 3, HEIGHT, WIDTH }, error);
  float values[3 * HEIGHT * WIDTH];
  guint32 state = 2;

  for (guint i = 0; i < HEIGHT * WIDTH; i++)
    ret_mask[i] = is_in_hole (i % WIDTH, i / WIDTH) ? 1.0f : 0.0f;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    values[i] = draw (&state) * (1.0f - ret_mask[i % (HEIGHT * WIDTH)]);
  return image != NULL && lacuna_tensor_write (image, values, error) ? g_steal_pointer (&image) : NULL;
}

static gboolean
compare (LacunaTensor *refined, GError **error)
{
  float values[3 * HEIGHT * WIDTH];
  guint n = 0;

  if (!lacuna_tensor_read (refined, values, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (is_in_hole (i % WIDTH, i / WIDTH % HEIGHT))
      {
        float right = expected[n++];

        if (fabs ((double) values[i] - right) <= TOLERANCE)
          continue;
        g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE, _ ("it computes wrong numbers, as %g in place of %g"),
                     values[i], right);
        return FALSE;
      }
  return TRUE;
}

static gboolean
run_network (LacunaGenerator *generator, LacunaContext *context, GError **error)
{
  g_auto (LacunaGeneratorOutput) output = { 0 };
  float mask[HEIGHT * WIDTH];
  g_autoptr (LacunaTensor) image = make_image (context, mask, error);

  return image != NULL && lacuna_generator_forward (generator, image, mask, NULL, &output, error)
         && compare (output.refined, error);
}

typedef struct {
  void   (*step) (gpointer data);
  gpointer data;
} Steps;

static void
report_building (double fraction, gpointer data)
{
  const Steps *steps = data;

  steps->step (steps->data);
}

gboolean
lacuna_self_test_run (LacunaContext *context, void (*step) (gpointer data), gpointer data, GError **error)
{
  Steps steps = { step, data };
  g_autofree float *weights = make_weights ();
  g_autoptr (LacunaGenerator) generator
      = lacuna_generator_new_from_values (context, MODEL_WIDTH, weights, report_building, &steps, error);
  g_autoptr (LacunaDetail) detail = NULL;

  if (generator == NULL || !run_network (generator, context, error))
    return FALSE;
  step (data);
  detail = lacuna_detail_new (context, error);
  return detail != NULL;
}

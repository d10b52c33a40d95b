/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/explanation-private.h"

/* What the pixel that is asked about was really copied from, through the detail, which the attention but guides. */

static int
compare (gconstpointer a, gconstpointer b)
{
  float x = ((const LacunaSource *) a)->value, y = ((const LacunaSource *) b)->value;

  return x > y ? -1 : x < y;
}

/* Appends the sources of one pixel that have a share in it. */
static void
add_sources (LacunaExplanation *self, LacunaProvenance *provenance, GArray *copies)
{
  g_autoptr (GBytes) offset_bytes = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_OFFSETS);
  g_autoptr (GBytes) weight_bytes = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_WEIGHTS);
  g_autoptr (GBytes) transform_bytes = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_TRANSFORMS);
  const gint16 *offsets = g_bytes_get_data (offset_bytes, NULL);
  const float *weights = g_bytes_get_data (weight_bytes, NULL);
  const guint8 *transforms = g_bytes_get_data (transform_bytes, NULL);
  const LacunaBox *pixel = lacuna_provenance_get_box (provenance);

  for (guint k = 0; k < lacuna_provenance_get_n_sources (provenance); k++)
    if (weights[k] > 0)
      {
        int x = pixel->x + offsets[2 * k], y = pixel->y + offsets[2 * k + 1];
        LacunaSource copy = { lacuna_explanation_make_patch (self, x, y), weights[k], transforms[k] };

        g_array_append_val (copies, copy);
      }
}

/* Appends the share of the pixel that is no copy, if there is one. */
static void
add_invented (LacunaProvenance *provenance, GArray *copies)
{
  g_autoptr (GBytes) bytes = lacuna_provenance_dup_array (provenance, LACUNA_PROVENANCE_INVENTED);
  LacunaSource made_up = { .value = *(const float *) g_bytes_get_data (bytes, NULL) };

  if (made_up.value > 0)
    g_array_append_val (copies, made_up);
}

void
lacuna_explanation_list_copies (LacunaExplanation *self)
{
  LacunaBox pixel = { .width = 1, .height = 1 };
  guint region;
  g_autoptr (LacunaProvenance) provenance = NULL;
  g_autoptr (GArray) copies = g_array_new (FALSE, FALSE, sizeof (LacunaSource));

  self->n_copies = 0;
  if (self->mode == LACUNA_ATTENTION_STEPS || !lacuna_explanation_get_point (self, &region, &pixel.x, &pixel.y)
      || (provenance = lacuna_provenance_new (self->fill, NULL, &pixel, NULL)) == NULL)
    return;
  add_sources (self, provenance, copies);
  add_invented (provenance, copies);
  g_array_sort (copies, compare);
  self->n_copies = MIN (copies->len, LACUNA_EXPLANATION_N_COPIES);
  for (guint i = 0; i < self->n_copies; i++)
    self->copies[i] = g_array_index (copies, LacunaSource, i);
}

const LacunaSource *
lacuna_explanation_get_copies (LacunaExplanation *self, guint *ret_n)
{
  *ret_n = self->n_copies;
  return self->copies;
}

const LacunaSource *
lacuna_explanation_get_place (LacunaExplanation *self, guint number)
{
  if (number < LACUNA_EXPLANATION_N_COPIES)
    return number < self->n_copies ? &self->copies[number] : NULL;
  number -= LACUNA_EXPLANATION_N_COPIES;
  return number < self->n_sources ? &self->sources[number] : NULL;
}

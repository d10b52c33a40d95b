/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network/load.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/weights/weights.h"

static gboolean
check_entries (LacunaWeights *weights, GError **error)
{
  const char *architecture = lacuna_weights_get_metadata (weights, "architecture");

  if (architecture != NULL && strcmp (architecture, "deepfill-v1") != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The weights are of the architecture “%s”; only “deepfill-v1” can be run."), architecture);
      return FALSE;
    }
  for (guint i = 0; i < lacuna_weights_get_n_entries (weights); i++)
    {
      const char *name = lacuna_weights_get_entry (weights, i)->name;
      const char *dot = strrchr (name, '.');
      gboolean known = FALSE;

      for (guint j = 0; j < LACUNA_N_LAYERS && dot != NULL && !known; j++)
        {
          const char *layer = lacuna_layer_get (j)->name;

          known = strncmp (layer, name, dot - name) == 0 && layer[dot - name] == '\0'
                  && (strcmp (dot, ".weight") == 0 || strcmp (dot, ".bias") == 0);
        }
      if (!known)
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                       _ ("The weights hold a tensor “%s” which the network does not have. Choose a file of generator "
                          "weights."),
                       name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_width (LacunaWeights *weights, guint *ret_width, GError **error)
{
  const LacunaWeightsEntry *entry = lacuna_weights_find (weights, "conv1.bias");

  if (entry == NULL || entry->n_dims != 1 || entry->dims[0] < 2 || entry->dims[0] % 2 != 0 || entry->dims[0] > 1024)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("The weights lack a usable “conv1.bias”, whose length is the network's width: an even number from 2 "
             "to 1024. Choose a file of generator weights."));
      return FALSE;
    }
  *ret_width = entry->dims[0];
  return TRUE;
}

/* The network runs on RGB: weights that expect BGR have their colours turned where these come in and go out. */
static void
swap_blocks (float *values, gsize n_outer, gsize outer_stride, gsize block)
{
  for (gsize i = 0; i < n_outer; i++)
    for (gsize j = 0; j < block; j++)
      {
        float *first = values + i * outer_stride + j, *last = first + 2 * block, kept = *first;

        *first = *last;
        *last = kept;
      }
}

float *
lacuna_layer_load (LacunaWeights *weights, guint i, guint width, float **ret_bias, GError **error)
{
  LacunaConvForm form = lacuna_layer_get_form (i, width);
  g_autofree char *weight_name = g_strconcat (lacuna_layer_get (i)->name, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (lacuna_layer_get (i)->name, ".bias", NULL);
  gsize taps = (gsize) form.kernel * form.kernel;
  g_autofree float *weight
      = lacuna_weights_read (weights, weight_name, 4, (guint[]){ form.out, form.in, form.kernel, form.kernel }, error);
  g_autofree float *bias
      = weight != NULL ? lacuna_weights_read (weights, bias_name, 1, (guint[]){ form.out }, error) : NULL;

  if (bias == NULL)
    return NULL;
  if (g_strcmp0 (lacuna_weights_get_metadata (weights, "channels"), "BGR") == 0)
    {
      if (lacuna_layer_reads_picture (i))
        swap_blocks (weight, form.out, form.in * taps, taps);
      if (lacuna_layer_makes_picture (i))
        {
          swap_blocks (weight, 1, 0, form.in * taps);
          swap_blocks (bias, 1, 0, 1);
        }
    }
  *ret_bias = g_steal_pointer (&bias);
  return g_steal_pointer (&weight);
}

gboolean
lacuna_layers_check (LacunaWeights *weights, guint *ret_width, GError **error)
{
  return check_entries (weights, error) && read_width (weights, ret_width, error);
}

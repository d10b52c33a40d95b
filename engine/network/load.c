/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network/load.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/weights/weights.h"

static gboolean
read_architecture (LacunaWeights *weights, LacunaArchitecture *ret_architecture, GError **error)
{
  const char *name = lacuna_weights_get_metadata (weights, "architecture");

  if (lacuna_architecture_find (name, ret_architecture))
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("The weights are of the architecture “%s”; only “deepfill-v1” and “deepfill-v2” can be run."), name);
  return FALSE;
}

static gboolean
check_entries (LacunaWeights *weights, GError **error)
{
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

/* Half of the first layer's sums are channels where the architecture is gated. */
static gboolean
read_width (LacunaWeights *weights, LacunaNetwork *network, GError **error)
{
  const LacunaWeightsEntry *entry = lacuna_weights_find (weights, "conv1.bias");

  if (entry != NULL && entry->n_dims == 1 && lacuna_network_set_sums (network, entry->dims[0]))
    return TRUE;
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      network->architecture == LACUNA_ARCHITECTURE_V1
          ? _ ("The weights lack a usable “conv1.bias”, whose length is the network's width: an even number from "
               "2 to 1024. Choose a file of generator weights.")
          : _ ("The weights lack a usable “conv1.bias”, whose length is the network's width: a multiple of 4 "
               "up to 1024. Choose a file of generator weights."));
  return FALSE;
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
lacuna_layer_load (LacunaWeights *weights, guint i, LacunaNetwork network, float **ret_bias, GError **error)
{
  LacunaConvForm form = lacuna_layer_get_form (i, network);
  const guint sums = lacuna_conv_form_get_sums (&form);
  g_autofree char *weight_name = g_strconcat (lacuna_layer_get (i)->name, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (lacuna_layer_get (i)->name, ".bias", NULL);
  gsize taps = (gsize) form.kernel * form.kernel;
  g_autofree float *weight
      = lacuna_weights_read (weights, weight_name, 4, (guint[]){ sums, form.in, form.kernel, form.kernel }, error);
  g_autofree float *bias
      = weight != NULL ? lacuna_weights_read (weights, bias_name, 1, (guint[]){ sums }, error) : NULL;

  if (bias == NULL)
    return NULL;
  if (g_strcmp0 (lacuna_weights_get_metadata (weights, "channels"), "BGR") == 0)
    {
      if (lacuna_layer_reads_picture (i))
        swap_blocks (weight, sums, form.in * taps, taps);
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
lacuna_layers_check (LacunaWeights *weights, LacunaNetwork *ret_network, GError **error)
{
  return read_architecture (weights, &ret_network->architecture, error) && check_entries (weights, error)
         && read_width (weights, ret_network, error);
}

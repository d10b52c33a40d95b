/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network as a table: a line for each layer, under its name in checkpoints and in running order. It holds the first
 * architecture at the paper's width; lacuna_layer_get_form derives other widths and the gated architecture from that.
 * All of it is constant, and any thread may read it. */
#include "engine/network/layers.h"

#define ELU LACUNA_ACTIVATION_ELU
#define RELU LACUNA_ACTIVATION_RELU
#define NONE LACUNA_ACTIVATION_NONE
#define UP TRUE
#define NO FALSE

/* Channels are those of the paper, whose network has a width of 32: another has its share of them, but for the two. */
#define PAPER_WIDTH 32
#define INPUT 5 /* image, ones, mask; where the architecture is gated, the second stage has the image alone */
#define RGB 3

#define MOST_SUMS 1024 /* of the first layer */

/* Maps an activation of the first architecture, in the table below, to that of the second. */
static const LacunaActivation gated_activations[] = {
  [LACUNA_ACTIVATION_ELU] = LACUNA_ACTIVATION_GATED_ELU,
  [LACUNA_ACTIVATION_RELU] = LACUNA_ACTIVATION_GATED_RELU,
  [LACUNA_ACTIVATION_NONE] = LACUNA_ACTIVATION_TANH,
};

static const LacunaLayer coarse[] = {
  /* name                   k  s  d   up  channels    output's size */
  { "conv1",                5, 1, 1,  NO, 32,  ELU }, /* H×W */
  { "conv2_downsample",     3, 2, 1,  NO, 64,  ELU }, /* H/2×W/2 */
  { "conv3",                3, 1, 1,  NO, 64,  ELU },
  { "conv4_downsample",     3, 2, 1,  NO, 128, ELU }, /* H/4×W/4 */
  { "conv5",                3, 1, 1,  NO, 128, ELU },
  { "conv6",                3, 1, 1,  NO, 128, ELU },
  { "conv7_atrous",         3, 1, 2,  NO, 128, ELU },
  { "conv8_atrous",         3, 1, 4,  NO, 128, ELU },
  { "conv9_atrous",         3, 1, 8,  NO, 128, ELU },
  { "conv10_atrous",        3, 1, 16, NO, 128, ELU },
  { "conv11",               3, 1, 1,  NO, 128, ELU },
  { "conv12",               3, 1, 1,  NO, 128, ELU },
  { "conv13_upsample",      3, 1, 1,  UP, 64,  ELU }, /* H/2×W/2 */
  { "conv14",               3, 1, 1,  NO, 64,  ELU },
  { "conv15_upsample",      3, 1, 1,  UP, 32,  ELU }, /* H×W */
  { "conv16",               3, 1, 1,  NO, 16,  ELU },
  { "conv17",               3, 1, 1,  NO, RGB, NONE },
};

static const LacunaLayer dilated[] = {
  { "xconv1",               5, 1, 1,  NO, 32,  ELU }, /* H×W */
  { "xconv2_downsample",    3, 2, 1,  NO, 32,  ELU }, /* H/2×W/2 */
  { "xconv3",               3, 1, 1,  NO, 64,  ELU },
  { "xconv4_downsample",    3, 2, 1,  NO, 64,  ELU }, /* H/4×W/4 */
  { "xconv5",               3, 1, 1,  NO, 128, ELU },
  { "xconv6",               3, 1, 1,  NO, 128, ELU },
  { "xconv7_atrous",        3, 1, 2,  NO, 128, ELU },
  { "xconv8_atrous",        3, 1, 4,  NO, 128, ELU },
  { "xconv9_atrous",        3, 1, 8,  NO, 128, ELU },
  { "xconv10_atrous",       3, 1, 16, NO, 128, ELU },
};

static const LacunaLayer attention[] = {
  { "pmconv1",              5, 1, 1,  NO, 32,  ELU }, /* H×W */
  { "pmconv2_downsample",   3, 2, 1,  NO, 32,  ELU }, /* H/2×W/2 */
  { "pmconv3",              3, 1, 1,  NO, 64,  ELU },
  { "pmconv4_downsample",   3, 2, 1,  NO, 128, ELU }, /* H/4×W/4 */
  { "pmconv5",              3, 1, 1,  NO, 128, ELU },
  { "pmconv6",              3, 1, 1,  NO, 128, RELU },
};

static const LacunaLayer attention_out[] = {
  { "pmconv9",              3, 1, 1,  NO, 128, ELU }, /* H/4×W/4 */
  { "pmconv10",             3, 1, 1,  NO, 128, ELU },
};

static const LacunaLayer decoder[] = {
  { "allconv11",            3, 1, 1,  NO, 128, ELU }, /* H/4×W/4 */
  { "allconv12",            3, 1, 1,  NO, 128, ELU },
  { "allconv13_upsample",   3, 1, 1,  UP, 64,  ELU }, /* H/2×W/2 */
  { "allconv14",            3, 1, 1,  NO, 64,  ELU },
  { "allconv15_upsample",   3, 1, 1,  UP, 32,  ELU }, /* H×W */
  { "allconv16",            3, 1, 1,  NO, 16,  ELU },
  { "allconv17",            3, 1, 1,  NO, RGB, NONE },
};

static const struct {
  const LacunaLayer *layers;
  guint n_layers;
  guint in; /* channels */
} branches[LACUNA_N_BRANCHES] = {
  [LACUNA_BRANCH_COARSE] = { coarse, G_N_ELEMENTS (coarse), INPUT },
  [LACUNA_BRANCH_DILATED] = { dilated, G_N_ELEMENTS (dilated), INPUT },
  [LACUNA_BRANCH_ATTENTION] = { attention, G_N_ELEMENTS (attention), INPUT },
  [LACUNA_BRANCH_ATTENTION_OUT] = { attention_out, G_N_ELEMENTS (attention_out), 128 },
  [LACUNA_BRANCH_DECODER] = { decoder, G_N_ELEMENTS (decoder), 2 * 128 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (coarse) + G_N_ELEMENTS (dilated) + G_N_ELEMENTS (attention)
                     + G_N_ELEMENTS (attention_out) + G_N_ELEMENTS (decoder)
                 == LACUNA_N_LAYERS);

guint
lacuna_branch_get_first (LacunaBranch branch)
{
  guint first = 0;

  for (guint i = 0; i < branch; i++)
    first += branches[i].n_layers;
  return first;
}

/* The branch of layer i, and its place in that. */
static LacunaBranch
find_branch (guint i, guint *ret_place)
{
  guint branch = 0;

  for (; i >= branches[branch].n_layers; branch++)
    i -= branches[branch].n_layers;
  *ret_place = i;
  return branch;
}

const LacunaLayer *
lacuna_layer_get (guint i)
{
  guint place, branch = find_branch (i, &place);

  return &branches[branch].layers[place];
}

static guint
scale_channels (guint channels, guint width)
{
  return channels == INPUT || channels == RGB ? channels : channels * width / PAPER_WIDTH;
}

LacunaConvForm
lacuna_layer_get_form (guint i, LacunaNetwork network)
{
  guint place, branch = find_branch (i, &place);
  const LacunaLayer *layer = &branches[branch].layers[place];
  guint in = place == 0 ? branches[branch].in : layer[-1].channels;
  gboolean gated = network.architecture == LACUNA_ARCHITECTURE_V2;

  if (gated && in == INPUT && branch != LACUNA_BRANCH_COARSE)
    in = RGB;
  return (LacunaConvForm){
    .in = scale_channels (in, network.width),
    .out = scale_channels (layer->channels, network.width),
    .kernel = layer->kernel,
    .stride = layer->stride,
    .dilation = layer->dilation,
    .upsample = layer->upsample,
    .activation = gated ? gated_activations[layer->activation] : layer->activation,
  };
}

gboolean
lacuna_network_set_sums (LacunaNetwork *self, guint sums)
{
  const guint gates = self->architecture == LACUNA_ARCHITECTURE_V2 ? 2 : 1;

  if (sums == 0 || sums % (2 * gates) != 0 || sums > MOST_SUMS)
    return FALSE;
  self->width = sums / gates;
  return TRUE;
}

gboolean
lacuna_layer_reads_picture (guint i)
{
  guint place, branch = find_branch (i, &place);

  return place == 0 && branches[branch].in == INPUT;
}

gboolean
lacuna_layer_makes_picture (guint i)
{
  return lacuna_layer_get (i)->channels == RGB;
}

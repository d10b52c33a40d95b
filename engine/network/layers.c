#include "engine/network/layers.h"

#define ELU LACUNA_ACTIVATION_ELU
#define RELU LACUNA_ACTIVATION_RELU
#define NONE LACUNA_ACTIVATION_NONE

/* Widths, in halves. */
#define HALF 1
#define C 2
#define C2 4
#define C4 8
#define RGB 0

const LacunaLayer lacuna_layers[LACUNA_N_LAYERS] = {
  /* name                   k  s  d   up     channels */
  { "conv1",                5, 1, 1,  FALSE, C,    ELU },
  { "conv2_downsample",     3, 2, 1,  FALSE, C2,   ELU },
  { "conv3",                3, 1, 1,  FALSE, C2,   ELU },
  { "conv4_downsample",     3, 2, 1,  FALSE, C4,   ELU },
  { "conv5",                3, 1, 1,  FALSE, C4,   ELU },
  { "conv6",                3, 1, 1,  FALSE, C4,   ELU },
  { "conv7_atrous",         3, 1, 2,  FALSE, C4,   ELU },
  { "conv8_atrous",         3, 1, 4,  FALSE, C4,   ELU },
  { "conv9_atrous",         3, 1, 8,  FALSE, C4,   ELU },
  { "conv10_atrous",        3, 1, 16, FALSE, C4,   ELU },
  { "conv11",               3, 1, 1,  FALSE, C4,   ELU },
  { "conv12",               3, 1, 1,  FALSE, C4,   ELU },
  { "conv13_upsample",      3, 1, 1,  TRUE,  C2,   ELU },
  { "conv14",               3, 1, 1,  FALSE, C2,   ELU },
  { "conv15_upsample",      3, 1, 1,  TRUE,  C,    ELU },
  { "conv16",               3, 1, 1,  FALSE, HALF, ELU },
  { "conv17",               3, 1, 1,  FALSE, RGB,  NONE },

  { "xconv1",               5, 1, 1,  FALSE, C,    ELU },
  { "xconv2_downsample",    3, 2, 1,  FALSE, C,    ELU },
  { "xconv3",               3, 1, 1,  FALSE, C2,   ELU },
  { "xconv4_downsample",    3, 2, 1,  FALSE, C2,   ELU },
  { "xconv5",               3, 1, 1,  FALSE, C4,   ELU },
  { "xconv6",               3, 1, 1,  FALSE, C4,   ELU },
  { "xconv7_atrous",        3, 1, 2,  FALSE, C4,   ELU },
  { "xconv8_atrous",        3, 1, 4,  FALSE, C4,   ELU },
  { "xconv9_atrous",        3, 1, 8,  FALSE, C4,   ELU },
  { "xconv10_atrous",       3, 1, 16, FALSE, C4,   ELU },

  { "pmconv1",              5, 1, 1,  FALSE, C,    ELU },
  { "pmconv2_downsample",   3, 2, 1,  FALSE, C,    ELU },
  { "pmconv3",              3, 1, 1,  FALSE, C2,   ELU },
  { "pmconv4_downsample",   3, 2, 1,  FALSE, C4,   ELU },
  { "pmconv5",              3, 1, 1,  FALSE, C4,   ELU },
  { "pmconv6",              3, 1, 1,  FALSE, C4,   RELU },

  { "pmconv9",              3, 1, 1,  FALSE, C4,   ELU },
  { "pmconv10",             3, 1, 1,  FALSE, C4,   ELU },

  { "allconv11",            3, 1, 1,  FALSE, C4,   ELU },
  { "allconv12",            3, 1, 1,  FALSE, C4,   ELU },
  { "allconv13_upsample",   3, 1, 1,  TRUE,  C2,   ELU },
  { "allconv14",            3, 1, 1,  FALSE, C2,   ELU },
  { "allconv15_upsample",   3, 1, 1,  TRUE,  C,    ELU },
  { "allconv16",            3, 1, 1,  FALSE, HALF, ELU },
  { "allconv17",            3, 1, 1,  FALSE, RGB,  NONE },
};

static const guint first_layers[LACUNA_N_BRANCHES + 1] = { 0, 17, 27, 33, 35, LACUNA_N_LAYERS };
static const guint in_half_widths[LACUNA_N_BRANCHES] = { 0, 0, 0, C4, 2 * C4 };

guint
lacuna_branch_get_first (LacunaBranch branch)
{
  return first_layers[branch];
}

static guint
get_in_channels (guint i, guint width)
{
  for (guint branch = 0; branch < LACUNA_N_BRANCHES; branch++)
    if (first_layers[branch] == i)
      return in_half_widths[branch] == 0 ? 5 : in_half_widths[branch] * width / 2;
  return lacuna_layers[i - 1].half_widths * width / 2;
}

LacunaConvForm
lacuna_layer_get_form (guint i, guint width)
{
  const LacunaLayer *layer = &lacuna_layers[i];

  return (LacunaConvForm){
    .in = get_in_channels (i, width),
    .out = layer->half_widths == 0 ? 3 : layer->half_widths * width / 2,
    .kernel = layer->kernel,
    .stride = layer->stride,
    .dilation = layer->dilation,
    .upsample = layer->upsample,
    .activation = layer->activation,
  };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each step of the attention computes for one cell of the hole, as numbers and as textures. Values are computed
 * when they are first asked for, and owned until the query is freed; those of cells that are not known are 0. All of
 * it runs in the main loop. */
#include "app/view/attention/attention-query.h"

#include <math.h>

#include "app/view/attention/attention-texture.h"

#define CHANNELS 3
#define MASK_PLANE 4 /* index of the input's plane that is 1 in the hole */
#define PATCH 16     /* side of what is pasted, in pixels at the network's scale */
#define ENLARGED 96  /* side of what is drawn, in pixels, about */

struct _LacunaAttentionQuery {
  LacunaRegion *region;
  int           cell;
  float        *keys; /* 0 where a cell is not known */
  float         length;
  float        *values[LACUNA_N_ATTENTION_STEPS]; /* NULL: not asked for yet, or not kept */
};

static int
n_cells (const LacunaRegion *region)
{
  return lacuna_region_get_grid_width (region) * lacuna_region_get_grid_height (region);
}

LacunaAttentionQuery *
lacuna_attention_query_new (const LacunaRegion *region, int cell)
{
  LacunaAttentionQuery *self = g_new0 (LacunaAttentionQuery, 1);

  self->region = lacuna_region_ref ((LacunaRegion *) region);
  self->cell = cell;
  self->keys = lacuna_explain_keys (region);
  return self;
}

void
lacuna_attention_query_free (LacunaAttentionQuery *self)
{
  if (self == NULL)
    return;
  for (int step = 0; step < LACUNA_N_ATTENTION_STEPS; step++)
    g_free (self->values[step]);
  g_free (self->keys);
  lacuna_region_unref (self->region);
  g_free (self);
}

const LacunaRegion *
lacuna_attention_query_get_region (LacunaAttentionQuery *self)
{
  return self->region;
}

int
lacuna_attention_query_get_cell (LacunaAttentionQuery *self)
{
  return self->cell;
}

LacunaBox
lacuna_attention_query_get_box (LacunaAttentionQuery *self, LacunaAttentionStep step, int cell)
{
  return step == LACUNA_ATTENTION_STEP_PASTE ? lacuna_explain_get_patch (self->region, cell)
                                             : lacuna_explain_get_compared (self->region, cell);
}

static float *
make_values (LacunaAttentionQuery *self, LacunaAttentionStep step)
{
  float *values;

  if (step <= LACUNA_ATTENTION_STEP_SIMILARITY)
    values = lacuna_explain_similarity (self->region, self->cell, &self->length);
  else if (step == LACUNA_ATTENTION_STEP_PROPAGATION)
    values = lacuna_explain_propagation (self->region, self->cell);
  else
    values = lacuna_explain_shares (self->region, self->cell);
  for (int key = 0; values != NULL && key < n_cells (self->region); key++)
    if (self->keys[key] <= 0)
      values[key] = 0;
  return values;
}

const float *
lacuna_attention_query_get_values (LacunaAttentionQuery *self, LacunaAttentionStep step)
{
  if (self->values[step] == NULL)
    self->values[step] = make_values (self, step);
  return self->values[step];
}

int
lacuna_attention_query_get_range (LacunaAttentionQuery *self, LacunaAttentionStep step, float *ret_least,
                                  float *ret_largest)
{
  const float *values = lacuna_attention_query_get_values (self, step);
  int n = 0;

  *ret_least = *ret_largest = 0;
  for (int key = 0; values != NULL && key < n_cells (self->region); key++)
    if (self->keys[key] > 0)
      {
        *ret_least = n == 0 ? values[key] : MIN (*ret_least, values[key]);
        *ret_largest = n == 0 ? values[key] : MAX (*ret_largest, values[key]);
        n++;
      }
  return n;
}

float
lacuna_attention_query_get_length (LacunaAttentionQuery *self)
{
  lacuna_attention_query_get_values (self, LACUNA_ATTENTION_STEP_SIMILARITY);
  return self->length;
}

int
lacuna_attention_query_get_n_features (LacunaAttentionQuery *self)
{
  g_autoptr (GBytes) features = lacuna_region_dup_array (self->region, LACUNA_REGION_FEATURES);

  return features != NULL ? (int) (g_bytes_get_size (features) / sizeof (float)) / n_cells (self->region) : 0;
}

GdkTexture *
lacuna_attention_query_draw_values (LacunaAttentionQuery *self, LacunaAttentionStep step)
{
  const float *values = lacuna_attention_query_get_values (self, step);
  g_autofree float *spread = NULL;
  float least, largest;

  if (step == LACUNA_ATTENTION_STEP_PATCH || values == NULL)
    return NULL;
  if (step >= LACUNA_ATTENTION_STEP_SOFTMAX)
    return lacuna_attention_texture_new_where (self->region, values);
  lacuna_attention_query_get_range (self, step, &least, &largest);
  spread = g_new0 (float, n_cells (self->region));
  /* The values are squared, as lacuna_attention_texture_new_where() draws their roots. */
  for (int key = 0; key < n_cells (self->region) && largest > least; key++)
    if (self->keys[key] > 0)
      spread[key] = powf ((values[key] - least) / (largest - least), 2);
  return lacuna_attention_texture_new_where (self->region, spread);
}

/* Returns a texture of three planes of width×height samples in [-1, 1], in which each sample is a square of pixels. */
static GdkTexture *
enlarge (const float *planes, int width, int height)
{
  int factor = ENLARGED / MAX (width, height);
  gsize n = (gsize) width * height, row = CHANNELS * (gsize) width * factor;
  guint8 *rgb = g_malloc (row * height * factor);
  g_autoptr (GBytes) bytes = g_bytes_new_take (rgb, row * height * factor);

  for (int y = 0; y < height * factor; y++)
    for (int x = 0; x < width * factor; x++)
      for (int c = 0; c < CHANNELS; c++)
        {
          float value = planes[c * n + (gsize) (y / factor) * width + x / factor];

          rgb[y * row + CHANNELS * x + c] = lrintf (CLAMP ((value + 1) * 127.5f, 0, 255));
        }
  return gdk_memory_texture_new (width * factor, height * factor, GDK_MEMORY_R8G8B8, bytes, row);
}

/* Returns the part of one of the network's images that lies under a box of the photo; outside the hole it is the
 * input. */
static GdkTexture *
draw_part (LacunaAttentionQuery *self, LacunaRegionArray array, LacunaBox box)
{
  const LacunaBox *window = lacuna_region_get_box (self->region);
  guint halvings = lacuna_region_get_halvings (self->region);
  int width = box.width >> halvings, height = box.height >> halvings;
  int left = (box.x - window->x) >> halvings, top = (box.y - window->y) >> halvings;
  gsize n = lacuna_region_get_network_pixels (self->region), n_part = (gsize) width * height;
  g_autoptr (GBytes) input_bytes = lacuna_region_dup_array (self->region, LACUNA_REGION_INPUT);
  g_autoptr (GBytes) made_bytes = lacuna_region_dup_array (self->region, array);
  const float *input = g_bytes_get_data (input_bytes, NULL), *made = g_bytes_get_data (made_bytes, NULL);
  g_autofree float *planes = g_new (float, CHANNELS *n_part);

  for (gsize i = 0; i < n_part; i++)
    {
      gsize at = (gsize) (top + (int) (i / width)) * lacuna_region_get_width (self->region) + left + i % width;
      float mask = input[MASK_PLANE * n + at];

      for (int c = 0; c < CHANNELS; c++)
        planes[c * n_part + i] = made[c * n + at] * mask + input[c * n + at] * (1 - mask);
    }
  return enlarge (planes, width, height);
}

GdkTexture *
lacuna_attention_query_draw_read (LacunaAttentionQuery *self)
{
  return draw_part (self, LACUNA_REGION_COARSE, lacuna_explain_get_compared (self->region, self->cell));
}

GdkTexture *
lacuna_attention_query_draw_pasted (LacunaAttentionQuery *self)
{
  g_autofree float *planes = lacuna_explain_paste (self->region, self->cell);

  return planes != NULL ? enlarge (planes, PATCH, PATCH) : NULL;
}

GdkTexture *
lacuna_attention_query_draw_made (LacunaAttentionQuery *self)
{
  return draw_part (self, LACUNA_REGION_REFINED, lacuna_explain_get_patch (self->region, self->cell));
}

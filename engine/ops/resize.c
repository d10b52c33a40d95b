/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/resize.h"

#include <math.h>

void
lacuna_resize_kept_rows (guint size, guint out, guint *kept)
{
  float scale = (float) (size - 1) / (float) MAX (out - 1, 1);

  for (guint i = 0; i < out; i++)
    kept[i] = (guint) roundf ((float) i * scale);
}

float *
lacuna_resize_mask (const float *mask, guint height, guint width, guint rate)
{
  guint out_height = height / rate, out_width = width / rate;
  g_autofree guint *rows = g_new (guint, out_height);
  g_autofree guint *columns = g_new (guint, out_width);
  float *out = g_new (float, (gsize) out_height *out_width);

  lacuna_resize_kept_rows (height, out_height, rows);
  lacuna_resize_kept_rows (width, out_width, columns);
  for (guint y = 0; y < out_height; y++)
    {
      for (guint x = 0; x < out_width; x++)
        out[(gsize) y * out_width + x] = mask[(gsize) rows[y] * width + columns[x]];
    }
  return out;
}

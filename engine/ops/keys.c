/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/keys.h"

#include "engine/ops/resize.h"

void
lacuna_keys_find_valid (const float *mask, guint gh, guint gw, float *valid)
{
  const gint height = (gint) gh, width = (gint) gw;
  g_autofree float *halved = lacuna_resize_mask (mask, gh * 2, gw * 2, 2);

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      {
        gboolean hole = FALSE;

        for (gint v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
          for (gint u = MAX (x - 1, 0); u <= MIN (x + 1, width - 1); u++)
            hole |= halved[v * width + u] != 0.0f;
        valid[y * width + x] = hole ? 0.0f : 1.0f;
      }
}

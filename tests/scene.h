/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

#include "tests/picture.h"

/* Pictures that are filled with the tiny model. */

#define WIDTH 600
#define HEIGHT 420

static inline LacunaMask *
scene_mask (LacunaBox box)
{
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);

  for (int y = box.y; y < box.y + box.height; y++)
    memset (pixels + y * WIDTH + box.x, 255, box.width);
  return lacuna_mask_new (WIDTH, HEIGHT, pixels);
}

/* options: without a model. */
static inline LacunaFill *
scene_fill (LacunaEngine *engine, PictureFunc picture, LacunaBox box, LacunaFillOptions options,
              LacunaFillProgressFunc progress, gpointer data, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture);
  g_autoptr (LacunaMask) mask = scene_mask (box);

  options.model = model;
  return lacuna_engine_fill (engine, photo, mask, &options, progress, data, NULL, error);
}

static inline double
scene_slope (double x)
{
  return 190.0 + 0.35 * (x - WIDTH / 2);
}

/* Two grainy grounds, of which the lower one begins at y = edge (x). */
static inline double
scene_ground (double (*edge) (double), int x, int y, int channel)
{
  static const double grounds[2][3] = { { 170.0, 190.0, 220.0 }, { 90.0, 140.0, 70.0 } };
  guint hash = (x * 73856093u) ^ (y * 19349663u) ^ (channel * 83492791u);

  hash = (hash ^ hash >> 13) * 0x2c1b3c6du;
  return grounds[y >= edge (x)][channel] + (hash >> 16) % 21;
}

static inline double
scene_picture_slope (int x, int y, int channel)
{
  return scene_ground (scene_slope, x, y, channel);
}

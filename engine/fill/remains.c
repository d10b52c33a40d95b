/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells by colours what remains of a thing around its hole, at the network's scale: known pixels within BAND of the hole
 * that are unlike all that is known near by and farther from the hole. What goes on beyond the band, such as a wire, is
 * none of it. What is found is joined to the hole by others that are. What the hole hides is not looked at. */
#include "engine/fill/remains.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/region-private.h"
#include "engine/fill/window.h"
#include "engine/photo/samples.h"

#define CHANNELS 3
#define BAND 3            /* pixels from the hole, by rows and columns, */
#define REACH 8           /* and to what is known farther off */
/* How unlike to that: at least 15 levels and four standard deviations of it, and no more than 70 levels are asked for. */
#define LEAST_DIFFERENCE (15.0f / 127.5f)
#define DEVIATIONS 4.0f
#define MOST_DIFFERENCE (70.0f / 127.5f)

typedef enum { KNOWN, NEAR, REMAINS, HOLE } State; /* of a pixel; NEAR: known, in the band */

typedef struct {
  int width, height;
  float *image;   /* planes */
  guint8 *states; /* a State each */
} Picture;

static void
picture_clear (Picture *self)
{
  g_free (self->image);
  g_free (self->states);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

/* Whether a pixel within radius of a place is in one of two states. */
static gboolean
has_near (const Picture *self, int x, int y, int radius, State one, State other)
{
  for (int v = MAX (y - radius, 0); v <= MIN (y + radius, self->height - 1); v++)
    for (int u = MAX (x - radius, 0); u <= MIN (x + radius, self->width - 1); u++)
      {
        State state = self->states[(gsize) v * self->width + u];

        if (state == one || state == other)
          return TRUE;
      }
  return FALSE;
}

static gboolean
picture_init (Picture *self, LacunaPhoto *photo, LacunaMask *unknown, const LacunaRegion *region)
{
  gsize n = (gsize) region->width * region->height;
  g_autofree float *hole = g_try_new (float, n);

  *self = (Picture){ region->width, region->height, lacuna_photo_read_window (photo, region->box, region->halvings),
                     g_try_malloc (n) };
  if (hole == NULL || self->image == NULL || self->states == NULL)
    return FALSE;
  lacuna_window_read_mask (unknown, region->box, region->halvings, hole);
  for (gsize i = 0; i < n; i++)
    self->states[i] = hole[i] > 0.0f ? HOLE : KNOWN;
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      if (self->states[(gsize) y * self->width + x] == KNOWN && has_near (self, x, y, BAND, HOLE, HOLE))
        self->states[(gsize) y * self->width + x] = NEAR;
  return TRUE;
}

static float
get_difference (const Picture *self, gsize a, gsize b)
{
  gsize n = (gsize) self->width * self->height;
  float most = 0.0f;

  for (int c = 0; c < CHANNELS; c++)
    most = MAX (most, fabsf (self->image[c * n + a] - self->image[c * n + b]));
  return most;
}

/* What is known around a place, beyond the band. */
typedef struct {
  guint n;
  float least; /* difference to the place */
  float sum[CHANNELS], squares[CHANNELS];
} Surroundings;

static void
add_known (const Picture *self, gsize at, gsize i, Surroundings *surroundings)
{
  gsize n = (gsize) self->width * self->height;

  surroundings->n++;
  surroundings->least = MIN (surroundings->least, get_difference (self, at, i));
  for (int c = 0; c < CHANNELS; c++)
    {
      surroundings->sum[c] += self->image[c * n + i];
      surroundings->squares[c] += self->image[c * n + i] * self->image[c * n + i];
    }
}

/* Returns the standard deviation, of the channel where it is greatest. */
static float
get_deviation (const Surroundings *self)
{
  float most = 0.0f;

  for (int c = 0; c < CHANNELS; c++)
    {
      float mean = self->sum[c] / self->n;

      most = MAX (most, self->squares[c] / self->n - mean * mean);
    }
  return sqrtf (most);
}

static gboolean
is_remains (const Picture *self, int x, int y)
{
  gsize at = (gsize) y * self->width + x;
  Surroundings surroundings = { .least = INFINITY };

  for (int v = MAX (y - REACH, 0); v <= MIN (y + REACH, self->height - 1); v++)
    for (int u = MAX (x - REACH, 0); u <= MIN (x + REACH, self->width - 1); u++)
      if (self->states[(gsize) v * self->width + u] == KNOWN)
        add_known (self, at, (gsize) v * self->width + u, &surroundings);
  return surroundings.n > 0
         && surroundings.least >= MIN (LEAST_DIFFERENCE + DEVIATIONS * get_deviation (&surroundings), MOST_DIFFERENCE);
}

/* Finds what remains, from the hole outwards. Returns whether there is any. */
static gboolean
find (Picture *self)
{
  gboolean found = FALSE;

  for (int round = 0; round < BAND; round++)
    for (int y = 0; y < self->height; y++)
      for (int x = 0; x < self->width; x++)
        if (self->states[(gsize) y * self->width + x] == NEAR && has_near (self, x, y, 1, REMAINS, HOLE)
            && is_remains (self, x, y))
          {
            self->states[(gsize) y * self->width + x] = REMAINS;
            found = TRUE;
          }
  return found;
}

/* Marks the photo's pixels of what remains, and those around it in blocks that the hole takes a part of. */
static void
mark (const Picture *self, const LacunaRegion *region, int width, int height, guint8 *pixels)
{
  int side = 1 << region->halvings;

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      {
        LacunaBox block = { region->box.x + x * side, region->box.y + y * side, side, side };

        if (self->states[(gsize) y * self->width + x] < REMAINS || !has_near (self, x, y, 1, REMAINS, REMAINS))
          continue;
        block = lacuna_box_intersection (block, (LacunaBox){ 0, 0, width, height });
        for (int v = block.y; v < block.y + block.height; v++)
          memset (pixels + (gsize) v * width + block.x, 255, block.width);
      }
}

/* Marks what remains around one region in *pixels, which is made of unknown where it is not yet. FALSE: no memory. */
static gboolean
add_region (LacunaPhoto *photo, const LacunaRegion *region, LacunaMask *unknown, guint8 **pixels)
{
  int width = lacuna_mask_get_width (unknown), height = lacuna_mask_get_height (unknown);
  g_auto (Picture) picture = { 0 };

  if (!picture_init (&picture, photo, unknown, region))
    return FALSE;
  if (!find (&picture))
    return TRUE;
  if (*pixels == NULL)
    {
      *pixels = g_try_malloc_n (height, width);
      if (*pixels == NULL)
        return FALSE;
      memcpy (*pixels, lacuna_mask_get_pixels (unknown), (gsize) width * height);
    }
  mark (&picture, region, width, height, *pixels);
  return TRUE;
}

LacunaMask *
lacuna_remains_unite (LacunaPhoto *photo, GPtrArray *regions, LacunaMask *unknown, GError **error)
{
  g_autofree guint8 *pixels = NULL;
  LacunaMask *united = NULL;
  gboolean done = TRUE;

  for (guint i = 0; i < regions->len && done; i++)
    done = add_region (photo, regions->pdata[i], unknown, &pixels);
  if (done && pixels == NULL)
    return lacuna_mask_ref (unknown);
  if (done)
    united = lacuna_mask_new (lacuna_mask_get_width (unknown), lacuna_mask_get_height (unknown), pixels);
  if (united == NULL)
    lacuna_error_set_memory (error, _ ("what remains around the holes"));
  return united;
}

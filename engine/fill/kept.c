/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/kept.h"

#include <string.h>

#define CHANNELS 3
#define MOST_WINDOWS 4 /* some 40 MB each */

typedef struct {
  int            width, height;
  LacunaBox      computed;
  float         *input;  /* LACUNA_N_PLANES×height×width */
  float         *coarse; /* 3×height×width */
  LacunaFeatures features;
  LacunaDetailBase detail;
  gboolean       used;   /* by the fill at hand */
} Window;

struct _LacunaKept {
  GPtrArray *windows; /* of Window */
};

static void
window_free (gpointer data)
{
  Window *self = data;

  g_free (self->input);
  g_free (self->coarse);
  lacuna_features_clear (&self->features);
  lacuna_detail_base_clear (&self->detail);
  g_free (self);
}

LacunaKept *
lacuna_kept_new (void)
{
  LacunaKept *self = g_new0 (LacunaKept, 1);

  self->windows = g_ptr_array_new_with_free_func (window_free);
  return self;
}

void
lacuna_kept_free (LacunaKept *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->windows);
  g_free (self);
}

void
lacuna_kept_begin (LacunaKept *self)
{
  for (guint i = self->windows->len; i-- > 0;)
    {
      Window *window = self->windows->pdata[i];

      if (window->used)
        window->used = FALSE;
      else
        g_ptr_array_remove_index (self->windows, i);
    }
}

static float *
copy (const float *values, gsize n)
{
  float *copied = g_try_new (float, n);

  return copied != NULL ? memcpy (copied, values, n * sizeof *values) : NULL;
}

static gboolean
is_of (const Window *self, const LacunaRegion *region)
{
  return self->width == region->width && self->height == region->height
         && memcmp (&self->computed, &region->computed, sizeof self->computed) == 0
         && memcmp (self->input, region->input, LACUNA_N_PLANES * sizeof (float) * self->width * self->height) == 0;
}

static Window *
find (LacunaKept *self, const LacunaRegion *region)
{
  for (guint i = 0; i < self->windows->len; i++)
    if (is_of (self->windows->pdata[i], region))
      return self->windows->pdata[i];
  return NULL;
}

LacunaFeatures *
lacuna_kept_open (LacunaKept *self, LacunaRegion *region)
{
  gsize n = (gsize) region->width * region->height;
  Window *window = find (self, region);

  if (window != NULL && (region->coarse = copy (window->coarse, CHANNELS * n)) == NULL)
    return NULL;
  if (window == NULL)
    {
      float *input = self->windows->len < MOST_WINDOWS ? copy (region->input, LACUNA_N_PLANES * n) : NULL;

      if (input == NULL)
        return NULL;
      window = g_new0 (Window, 1);
      *window = (Window){ region->width, region->height, region->computed, input };
      g_ptr_array_add (self->windows, window);
    }
  window->used = TRUE;
  return &window->features;
}

void
lacuna_kept_close (LacunaKept *self, const LacunaRegion *region)
{
  Window *window = find (self, region);

  if (window == NULL || window->coarse != NULL)
    return;
  if (region->refined != NULL && window->features.attention != NULL)
    window->coarse = copy (region->coarse, CHANNELS * (gsize) region->width * region->height);
  if (window->coarse == NULL)
    g_ptr_array_remove_fast (self->windows, window);
}

LacunaDetailBase *
lacuna_kept_get_detail (LacunaKept *self, const LacunaRegion *region)
{
  Window *window = find (self, region);

  return window != NULL ? &window->detail : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings what the user wants avoided or preferred to one region: as a freedom from 0 to 1 for each key of the
 * attention, and as a weight for each pixel of the detail. Masks and lines are borrowed from the fill's options. A wish
 * that a window can't follow is weakened and told in a note; that nothing remains to copy from is an error. It runs on
 * the engine's thread. */
#include "engine/fill/steering.h"

#include <glib/gi18n-lib.h>

#include "engine/error.h"
#include "engine/fill/explain.h"
#include "engine/fill/window.h"
#include "engine/network/generator.h"

#define DETAIL_SIDE (2 * LACUNA_PATCH_RADIUS + 1) /* of its patches */
#define LEAST_SOURCES 16 /* of them, to copy from nothing else */
#define ALMOST 0.98f     /* pull where there are fewer */

static gboolean
check_size (LacunaMask *steering, const char *what, LacunaMask *mask, GError **error)
{
  int width = lacuna_mask_get_width (mask), height = lacuna_mask_get_height (mask);

  if (steering == NULL || (lacuna_mask_get_width (steering) == width && lacuna_mask_get_height (steering) == height))
    return TRUE;
  /* TRANSLATORS: begins with “What is to be avoided” or “What is preferred” */
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("%s was marked on %d×%d pixels and the hole on %d×%d: mark both on one photo."), what,
               lacuna_mask_get_width (steering), lacuna_mask_get_height (steering), width, height);
  return FALSE;
}

gboolean
lacuna_steering_init (LacunaSteering *self, const LacunaFillOptions *options, LacunaMask *mask, GError **error)
{
  if (!check_size (options->avoid, _ ("What is to be avoided"), mask, error)
      || !check_size (options->prefer, _ ("What is preferred"), mask, error))
    return FALSE;
  if (!(options->strength >= 0.0 && options->strength <= 1.0))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("The strength of what is preferred is from 0 to 1, not %g."), options->strength);
      return FALSE;
    }
  if (options->lines != NULL && options->without_detail)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("Lines are followed at full resolution alone: fill with the detail."));
      return FALSE;
    }
  if (options->transforms != 0 && options->without_detail)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("What is copied is turned, mirrored or scaled at full resolution alone: fill with the detail."));
      return FALSE;
    }
  if (options->variant == LACUNA_FILL_WITHOUT_GUIDE && options->without_detail)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("Variant %d differs at full resolution alone: fill with the detail, or choose another one."),
                   LACUNA_FILL_WITHOUT_GUIDE);
      return FALSE;
    }
  *self = (LacunaSteering){ .lines = options->lines,
                            .transforms = options->transforms,
                            .without_guide = options->variant == LACUNA_FILL_WITHOUT_GUIDE,
                            .pull = (float) (options->strength * options->strength) };
  /* A mask that marks nothing asks for nothing. */
  if (options->avoid != NULL && lacuna_mask_get_n_hole (options->avoid) > 0)
    self->avoid = options->avoid;
  if (options->strength > 0.0 && options->prefer != NULL && lacuna_mask_get_n_hole (options->prefer) > 0)
    self->prefer = options->prefer;
  return TRUE;
}

static guint64
count_pixels (LacunaMask *mask)
{
  return mask != NULL ? lacuna_mask_get_n_hole (mask) : 0;
}

GVariant *
lacuna_steering_describe (const LacunaFillOptions *options)
{
  guint64 n_preferred = options->strength > 0.0 ? count_pixels (options->prefer) : 0;
  guint64 n_lines = options->lines != NULL ? g_variant_n_children (options->lines) : 0;

  return g_variant_new_parsed ("{'avoided': <%t>, 'preferred': <%t>, 'strength': <%d>, 'lines': <%t>, 'variant': <%t>}",
                               count_pixels (options->avoid), n_preferred, n_preferred > 0 ? options->strength : 0.0,
                               n_lines, (guint64) options->variant);
}

/* Counts the detail's patches within the window that lie wholly in what is preferred, known and not to be avoided. -1:
 * no memory. */
static gint64
count_preferred (const LacunaSteering *self, const LacunaRegion *region, LacunaMask *unknown)
{
  int width = lacuna_mask_get_width (unknown);
  LacunaBox box = lacuna_box_intersection (region->box, (LacunaBox){ 0, 0, width, lacuna_mask_get_height (unknown) });
  g_autofree int *rows = g_try_new0 (int, box.width); /* whose last DETAIL_SIDE pixels will do, up to the one at hand */
  gint64 n = 0;

  if (rows == NULL)
    return -1;
  for (int y = box.y; y < box.y + box.height; y++)
    for (int x = 0, run = 0; x < box.width; x++)
      {
        gsize i = (gsize) y * width + box.x + x;
        gboolean known = lacuna_mask_get_pixels (unknown)[i] == 0;

        run = known && lacuna_steering_weigh (self, i) == LACUNA_KNOWN ? run + 1 : 0;
        rows[x] = run >= DETAIL_SIDE ? rows[x] + 1 : 0;
        n += rows[x] >= DETAIL_SIDE;
      }
  return n;
}

void
lacuna_steering_widen (const LacunaSteering *self, LacunaRegion *region, LacunaMask *unknown)
{
  if (self->prefer != NULL && count_preferred (self, region, unknown) < LEAST_SOURCES)
    lacuna_region_widen (region, *lacuna_mask_get_bounds (self->prefer), lacuna_mask_get_width (unknown),
                         lacuna_mask_get_height (unknown));
}

gboolean
lacuna_steering_fit (const LacunaSteering *self, const LacunaRegion *region, LacunaMask *unknown,
                     LacunaSteering *ret_fitted, char **ret_note, GError **error)
{
  gint64 n = self->prefer != NULL ? count_preferred (self, region, unknown) : 0;

  if (n < 0)
    {
      lacuna_error_set_memory (error, _ ("what is preferred"));
      return FALSE;
    }
  *ret_fitted = *self;
  *ret_note = NULL;
  if (self->prefer == NULL)
    return TRUE;
  if (n == 0)
    {
      ret_fitted->prefer = NULL;
      *ret_note = g_strdup_printf (
          _ ("A hole of %d×%d pixels is filled as if nothing were preferred: the window around it has no piece of what "
             "is, or none of %d×%d pixels. Mark more, or nearer to it."),
          region->hole.width, region->hole.height, DETAIL_SIDE, DETAIL_SIDE);
    }
  else if (n < LEAST_SOURCES && self->pull > ALMOST)
    {
      ret_fitted->pull = ALMOST;
      *ret_note = g_strdup_printf (_ ("A hole of %d×%d pixels is not filled from what is preferred alone, which is too "
                                      "small. Mark more."),
                                   region->hole.width, region->hole.height);
    }
  return TRUE;
}

/* Bars keys: of the known ones, which are 1, those near anything to be avoided become 0. */
static void
bar_avoided (const LacunaRegion *region, const float *avoid, float *keys)
{
  int columns = region->grid_width, rows = region->grid_height;

  for (int y = 0; y < region->height; y++)
    for (int x = 0; x < region->width; x++)
      if (avoid[(gsize) y * region->width + x] != 0.0f)
        for (int v = MAX (y / LACUNA_CELL - 1, 0); v <= MIN (y / LACUNA_CELL + 1, rows - 1); v++)
          for (int u = MAX (x / LACUNA_CELL - 1, 0); u <= MIN (x / LACUNA_CELL + 1, columns - 1); u++)
            keys[v * columns + u] = 0.0f;
}

/* Returns how much of a key's patch is preferred, as far as that lies in the photo: 2 all of it, 1 some of it, 0
 * nothing. */
static guint8
judge_patch (const LacunaSteering *self, const LacunaRegion *region, int key)
{
  int width = lacuna_mask_get_width (self->prefer);
  LacunaBox patch = lacuna_box_intersection (lacuna_explain_get_patch (region, key),
                                             (LacunaBox){ 0, 0, width, lacuna_mask_get_height (self->prefer) });
  gsize n = 0;

  for (int y = patch.y; y < patch.y + patch.height; y++)
    for (int x = patch.x; x < patch.x + patch.width; x++)
      n += lacuna_mask_get_pixels (self->prefer)[(gsize) y * width + x] != 0;
  return (n > 0) + (n > 0 && n == (gsize) patch.width * patch.height);
}

/* Lessens the freedom of keys whose patch is not all preferred or, where no key's patch is, of those without any of
 * it. */
static void
lessen_others (const LacunaSteering *self, const LacunaRegion *region, float *keys)
{
  int n = region->grid_width * region->grid_height;
  g_autofree guint8 *judged = g_new (guint8, n);
  guint8 best = 0;

  for (int k = 0; k < n; k++)
    {
      judged[k] = judge_patch (self, region, k);
      if (keys[k] > 0.0f)
        best = MAX (best, judged[k]);
    }
  for (int k = 0; k < n; k++)
    if (judged[k] < best)
      keys[k] *= 1.0f - self->pull;
}

static gboolean
has_any (const float *values, int n)
{
  while (n > 0 && values[n - 1] == 0.0f)
    n--;
  return n > 0;
}

static void
refuse (const LacunaRegion *region, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("A hole of %d×%d pixels can't be filled: all around it is to be avoided, and nothing is left to copy "
                  "from. Take some of that back."),
               region->hole.width, region->hole.height);
}

float *
lacuna_steering_weigh_keys (const LacunaSteering *self, const LacunaRegion *region, LacunaMask *unknown, GError **error)
{
  int n_keys = region->grid_width * region->grid_height;
  g_autofree float *keys = NULL;
  g_autofree float *marked = g_try_new (float, (gsize) region->width * region->height);
  gboolean any;

  if (marked == NULL)
    {
      lacuna_error_set_memory (error, _ ("what is to be avoided"));
      return NULL;
    }
  lacuna_window_read_mask (unknown, region->box, region->halvings, marked);
  keys = lacuna_generator_find_keys (marked, region->height, region->width);
  any = has_any (keys, n_keys);
  if (self->avoid != NULL)
    {
      lacuna_window_read_mask (self->avoid, region->box, region->halvings, marked);
      bar_avoided (region, marked, keys);
    }
  if (any && !has_any (keys, n_keys))
    {
      refuse (region, error);
      return NULL;
    }
  if (self->prefer != NULL)
    lessen_others (self, region, keys);
  return g_steal_pointer (&keys);
}

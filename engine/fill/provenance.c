/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traces each filled pixel to the pixels of the photo that it is a copy of. Regions are gone through in the order of
 * pasting: each scales what is there by 1 - share and adds its own, so that a filled pixel's weights and invented share
 * sum to 1; until find_correction `correction` holds the pixel itself. A provenance does not change once it is
 * returned. It is made on the caller's thread: the command line's main thread, or a worker of the window; any thread
 * reads it. */
#include "engine/fill/provenance-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/explain.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"

#define CHANNELS 3

G_DEFINE_BOXED_TYPE (LacunaProvenance, lacuna_provenance, lacuna_provenance_ref, lacuna_provenance_unref)

/* What is traced, a region after the other. The correction holds the pixels' values until the end. */
typedef struct {
  LacunaProvenance *provenance;
  LacunaPhoto      *photo;   /* NULL: only where they come from is traced */
  gsize             n;       /* pixels of the box */
  guint8           *n_found; /* sources of each pixel */
  guint8           *touched; /* 1 where a region has a share */
} Trace;

static void
clear (gpointer data)
{
  LacunaProvenance *self = data;

  g_free (self->offsets);
  g_free (self->weights);
  g_free (self->invented);
  g_free (self->correction);
  g_free (self->trust);
  g_free (self->transforms);
  g_free (self->fit);
}

LacunaProvenance *
lacuna_provenance_ref (LacunaProvenance *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
lacuna_provenance_unref (LacunaProvenance *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

const LacunaBox *
lacuna_provenance_get_box (LacunaProvenance *self)
{
  return &self->box;
}

guint
lacuna_provenance_get_n_sources (LacunaProvenance *self)
{
  return self->n_sources;
}

GBytes *
lacuna_provenance_dup_array (LacunaProvenance *self, LacunaProvenanceArray array)
{
  gsize n = (gsize) self->box.width * self->box.height;
  const struct {
    gconstpointer data;
    gsize size;
  } arrays[] = {
    [LACUNA_PROVENANCE_OFFSETS] = { self->offsets, 2 * n * self->n_sources * sizeof (gint16) },
    [LACUNA_PROVENANCE_WEIGHTS] = { self->weights, n * self->n_sources * sizeof (float) },
    [LACUNA_PROVENANCE_INVENTED] = { self->invented, n * sizeof (float) },
    [LACUNA_PROVENANCE_CORRECTION] = { self->correction, CHANNELS * n * sizeof (float) },
    [LACUNA_PROVENANCE_TRUST] = { self->trust, n * sizeof (float) },
    [LACUNA_PROVENANCE_TRANSFORMS] = { self->transforms, n * self->n_sources },
  };

  g_return_val_if_fail (array <= LACUNA_PROVENANCE_TRANSFORMS, NULL);
  if (arrays[array].data == NULL)
    return NULL;
  return g_bytes_new_with_free_func (arrays[array].data, arrays[array].size, (GDestroyNotify) lacuna_provenance_unref,
                                     lacuna_provenance_ref (self));
}

/* Returns the number of the photo's pixel (x, y) within the box. */
static gsize
get_place (const LacunaProvenance *self, int x, int y)
{
  return (gsize) (y - self->box.y) * self->box.width + x - self->box.x;
}

/* Returns the most sources that a pixel has: one of each region that has a share, since the last that took all of it;
 * and itself, where none did. */
static guint
count_sources (Trace *self, LacunaFill *fill)
{
  guint most = 1;

  for (guint r = 0; r < lacuna_fill_get_n_regions (fill); r++)
    {
      const LacunaRegion *region = lacuna_fill_get_region (fill, r);
      LacunaBox part = lacuna_box_intersection (region->hole, self->provenance->box);

      for (int y = part.y; y < part.y + part.height; y++)
        for (int x = part.x; x < part.x + part.width; x++)
          {
            gsize i = get_place (self->provenance, x, y);
            guint8 share = region->mask[(gsize) (y - region->hole.y) * region->hole.width + x - region->hole.x];

            if (share == 0)
              continue;
            self->n_found[i] = share == 255 ? 1 : MAX (self->n_found[i], 1) + 1;
            most = MAX (most, self->n_found[i]);
          }
    }
  return most;
}

static void
add_source (Trace *self, gsize i, int dx, int dy, float weight, guint8 transform)
{
  LacunaProvenance *provenance = self->provenance;
  gsize k = self->n_found[i]++;

  g_assert (k < provenance->n_sources);
  provenance->offsets[2 * k * self->n + i] = (gint16) dx;
  provenance->offsets[(2 * k + 1) * self->n + i] = (gint16) dy;
  provenance->weights[k * self->n + i] = weight;
  provenance->transforms[k * self->n + i] = transform;
}

/* Leaves 1 - share of what there is at pixel i, which is the photo's own (at) where no region had a share yet. */
static void
fade (Trace *self, gsize i, gsize at, float share)
{
  LacunaProvenance *provenance = self->provenance;

  if (!self->touched[i] && share < 1.0f)
    {
      add_source (self, i, 0, 0, 1.0f, LACUNA_TRANSFORMED_NOT);
      for (int c = 0; self->photo != NULL && c < CHANNELS; c++)
        provenance->correction[c * self->n + i] = lacuna_render_read_colour (self->photo, at, c);
    }
  self->touched[i] = 1;
  for (guint k = 0; k < self->n_found[i]; k++)
    provenance->weights[k * self->n + i] *= 1.0f - share;
  if (share == 1.0f)
    self->n_found[i] = 0;
  provenance->invented[i] *= 1.0f - share;
  for (int c = 0; self->photo != NULL && c < CHANNELS; c++)
    provenance->correction[c * self->n + i] *= 1.0f - share;
}

/* Adds where pixel i comes from that has the number own in the region's hole. */
static void
add_share (Trace *self, const LacunaRegion *region, gsize i, gsize own, float share)
{
  gsize n_hole = (gsize) region->hole.width * region->hole.height;

  if (region->offsets != NULL)
    add_source (self, i, region->offsets[own], region->offsets[n_hole + own], share,
                region->transforms != NULL ? region->transforms[own] : LACUNA_TRANSFORMED_NOT);
  else
    self->provenance->invented[i] += share;
}

/* rgb: a row of the region's hole, three planes that lie plane floats apart. trust: of the region. Both are NULL where
 * there is no photo. */
static void
add_row (Trace *self, const LacunaRegion *region, const float *trust, int y, const float *rgb, gsize plane)
{
  LacunaProvenance *provenance = self->provenance;
  LacunaBox part = lacuna_box_intersection (region->hole, provenance->box);

  for (int x = part.x; x < part.x + part.width; x++)
    {
      gsize own = (gsize) (y - region->hole.y) * region->hole.width + x - region->hole.x;
      gsize i = get_place (provenance, x, y);
      float share = region->mask[own] / 255.0f;

      if (share == 0.0f)
        continue;
      fade (self, i, (gsize) y * provenance->photo_width + x, share);
      add_share (self, region, i, own, share);
      if (rgb == NULL)
        continue;
      for (int c = 0; c < CHANNELS; c++)
        provenance->correction[c * self->n + i] += share * rgb[c * plane + x - region->hole.x];
      provenance->trust[i] += share * (trust[own] - provenance->trust[i]);
      if (provenance->fit != NULL && region->fit != NULL)
        provenance->fit[i] = region->fit[own];
    }
}

/* Adds the part of a region that lies in the box, with its pixels. */
static gboolean
add_part (Trace *self, const LacunaRegion *region, LacunaBox part)
{
  g_autoptr (LacunaRender) render = NULL;
  g_autofree float *rgb = NULL, *trust = NULL;
  gsize plane;
  int strip;

  render = lacuna_render_new (region, self->photo, LACUNA_STAGE_DETAIL);
  if (render == NULL)
    return FALSE;
  strip = MIN (lacuna_render_get_strip (render), part.height);
  plane = (gsize) strip * region->hole.width;
  rgb = g_try_new (float, CHANNELS *plane);
  trust = lacuna_explain_trust (region, self->photo);
  if (rgb == NULL || trust == NULL)
    return FALSE;
  for (int y = part.y; y < part.y + part.height; y += strip)
    {
      int n_rows = MIN (strip, part.y + part.height - y);

      if (!lacuna_render_rows (render, y - region->hole.y, n_rows, rgb, plane))
        return FALSE;
      for (int row = 0; row < n_rows; row++)
        add_row (self, region, trust, y + row, rgb + (gsize) row * region->hole.width, plane);
    }
  return TRUE;
}

static gboolean
add_region (Trace *self, const LacunaRegion *region)
{
  LacunaBox part = lacuna_box_intersection (region->hole, self->provenance->box);

  if (part.width == 0 || part.height == 0)
    return TRUE;
  if (self->photo != NULL)
    return add_part (self, region, part);
  for (int y = part.y; y < part.y + part.height; y++)
    add_row (self, region, NULL, y, NULL, 0);
  return TRUE;
}

/* Turns the pixels' values into corrections: subtracts the weighted samples of their sources. */
static void
find_correction (Trace *self)
{
  LacunaProvenance *provenance = self->provenance;

  for (gsize i = 0; i < self->n; i++)
    for (guint k = 0; k < self->n_found[i]; k++)
      {
        int x = provenance->box.x + (int) (i % provenance->box.width) + provenance->offsets[2 * k * self->n + i];
        int y = provenance->box.y + (int) (i / provenance->box.width) + provenance->offsets[(2 * k + 1) * self->n + i];
        gsize at = (gsize) y * provenance->photo_width + x;

        for (int c = 0; c < CHANNELS; c++)
          provenance->correction[c * self->n + i]
              -= provenance->weights[k * self->n + i] * lacuna_render_read_colour (self->photo, at, c);
      }
}

static gboolean
has_fit (LacunaFill *fill)
{
  for (guint i = 0; i < lacuna_fill_get_n_regions (fill); i++)
    if (lacuna_fill_get_region (fill, i)->fit != NULL)
      return TRUE;
  return FALSE;
}

/* Makes the arrays that tell of pixels and not only where they come from. */
static gboolean
make_measures (Trace *self, gboolean fit)
{
  LacunaProvenance *provenance = self->provenance;

  provenance->correction = g_try_new0 (float, CHANNELS * self->n);
  provenance->trust = g_try_new0 (float, self->n);
  provenance->fit = fit ? g_try_new0 (float, self->n) : NULL;
  return provenance->correction != NULL && provenance->trust != NULL && (provenance->fit != NULL || !fit);
}

static gboolean
make_arrays (Trace *self, LacunaFill *fill)
{
  LacunaProvenance *provenance = self->provenance;

  self->n_found = g_try_new0 (guint8, self->n);
  self->touched = g_try_new0 (guint8, self->n);
  if (self->n_found == NULL || self->touched == NULL)
    return FALSE;
  provenance->n_sources = count_sources (self, fill);
  memset (self->n_found, 0, self->n);
  provenance->offsets = g_try_new0 (gint16, 2 * self->n * provenance->n_sources);
  provenance->weights = g_try_new0 (float, self->n * provenance->n_sources);
  provenance->invented = g_try_new0 (float, self->n);
  provenance->transforms = g_try_new0 (guint8, self->n * provenance->n_sources);
  return provenance->offsets != NULL && provenance->weights != NULL && provenance->invented != NULL
         && provenance->transforms != NULL && (self->photo == NULL || make_measures (self, has_fit (fill)));
}

static gboolean
trace (Trace *self, LacunaFill *fill)
{
  if (!make_arrays (self, fill))
    return FALSE;
  for (guint i = 0; i < lacuna_fill_get_n_regions (fill); i++)
    if (!add_region (self, lacuna_fill_get_region (fill, i)))
      return FALSE;
  if (self->photo != NULL)
    find_correction (self);
  return TRUE;
}

static gboolean
is_within (const LacunaBox *box, int width, int height)
{
  return box->x >= 0 && box->y >= 0 && box->width > 0 && box->height > 0 && box->width <= width && box->height <= height
         && box->x <= width - box->width && box->y <= height - box->height;
}

LacunaProvenance *
lacuna_provenance_new (LacunaFill *fill, LacunaPhoto *photo, const LacunaBox *box, GError **error)
{
  g_autoptr (LacunaProvenance) self = NULL;
  Trace traced = { .photo = photo };
  int width = photo != NULL ? lacuna_photo_get_width (photo) : 0;
  int height = photo != NULL ? lacuna_photo_get_height (photo) : 0;
  gboolean done;

  if (photo != NULL && !is_within (box, width, height))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                   _ ("%d×%d pixels at %d, %d are not within a photo of %d×%d: ask for some that are."), box->width,
                   box->height, box->x, box->y, width, height);
      return NULL;
    }
  self = g_atomic_rc_box_new0 (LacunaProvenance);
  self->box = *box;
  self->photo_width = width;
  self->photo_height = height;
  traced.provenance = self;
  traced.n = (gsize) box->width * box->height;
  done = trace (&traced, fill);
  g_free (traced.n_found);
  g_free (traced.touched);
  if (done)
    return g_steal_pointer (&self);
  lacuna_error_set_memory (error, _ ("where the pixels come from"));
  return NULL;
}

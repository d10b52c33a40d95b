/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums a provenance up as a GVariant, and writes its arrays as .npy and pictures. The provenance is only read; files
 * that were written before a failure stay. It runs on the caller's thread: the command line's main thread, or, to
 * record a fill, a worker of the window. */
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/npy.h"
#include "engine/fill/fill-private.h"
#include "engine/fill/provenance-private.h"
#include "engine/photo/samples.h"
#include "engine/photo/shape.h"
#include "engine/publish.h"

#define CHANNELS 3
#define CELL 16 /* pixels of the photo a side, of which areas are made */
#define MOST_AREAS 8
#define MOST_VALUES 1000000 /* that a median is taken of */

static gsize
count_pixels (const LacunaProvenance *self)
{
  return (gsize) self->box.width * self->box.height;
}

/* The share of pixel i's sources. */
static float
get_copied (const LacunaProvenance *self, gsize i)
{
  float sum = 0.0f;

  for (guint k = 0; k < self->n_sources; k++)
    sum += self->weights[k * count_pixels (self) + i];
  return sum;
}

static gboolean
is_filled (const LacunaProvenance *self, gsize i)
{
  return get_copied (self, i) + self->invented[i] > 0.0f;
}

/* Number of the strongest source of pixel i, or -1. */
static int
find_strongest (const LacunaProvenance *self, gsize i)
{
  int best = -1;
  float most = 0.0f;

  for (guint k = 0; k < self->n_sources; k++)
    if (self->weights[k * count_pixels (self) + i] > most)
      {
        best = (int) k;
        most = self->weights[k * count_pixels (self) + i];
      }
  return best;
}

static int
get_offset (const LacunaProvenance *self, gsize i, guint k, guint axis)
{
  return self->offsets[(2 * k + axis) * count_pixels (self) + i];
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return x < y ? -1 : x > y;
}

/* What a pixel is measured by; negative: it does not count. */
typedef float (*Measure) (const LacunaProvenance *self, gsize i);

static float
get_distance (const LacunaProvenance *self, gsize i)
{
  int k = find_strongest (self, i);

  return k >= 0 ? hypotf (get_offset (self, i, k, 0), get_offset (self, i, k, 1)) : -1.0f;
}

static float
get_misfit (const LacunaProvenance *self, gsize i)
{
  return get_copied (self, i) > 0.0f ? self->fit[i] : -1.0f;
}

/* {'median': …, 'mean': …, 'most': …}, of some of the pixels where there are very many. */
static void
add_distribution (GVariantBuilder *builder, const char *name, const LacunaProvenance *self, Measure measure)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (float));
  gsize n = count_pixels (self), step = MAX (n / MOST_VALUES, 1);
  double sum = 0.0;

  for (gsize i = 0; i < n; i += step)
    {
      float value = measure (self, i);

      if (value < 0.0f)
        continue;
      g_array_append_val (values, value);
      sum += value;
    }
  if (values->len == 0)
    return;
  g_array_sort (values, compare_floats);
  g_variant_builder_add (builder, "{sv}", name,
                         g_variant_new_parsed ("{'median': <%d>, 'mean': <%d>, 'most': <%d>}",
                                               (double) g_array_index (values, float, values->len / 2),
                                               sum / values->len,
                                               (double) g_array_index (values, float, values->len - 1)));
}

/* Areas of the photo that are copied from: connected cells, with the weight of what is copied from them. */
typedef struct {
  LacunaBox box; /* in cells */
  double    weight;
} Area;

static int
compare_areas (gconstpointer a, gconstpointer b)
{
  double x = ((const Area *) a)->weight, y = ((const Area *) b)->weight;

  return x > y ? -1 : x < y;
}

/* The weight that is copied from each cell. */
static double *
weigh_cells (const LacunaProvenance *self, int columns, int rows)
{
  double *weights = g_new0 (double, (gsize) columns *rows);

  for (gsize i = 0; i < count_pixels (self); i++)
    for (guint k = 0; k < self->n_sources; k++)
      {
        int x = self->box.x + (int) (i % self->box.width) + get_offset (self, i, k, 0);
        int y = self->box.y + (int) (i / self->box.width) + get_offset (self, i, k, 1);

        weights[(gsize) (y / CELL) * columns + x / CELL] += self->weights[k * count_pixels (self) + i];
      }
  return weights;
}

/* Returns the areas (an array of Area), the most used first. NULL: no memory. */
static GArray *
list_areas (const LacunaProvenance *self)
{
  int columns = (self->photo_width + CELL - 1) / CELL, rows = (self->photo_height + CELL - 1) / CELL;
  g_autofree double *weights = weigh_cells (self, columns, rows);
  g_autofree guint8 *used = g_malloc ((gsize) columns * rows);
  g_autofree guint32 *labels = NULL;
  g_autoptr (LacunaMask) mask = NULL;
  g_autoptr (GArray) boxes = NULL;
  GArray *areas;

  for (gsize i = 0; i < (gsize) columns * rows; i++)
    used[i] = weights[i] > 0.0;
  mask = lacuna_mask_new (columns, rows, used);
  boxes = mask != NULL ? lacuna_mask_components (mask, &labels) : NULL;
  if (boxes == NULL)
    return NULL;
  areas = g_array_new (FALSE, TRUE, sizeof (Area));
  g_array_set_size (areas, boxes->len);
  for (guint i = 0; i < boxes->len; i++)
    g_array_index (areas, Area, i).box = g_array_index (boxes, LacunaBox, i);
  for (gsize i = 0; i < (gsize) columns * rows; i++)
    if (labels[i] > 0)
      g_array_index (areas, Area, labels[i] - 1).weight += weights[i];
  g_array_sort (areas, compare_areas);
  return areas;
}

static void
add_areas (GVariantBuilder *builder, const LacunaProvenance *self, double n_filled)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GArray) areas = list_areas (self);

  for (guint i = 0; areas != NULL && i < MIN (areas->len, MOST_AREAS); i++)
    {
      const Area *area = &g_array_index (areas, Area, i);
      int x = area->box.x * CELL, y = area->box.y * CELL;

      g_variant_builder_add_parsed (&list, "{'x': <%i>, 'y': <%i>, 'width': <%i>, 'height': <%i>, 'share': <%d>}", x, y,
                                    MIN (area->box.width * CELL, self->photo_width - x),
                                    MIN (area->box.height * CELL, self->photo_height - y), area->weight / n_filled);
    }
  g_variant_builder_add (builder, "{sv}", "areas", g_variant_builder_end (&list));
}

/* The shares of what was copied that was turned, mirrored and scaled. */
static void
add_transforms (GVariantBuilder *builder, const LacunaProvenance *self, double copied)
{
  static const struct {
    const char *name;
    guint8 bits;
  } kinds[] = {
    { "turned", 3 * LACUNA_TRANSFORMED_TURN },
    { "mirrored", LACUNA_TRANSFORMED_MIRRORED },
    { "scaled", LACUNA_TRANSFORMED_LARGER | LACUNA_TRANSFORMED_SMALLER },
  };

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      double sum = 0.0;

      for (gsize i = 0; i < count_pixels (self) * self->n_sources; i++)
        if (self->transforms[i] & kinds[kind].bits)
          sum += self->weights[i];
      g_variant_builder_add (builder, "{sv}", kinds[kind].name, g_variant_new_double (sum / copied));
    }
}

GVariant *
lacuna_provenance_describe (LacunaProvenance *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  double copied = 0.0, invented = 0.0, corrected = 0.0, trust = 0.0, least = 1.0;
  gsize n = count_pixels (self), n_filled = 0;

  g_return_val_if_fail (self->correction != NULL, NULL);
  for (gsize i = 0; i < n; i++)
    {
      if (!is_filled (self, i))
        continue;
      n_filled++;
      copied += get_copied (self, i);
      invented += self->invented[i];
      for (int c = 0; c < CHANNELS && self->invented[i] == 0.0f; c++)
        corrected += fabsf (self->correction[c * n + i]) * 127.5 / CHANNELS;
      trust += self->trust[i];
      least = MIN (least, self->trust[i]);
    }
  g_variant_builder_add (&builder, "{sv}", "box",
                         g_variant_new_parsed ("{'x': <%i>, 'y': <%i>, 'width': <%i>, 'height': <%i>}", self->box.x,
                                               self->box.y, self->box.width, self->box.height));
  g_variant_builder_add (&builder, "{sv}", "pixels", g_variant_new_uint64 (n_filled));
  if (n_filled == 0)
    return g_variant_ref_sink (g_variant_builder_end (&builder));
  g_variant_builder_add (&builder, "{sv}", "copied", g_variant_new_double (copied / n_filled));
  g_variant_builder_add (&builder, "{sv}", "invented", g_variant_new_double (invented / n_filled));
  if (copied > 0.0)
    g_variant_builder_add (&builder, "{sv}", "correction", g_variant_new_double (corrected / copied));
  if (copied > 0.0)
    add_transforms (&builder, self, copied);
  add_distribution (&builder, "distance", self, get_distance);
  if (self->fit != NULL)
    add_distribution (&builder, "misfit", self, get_misfit);
  g_variant_builder_add (&builder, "{sv}", "trust",
                         g_variant_new_parsed ("{'mean': <%d>, 'least': <%d>}", trust / n_filled, least));
  add_areas (&builder, self, n_filled);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* Returns how many edges were found to go on through the holes. */
static guint64
count_edges (LacunaFill *fill)
{
  guint64 n = 0;

  for (guint i = 0; i < lacuna_fill_get_n_regions (fill); i++)
    {
      GVariant *edges = lacuna_region_get_edges (lacuna_fill_get_region (fill, i));

      n += edges != NULL ? g_variant_n_children (edges) : 0;
    }
  return n;
}

static void
add_all (GVariantBuilder *builder, GVariant *items)
{
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, items);
  while ((item = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_variant_builder_add_value (builder, item);
      g_variant_unref (item);
    }
}

GVariant *
lacuna_provenance_report (LacunaProvenance *self, LacunaFill *fill, const char *photo)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) described = lacuna_provenance_describe (self);
  GVariant *steered = lacuna_fill_get_steered (fill);
  g_autofree char *name = g_filename_display_basename (photo);
  g_autofree char *model = g_filename_display_basename (lacuna_fill_get_model (fill));

  g_variant_builder_add_parsed (&builder, "{'program', <%s>}", "Lacuna " LACUNA_VERSION);
  g_variant_builder_add_parsed (&builder, "{'photo', <%s>}", name);
  g_variant_builder_add_parsed (&builder, "{'model', <%s>}", model);
  g_variant_builder_add_parsed (&builder, "{'edges', <%t>}", count_edges (fill));
  if (steered != NULL)
    add_all (&builder, steered);
  add_all (&builder, described);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gboolean
save_array (const char *folder, const char *name, const float *values, guint n_dims, const gsize *dims, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return lacuna_npy_save (path, values, n_dims, dims, error);
}

static gboolean
save_transforms (const LacunaProvenance *self, const char *folder, GError **error)
{
  const gsize dims[] = { self->n_sources, self->box.height, self->box.width };
  gsize n = count_pixels (self) * self->n_sources;
  g_autofree float *values = g_try_new (float, n);

  if (values == NULL)
    {
      lacuna_error_set_memory (error, _ ("what was turned, mirrored or scaled"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    values[i] = self->transforms[i];
  return save_array (folder, "transforms.npy", values, 3, dims, error);
}

static gboolean
save_offsets (const LacunaProvenance *self, const char *folder, GError **error)
{
  const gsize dims[] = { self->n_sources, 2, self->box.height, self->box.width };
  gsize n = 2 * count_pixels (self) * self->n_sources;
  g_autofree float *values = g_try_new (float, n);

  if (values == NULL)
    {
      lacuna_error_set_memory (error, _ ("the offsets"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    values[i] = self->offsets[i];
  return save_array (folder, "offsets.npy", values, 4, dims, error);
}

static gboolean
save_arrays (const LacunaProvenance *self, const char *folder, GError **error)
{
  const gsize weights[] = { self->n_sources, self->box.height, self->box.width };
  const gsize correction[] = { CHANNELS, self->box.height, self->box.width };

  return save_offsets (self, folder, error) && save_array (folder, "weights.npy", self->weights, 3, weights, error)
         && save_array (folder, "invented.npy", self->invented, 2, weights + 1, error)
         && save_array (folder, "correction.npy", self->correction, 3, correction, error)
         && save_array (folder, "trust.npy", self->trust, 2, weights + 1, error)
         && save_transforms (self, folder, error);
}

/* pixels are taken; NULL: no memory. */
static gboolean
save_picture (const LacunaProvenance *self, const char *folder, const char *name, int bands, int depth, gpointer pixels,
              GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (LacunaPhoto) picture = NULL;

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("a picture of where the pixels come from"));
      return FALSE;
    }
  picture = lacuna_photo_take (self->box.width, self->box.height, bands, depth, pixels);
  return lacuna_photo_save (picture, path, NULL, error);
}

static guint16 *
draw_offsets (const LacunaProvenance *self)
{
  gsize n = count_pixels (self);
  guint16 *pixels = g_try_new0 (guint16, 2 * n);

  for (gsize i = 0; pixels != NULL && i < n; i++)
    {
      int k = find_strongest (self, i);

      for (guint axis = 0; k >= 0 && axis < 2; axis++)
        pixels[2 * i + axis] = (guint16) (get_offset (self, i, k, axis) + 32768);
    }
  return pixels;
}

static guint8 *
draw_trust (const LacunaProvenance *self)
{
  gsize n = count_pixels (self);
  guint8 *pixels = g_try_malloc (n);

  for (gsize i = 0; pixels != NULL && i < n; i++)
    pixels[i] = (guint8) lrintf (255.0f * self->trust[i]);
  return pixels;
}

static gboolean
save_report (LacunaProvenance *self, const char *folder, GVariant *given, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "report.json", NULL);
  g_autoptr (GVariant) report = given != NULL ? g_variant_ref (given) : lacuna_provenance_describe (self);
  gsize length;
  g_autofree char *json = json_gvariant_serialize_data (report, &length);

  return lacuna_publish (path, json, length, LACUNA_PUBLISH_DEFAULT, error);
}

gboolean
lacuna_provenance_export (LacunaProvenance *self, const char *folder, GVariant *report, GError **error)
{
  g_return_val_if_fail (self->correction != NULL, FALSE);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s. Choose another one."),
                   folder, g_strerror (errno));
      return FALSE;
    }
  return save_arrays (self, folder, error)
         && save_picture (self, folder, "offsets.png", 2, 16, draw_offsets (self), error)
         && save_picture (self, folder, "trust.png", 1, 8, draw_trust (self), error)
         && save_report (self, folder, report, error);
}

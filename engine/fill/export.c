/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a region's arrays as .npy, pictures of them as PNG and its description as JSON, each file whole or not at all
 * (lacuna_publish); files that were written before a failure stay. The region is only read. The command line calls it
 * on its main thread. */
#include "engine/fill/export.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/flow-private.h"
#include "engine/fill/npy.h"
#include "engine/fill/region-private.h"
#include "engine/fill/render.h"
#include "engine/photo/samples.h"
#include "engine/publish.h"

static char *
build_path (const char *folder, guint k, const char *name)
{
  g_autofree char *file = g_strdup_printf ("%u-%s", k, name);

  return g_build_filename (folder, file, NULL);
}

static gboolean
save_array (const char *folder, guint k, const char *name, const float *values, guint n_dims, const gsize *dims,
            GError **error)
{
  g_autofree char *path = build_path (folder, k, name);

  return lacuna_npy_save (path, values, n_dims, dims, error);
}

/* pixels: width×height×3 bytes; each becomes a square of zoom pixels a side. */
static gboolean
save_picture (const char *folder, guint k, const char *name, const guint8 *pixels, int width, int height, int zoom,
              GError **error)
{
  g_autofree char *path = build_path (folder, k, name);
  g_autoptr (LacunaPhoto) picture = NULL;
  gsize row = 3 * (gsize) width * zoom;
  guint8 *zoomed = g_try_malloc_n ((gsize) height * zoom, row);

  if (zoomed == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("No memory for the picture “%s”. Close other programs."), path);
      return FALSE;
    }
  for (int y = 0; y < height * zoom; y++)
    for (gsize i = 0; i < row; i++)
      zoomed[y * row + i] = pixels[3 * ((gsize) (y / zoom) * width + i / 3 / zoom) + i % 3];
  picture = lacuna_photo_take (width * zoom, height * zoom, 3, 8, zoomed);
  return lacuna_photo_save (picture, path, NULL, error);
}

static gboolean
save_result (const char *folder, guint k, const char *name, const float *values, int width, int height, GError **error)
{
  gsize n = (gsize) width * height;
  g_autofree guint8 *pixels = g_try_malloc (3 * n);

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("a picture of the result"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < 3; c++)
      pixels[3 * i + c] = (guint8) lroundf ((CLAMP (values[c * n + i], -1.0f, 1.0f) + 1.0f) * 127.5f);
  return save_picture (folder, k, name, pixels, width, height, 1, error);
}

static gboolean
save_flow (const LacunaRegion *self, const char *folder, guint k, GError **error)
{
  g_autofree guint8 *pixels = lacuna_flow_render (self->index, self->grid_width, self->grid_height);

  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("a picture of the flow"));
      return FALSE;
    }
  return save_picture (folder, k, "flow.png", pixels, self->grid_width, self->grid_height, LACUNA_CELL, error);
}

static const char *
get_reason (const LacunaRegion *self)
{
  static const char *const reasons[] = {
    [LACUNA_PLAN_COMPACT] = "compact",
    [LACUNA_PLAN_CHAIN] = "chain",
    [LACUNA_PLAN_LARGE] = "large",
    [LACUNA_PLAN_MANY] = "many",
  };

  return reasons[self->reason];
}

GVariant *
lacuna_region_describe (const LacunaRegion *self, const char *model)
{
  g_autofree char *name = g_filename_display_name (model);

  return g_variant_ref_sink (g_variant_new_parsed (
      "{'box': <{'x': %i, 'y': %i, 'width': %i, 'height': %i}>, 'scale': <%d>,"
      " 'width': <%i>, 'height': <%i>, 'grid': <{'width': %i, 'height': %i}>,"
      " 'hole': <{'x': %i, 'y': %i, 'width': %i, 'height': %i}>, 'holes': <%u>,"
      " 'thickness': <%d>, 'reason': <%s>, 'network_pixels': <%t>, 'detail_pixels': <%t>,"
      " 'model': <%s>}",
      self->box.x, self->box.y, self->box.width, self->box.height, ldexp (1.0, -(int) self->halvings), self->width,
      self->height, self->grid_width, self->grid_height, self->hole.x, self->hole.y, self->hole.width,
      self->hole.height, self->n_holes, self->thickness, get_reason (self), lacuna_region_get_network_pixels (self),
      lacuna_region_get_detail_pixels (self), name));
}

static gboolean
save_description (const LacunaRegion *self, const char *folder, guint k, const char *model, GError **error)
{
  g_autofree char *path = build_path (folder, k, "window.json");
  g_autoptr (GVariant) description = lacuna_region_describe (self, model), all = NULL;
  g_autoptr (GVariantDict) dict = g_variant_dict_new (description);
  g_autofree char *json = NULL;
  gsize length;

  if (self->edges != NULL)
    g_variant_dict_insert_value (dict, "edges", self->edges);
  all = g_variant_ref_sink (g_variant_dict_end (dict));
  json = json_gvariant_serialize_data (all, &length);

  return lacuna_publish (path, json, length, LACUNA_PUBLISH_DEFAULT, error);
}

static gboolean
save_detail (const LacunaRegion *self, LacunaPhoto *photo, const char *folder, guint k, GError **error)
{
  gsize n = (gsize) self->hole.width * self->hole.height, dims[] = { 2, self->hole.height, self->hole.width };
  g_autofree float *offsets = g_try_new (float, 2 * n);
  g_autofree float *known = lacuna_photo_read_window (photo, self->hole, 0);
  g_autofree float *filled = lacuna_render_region (self, photo, LACUNA_STAGE_DETAIL);

  if (offsets == NULL || known == NULL || filled == NULL)
    {
      lacuna_error_set_memory (error, _ ("a picture of the detail"));
      return FALSE;
    }
  for (gsize i = 0; i < 2 * n; i++)
    offsets[i] = self->offsets[i];
  for (gsize i = 0; i < 3 * n; i++)
    if (self->mask[i % n] != 0)
      known[i] = filled[i];
  return save_array (folder, k, "offsets.npy", offsets, 3, dims, error)
         && save_result (folder, k, "detail.png", known, self->hole.width, self->hole.height, error);
}

gboolean
lacuna_region_export (const LacunaRegion *self, LacunaPhoto *photo, const char *folder, guint k, const char *model,
                      GError **error)
{
  gsize queries = (gsize) self->grid_width * self->grid_height;
  gsize input[] = { LACUNA_N_PLANES, self->height, self->width }, result[] = { 3, self->height, self->width };
  gsize attention[] = { queries, queries };

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("The folder “%s” can't be made: %s. Choose another one."),
                   folder, g_strerror (errno));
      return FALSE;
    }
  return save_array (folder, k, "input.npy", self->input, 3, input, error)
         && save_array (folder, k, "coarse.npy", self->coarse, 3, result, error)
         && save_array (folder, k, "refined.npy", self->refined, 3, result, error)
         && (self->scores == NULL || save_array (folder, k, "attention.npy", self->scores, 2, attention, error))
         && save_result (folder, k, "coarse.png", self->coarse, self->width, self->height, error)
         && save_result (folder, k, "refined.png", self->refined, self->width, self->height, error)
         && save_flow (self, folder, k, error) && save_description (self, folder, k, model, error)
         && (self->offsets == NULL || save_detail (self, photo, folder, k, error));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/document-private.h"

#include <glib/gi18n.h>

#include "app/document/polyline.h"

/* The lines that edges are to follow, which lie in the history alone. */

GVariant *
lacuna_document_get_lines (LacunaDocument *self)
{
  return lacuna_history_get_lines (&self->history);
}

gboolean
lacuna_document_has_new_lines (LacunaDocument *self)
{
  return lacuna_history_has_new_lines (&self->history);
}

/* Whether a change of the hole, which is in force, left a line that crossed the hole with nothing to cross. */
static gboolean
is_left (LacunaDocument *self, const LacunaDelta *delta, GVariant *line)
{
  LacunaBox box = lacuna_polyline_get_box (line);
  g_autofree guint8 *pixels = lacuna_raster_copy (self->raster, box);

  if (pixels == NULL || lacuna_polyline_crosses (line, pixels, box))
    return FALSE;
  lacuna_raster_apply_to_copy (self->raster, delta, box, pixels);
  return lacuna_polyline_crosses (line, pixels, box);
}

void
lacuna_document_drop_lines (LacunaDocument *self, LacunaStep *step)
{
  GVariant *lines = lacuna_document_get_lines (self);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa(dd)"));
  gboolean dropped = FALSE;

  for (gsize i = 0; lines != NULL && i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) line = g_variant_get_child_value (lines, i);

      if (is_left (self, step->delta, line))
        dropped = TRUE;
      else
        g_variant_builder_add_value (&builder, line);
    }
  if (dropped)
    lacuna_step_set_lines (step, g_variant_builder_end (&builder));
}

/* Takes lines where they are floating. */
static void
push_lines (LacunaDocument *self, const char *title, GVariant *lines)
{
  LacunaStep *step = lacuna_step_new_mask (title, NULL, NULL);

  lacuna_step_set_lines (step, lines);
  lacuna_document_push (self, step);
}

gboolean
lacuna_document_draw_line (LacunaDocument *self, const LacunaSample *points, guint n_points, double tolerance)
{
  GVariant *lines = lacuna_document_get_lines (self), *line;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa(dd)"));

  if (self->busy || self->stroking)
    return FALSE;
  line = lacuna_polyline_new (points, n_points, tolerance, lacuna_raster_get_width (self->raster),
                              lacuna_raster_get_height (self->raster));
  if (line == NULL)
    return FALSE;
  for (gsize i = 0; lines != NULL && i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) before = g_variant_get_child_value (lines, i);

      g_variant_builder_add_value (&builder, before);
    }
  g_variant_builder_add_value (&builder, line);
  push_lines (self, _ ("Line"), g_variant_builder_end (&builder));
  return TRUE;
}

void
lacuna_document_clear_lines (LacunaDocument *self)
{
  if (!self->busy && !self->stroking && lacuna_document_get_lines (self) != NULL)
    push_lines (self, _ ("Clear Lines"), g_variant_new_array (G_VARIANT_TYPE ("a(dd)"), NULL, 0));
}

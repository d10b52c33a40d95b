/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

/* What steers fills, on the panes where it is marked and where one sees what came of it. */

static void
show (LacunaFillView *self, LacunaSteer steer)
{
  lacuna_canvas_set_steer (self->canvases[LACUNA_PANE_PHOTO], steer, self->steer[steer]);
  lacuna_canvas_set_steer (self->canvases[LACUNA_PANE_ATTENTION], steer, self->steer[steer]);
}

static void
on_steer_changed (LacunaFillView *self, guint steer, int x, int y, int width, int height)
{
  static const LacunaOverlayStyle styles[] = { LACUNA_OVERLAY_AVOID, LACUNA_OVERLAY_PREFER };

  if (self->steer[steer] == NULL)
    {
      self->steer[steer] = lacuna_overlay_new (lacuna_document_get_steer (self->document, steer));
      lacuna_overlay_set_style (self->steer[steer], styles[steer]);
    }
  lacuna_overlay_damage (self->steer[steer], (LacunaBox){ x, y, width, height });
  show (self, steer);
  lacuna_fill_view_describe (self);
}

void
lacuna_fill_view_show_lines (LacunaFillView *self)
{
  GVariant *lines = self->document != NULL && !self->original_held ? lacuna_document_get_lines (self->document) : NULL;

  lacuna_canvas_set_lines (self->canvases[LACUNA_PANE_PHOTO], lines);
  lacuna_canvas_set_lines (self->canvases[LACUNA_PANE_ATTENTION], lines);
}

static void
on_lines_changed (LacunaFillView *self)
{
  lacuna_fill_view_show_lines (self);
  lacuna_fill_view_describe (self);
}

void
lacuna_fill_view_follow_steer (LacunaFillView *self)
{
  g_signal_connect_swapped (self->document, "steer-changed", G_CALLBACK (on_steer_changed), self);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    {
      LacunaRaster *raster = lacuna_document_get_steer (self->document, i);

      if (raster != NULL)
        on_steer_changed (self, i, 0, 0, lacuna_raster_get_width (raster), lacuna_raster_get_height (raster));
    }
  g_signal_connect_swapped (self->document, "lines-changed", G_CALLBACK (on_lines_changed), self);
  lacuna_fill_view_show_lines (self);
  lacuna_fill_view_set_strength (self);
  lacuna_document_set_transforms (self->document, self->transforms);
}

void
lacuna_fill_view_forget_steer (LacunaFillView *self)
{
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    {
      g_clear_pointer (&self->steer[i], lacuna_overlay_free);
      show (self, i);
    }
}

void
lacuna_fill_view_set_strength (LacunaFillView *self)
{
  GtkAdjustment *strength = lacuna_steer_button_get_strength (self->steer_button);

  if (self->document != NULL)
    lacuna_document_set_strength (self->document, gtk_adjustment_get_value (strength));
}

void
lacuna_fill_view_set_transform (LacunaFillView *self, LacunaTransforms transform, gboolean allowed)
{
  self->transforms = allowed ? self->transforms | transform : self->transforms & ~transform;
  if (self->document != NULL)
    lacuna_document_set_transforms (self->document, self->transforms);
}

void
lacuna_fill_view_update_tool (LacunaFillView *self)
{
  gboolean steers = self->tool == LACUNA_TOOL_AVOID || self->tool == LACUNA_TOOL_PREFER;

  for (int pane = 0; pane < N_PAINTED; pane++)
    {
      lacuna_painter_set_tool (self->painters[pane], self->tool);
      lacuna_painter_set_boxed (self->painters[pane], self->boxed);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->growth), !steers);
  gtk_widget_set_visible (GTK_WIDGET (self->steer_button), steers);
  if (self->tool == LACUNA_TOOL_LINE)
    lacuna_fill_view_fade_outline (self);
}

/* Returns the box with as much around it on each side, so that there is enough to copy from. */
static LacunaBox
widen (LacunaBox box)
{
  return (LacunaBox){ box.x - box.width, box.y - box.height, 3 * box.width, 3 * box.height };
}

/* Avoids, prefers or copies from a source alone, as the action says, and fills again. Does nothing unless sources
 * are in sight. */
static void
on_source (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const char *const names[] = { "source-not", "source-more", "source-copy" };
  LacunaFillView *self = data;
  LacunaBox place = lacuna_explanation_choose (self->explanation, g_variant_get_int32 (parameter));
  LacunaSourceEdit edit = LACUNA_SOURCE_NOT;

  if (self->document == NULL || place.width == 0
      || !(gtk_widget_get_visible (self->inspector) || lacuna_fill_view_is_shown (self, LACUNA_PANE_ATTENTION)))
    return;
  while (!g_str_equal (g_action_get_name (G_ACTION (action)), names[edit]))
    edit++;
  if (edit == LACUNA_SOURCE_ONLY)
    {
      gtk_adjustment_set_value (lacuna_steer_button_get_strength (self->steer_button), 1);
      place = widen (place);
    }
  if (lacuna_document_steer (self->document, edit, place))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.fill", NULL);
}

void
lacuna_fill_view_add_sources (LacunaFillView *self)
{
  static const GActionEntry entries[] = {
    { .name = "source-not", .activate = on_source, .parameter_type = "i" },
    { .name = "source-more", .activate = on_source, .parameter_type = "i" },
    { .name = "source-copy", .activate = on_source, .parameter_type = "i" },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

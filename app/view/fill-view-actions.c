/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions of the Fill page that change the view, the brush, the mask and what steers. They keep no state but in
 * the view's properties and its document; the group owns the Context, which borrows the view and the group. All of
 * it runs in the main loop. */
#include "app/view/fill-view-actions.h"

#include <math.h>

#define ZOOM_FACTOR 1.25
#define BRUSH_FACTOR 1.2
/* Growing and shrinking go by that share of the photo's longer side. */
#define GROW_SHARE 0.0025

typedef struct {
  GObject        *view; /* outlives its actions' activation */
  LacunaViewport *viewport;
  GActionGroup   *group;    /* the group that owns this context */
} Context;

static void
on_zoom (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  const char *name = g_action_get_name (G_ACTION (action));
  double factor = g_str_equal (name, "zoom-in") ? ZOOM_FACTOR : 1 / ZOOM_FACTOR;

  if (g_str_equal (name, "zoom-fit"))
    lacuna_viewport_fit (context->viewport);
  else if (g_str_equal (name, "zoom-original"))
    lacuna_viewport_set_zoom (context->viewport, 1);
  else
    lacuna_viewport_set_zoom (context->viewport, lacuna_viewport_get_zoom (context->viewport)
                                                     * lacuna_viewport_limit (context->viewport, factor));
}

/* Shows one pane: beside the photo if two panes are shown, else by itself. */
static void
on_show_pane (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  int panes;

  g_action_group_activate_action (context->group, "pane", parameter);
  g_object_get (context->view, "panes", &panes, NULL);
  if (panes > 2)
    g_object_set (context->view, "panes", 1, NULL);
}

static void
on_brush (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  gboolean larger = g_str_equal (g_action_get_name (G_ACTION (action)), "brush-larger");
  double size;

  g_object_get (context->view, "brush-size", &size, NULL);
  g_object_set (context->view, "brush-size", larger ? size * BRUSH_FACTOR : size / BRUSH_FACTOR, NULL);
}

static void
on_variant (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  gboolean next = g_str_equal (g_action_get_name (G_ACTION (action)), "variant-next");
  int variant;

  g_object_get (context->view, "variant", &variant, NULL);
  g_object_set (context->view, "variant", MAX (0, variant + (next ? 1 : -1)), NULL);
}

static void
on_mask (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const struct { const char *name; LacunaMaskEdit edit; } edits[] = {
    { "mask-invert", LACUNA_MASK_INVERT },
    { "mask-clear", LACUNA_MASK_CLEAR },
    { "mask-grow", LACUNA_MASK_GROW },
    { "mask-shrink", LACUNA_MASK_SHRINK },
  };
  Context *context = data;
  g_autoptr (LacunaDocument) document = NULL;
  LacunaRaster *raster;

  g_object_get (context->view, "document", &document, NULL);
  raster = document != NULL ? lacuna_document_get_raster (document) : NULL;
  for (guint i = 0; raster != NULL && i < G_N_ELEMENTS (edits); i++)
    if (g_str_equal (g_action_get_name (G_ACTION (action)), edits[i].name))
      {
        int side = MAX (lacuna_raster_get_width (raster), lacuna_raster_get_height (raster));

        lacuna_document_edit_mask (document, edits[i].edit, MAX (1, lrint (side * GROW_SHARE)));
      }
}

static void
on_clear_steer (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  g_autoptr (LacunaDocument) document = NULL;

  g_object_get (context->view, "document", &document, NULL);
  if (document != NULL)
    lacuna_document_clear_steer (document);
}

static void
on_clear_lines (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  g_autoptr (LacunaDocument) document = NULL;

  g_object_get (context->view, "document", &document, NULL);
  if (document != NULL)
    lacuna_document_clear_lines (document);
}

static void
on_shadow_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!lacuna_document_select_finish (LACUNA_DOCUMENT (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    g_signal_emit_by_name (source, "failed", error);
}

static void
on_shadow (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Context *context = data;
  g_autoptr (LacunaDocument) document = NULL;

  g_object_get (context->view, "document", &document, NULL);
  if (document != NULL)
    lacuna_document_select_shadow_async (document, NULL, on_shadow_selected, NULL);
}

static void
context_free (gpointer data)
{
  Context *context = data;

  g_object_unref (context->viewport);
  g_free (context);
}

GActionGroup *
lacuna_fill_view_actions_new (GObject *view, LacunaViewport *viewport, LacunaExplanation *explanation)
{
  static const char * const properties[] = {
    "tool",   "panes",    "pane",   "attention",    "inspector", "boxed",
    "turned", "mirrored", "scaled", "fill-at-once", "variant",   "detail", "compare",
  };
  static const GActionEntry entries[] = {
    { .name = "zoom-in", .activate = on_zoom },          { .name = "zoom-out", .activate = on_zoom },
    { .name = "zoom-fit", .activate = on_zoom },         { .name = "zoom-original", .activate = on_zoom },
    { .name = "brush-larger", .activate = on_brush },    { .name = "brush-smaller", .activate = on_brush },
    { .name = "mask-invert", .activate = on_mask },      { .name = "mask-clear", .activate = on_mask },
    { .name = "mask-grow", .activate = on_mask },        { .name = "mask-shrink", .activate = on_mask },
    { .name = "show-pane", .activate = on_show_pane, .parameter_type = "s" },
    { .name = "select-shadow", .activate = on_shadow },
    { .name = "steer-clear", .activate = on_clear_steer },
    { .name = "lines-clear", .activate = on_clear_lines },
    { .name = "variant-next", .activate = on_variant },  { .name = "variant-previous", .activate = on_variant },
  };
  g_autoptr (GPropertyAction) windows = g_property_action_new ("windows", explanation, "windows");
  GSimpleActionGroup *group = g_simple_action_group_new ();
  Context *context = g_new (Context, 1);

  context->view = view;
  context->viewport = g_object_ref (viewport);
  context->group = G_ACTION_GROUP (group);
  g_object_set_data_full (G_OBJECT (group), "context", context, context_free);
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), context);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GPropertyAction) action = g_property_action_new (properties[i], view, properties[i]);

      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (windows));
  return G_ACTION_GROUP (group);
}

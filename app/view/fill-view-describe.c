/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>

#include "app/view/attention/copy-text.h"
#include "app/view/attention/step-text.h"

/* What the panes show, for who can't see it. */

/* Milliseconds from the last change until it is described, so that a stroke is described once. */
#define DELAY 400

/* Returns how much of the photo a raster marks, in percent. */
static double
get_share (const LacunaRaster *raster)
{
  return 100.0 * lacuna_raster_get_n_hole (raster)
         / ((double) lacuna_raster_get_width (raster) * lacuna_raster_get_height (raster));
}

/* What steers fills, in sentences after others; empty: nothing. */
static char *
describe_steer (LacunaFillView *self)
{
  GVariant *lines = lacuna_document_get_lines (self->document);
  GString *text = g_string_new (NULL);

  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (lacuna_document_has_steer (self->document, i))
      {
        double share = get_share (lacuna_document_get_steer (self->document, i));

        g_string_append_c (text, ' ');
        if (i == LACUNA_STEER_AVOID)
          g_string_append_printf (text, _ ("%.2f %% of it is avoided."), share);
        else
          g_string_append_printf (text, _ ("%.2f %% of it is preferred."), share);
      }
  if (lines != NULL)
    {
      guint n_lines = (guint) g_variant_n_children (lines);

      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("Edges are to follow %u line.", "Edges are to follow %u lines.", n_lines),
                              n_lines);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_photo (LacunaFillView *self)
{
  LacunaRaster *raster = lacuna_document_get_raster (self->document);
  double zoom = 100 * lacuna_viewport_get_zoom (self->viewport);
  g_autofree char *steer = describe_steer (self);
  g_autofree char *photo = NULL;

  if (!lacuna_document_has_hole (self->document))
    /* TRANSLATORS: the photo's name, width, height, and how large it is shown */
    photo = g_strdup_printf (_ ("%s, %d by %d pixels, shown at %.0f %%. Nothing is marked."),
                             lacuna_document_get_title (self->document), lacuna_raster_get_width (raster),
                             lacuna_raster_get_height (raster), zoom);
  else
    photo = g_strdup_printf (_ ("%s, %d by %d pixels, shown at %.0f %%. %.1f %% of it is marked."),
                             lacuna_document_get_title (self->document), lacuna_raster_get_width (raster),
                             lacuna_raster_get_height (raster), zoom, get_share (raster));
  return g_strconcat (photo, steer, NULL);
}

/* Returns sentences on what the pixel that was asked about was copied from; empty: it was not filled. */
static char *
describe_copies (LacunaFillView *self)
{
  GString *text = g_string_new (NULL);
  guint n, region;
  int x, y;
  const LacunaSource *copies = lacuna_explanation_get_copies (self->explanation, &n);

  if (n > 0 && lacuna_explanation_get_point (self->explanation, &region, &x, &y))
    /* TRANSLATORS: a point of the photo */
    g_string_append_printf (text, _ ("This is about the pixel at %d, %d."), x, y);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *copy = lacuna_copy_text_describe (&copies[i], ". ");

      g_string_append_printf (text, " %s.", copy);
    }
  return g_string_free (text, FALSE);
}

/* Returns sentences on where the place that was asked about came from; NULL: none was asked about. */
static char *
describe_sources (LacunaFillView *self)
{
  g_autofree char *copies = NULL, *looked = NULL;
  guint n;
  const LacunaSource *sources = lacuna_explanation_get_sources (self->explanation, &n);

  if (lacuna_explanation_get_mode (self->explanation) == LACUNA_ATTENTION_STEPS)
    return lacuna_step_text_describe (self->explanation);
  if (n == 0)
    return NULL;
  copies = describe_copies (self);
  /* TRANSLATORS: a share in percent; then a point of the photo */
  looked
      = g_strdup_printf (_ ("The network looked most, to %.1f %%, at what is around %d, %d."), 100 * sources[0].value,
                         sources[0].box.x + sources[0].box.width / 2, sources[0].box.y + sources[0].box.height / 2);
  return copies[0] != '\0' ? g_strconcat (copies, " ", looked, NULL) : g_steal_pointer (&looked);
}

static gboolean
describe (gpointer data)
{
  LacunaFillView *self = data;
  g_autofree char *photo = NULL, *sources = NULL;

  self->describing = 0;
  if (self->document == NULL)
    return G_SOURCE_REMOVE;
  photo = describe_photo (self);
  sources = describe_sources (self);
  for (int pane = 0; pane < N_PANES; pane++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->canvases[pane]), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    pane == LACUNA_PANE_ATTENTION && sources != NULL ? sources : photo, -1);
  return G_SOURCE_REMOVE;
}

void
lacuna_fill_view_describe (LacunaFillView *self)
{
  g_clear_handle_id (&self->describing, g_source_remove);
  self->describing = g_timeout_add (DELAY, describe, self);
}

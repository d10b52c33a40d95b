/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>

#include "app/view/attention/inspector.h"

static int
get_n_shown (LacunaFillView *self)
{
  return self->narrow ? 1 : self->panes;
}

static gboolean
is_shown (LacunaFillView *self, LacunaPane pane)
{
  int n = get_n_shown (self);

  if (n == 4)
    return TRUE;
  if (n == 1)
    return pane == self->pane;
  return pane == LACUNA_PANE_PHOTO || pane == (self->pane == LACUNA_PANE_PHOTO ? LACUNA_PANE_REFINED : self->pane);
}

void
lacuna_fill_view_update_hints (LacunaFillView *self)
{
  gboolean open = self->document != NULL;
  gboolean coarse = self->pictures != NULL && lacuna_pane_pictures_get_coarse (self->pictures) != NULL;
  gboolean filled
      = self->pictures != NULL
        && lacuna_pane_pictures_get_before (self->pictures) != lacuna_pane_pictures_get_current (self->pictures);

  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_COARSE],
                          open && !coarse ? _("The coarse stage of a fill shows here") : NULL);
  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_REFINED],
                          open && !filled ? _("The result of a fill shows here") : NULL);
  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_ATTENTION],
                          open && lacuna_explanation_get_fill (self->explanation) == NULL
                              ? _("Where a fill came from shows here")
                              : NULL);
}

/* Alone, the photo shows the result; beside it, what the last fill was made from. */
static void
update_photo (LacunaFillView *self)
{
  LacunaPyramid *current = lacuna_pane_pictures_get_current (self->pictures), *picture = current;
  LacunaPyramid *coarse = lacuna_pane_pictures_get_coarse (self->pictures);
  gboolean alone = get_n_shown (self) == 1;
  gboolean resting = lacuna_document_get_resting (self->document);
  gboolean sketched = lacuna_document_get_filling (self->document) && coarse != NULL && coarse != current;
  gboolean outline = alone && (resting || sketched);

  if (alone && sketched)
    picture = coarse;
  else if (!alone && resting)
    picture = lacuna_pane_pictures_get_before (self->pictures);
  lacuna_overlay_set_style (self->overlay, outline ? LACUNA_OVERLAY_OUTLINE : LACUNA_OVERLAY_TINT);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_PHOTO], picture);
}

void
lacuna_fill_view_update_pictures (LacunaFillView *self)
{
  LacunaPyramid *current, *before, *coarse, *refined;

  if (self->pictures == NULL)
    return;
  current = lacuna_pane_pictures_get_current (self->pictures);
  before = lacuna_pane_pictures_get_before (self->pictures);
  coarse = lacuna_pane_pictures_get_coarse (self->pictures);
  refined = lacuna_pane_pictures_get_refined (self->pictures);
  update_photo (self);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_COARSE], coarse != NULL ? coarse : current);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_REFINED], refined != NULL ? refined : current);
  lacuna_canvas_set_before (self->canvases[LACUNA_PANE_REFINED], before != current ? before : NULL);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_ATTENTION], current);
  lacuna_inspector_set_picture (LACUNA_INSPECTOR (self->inspector), current);
  lacuna_fill_view_update_hints (self);
  lacuna_variant_strip_update (self->variants, self->document, self->pictures);
  g_object_notify (G_OBJECT (self), "variant");
}

void
lacuna_fill_view_update_layout (LacunaFillView *self)
{
  int n = get_n_shown (self);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (self->grid);

  for (int pane = 0; pane < N_PANES; pane++)
    {
      GtkWidget *canvas = GTK_WIDGET (self->canvases[pane]);

      gtk_widget_set_visible (canvas, is_shown (self, pane));
      /* Two lie side by side. */
      g_object_set (gtk_layout_manager_get_layout_child (layout, canvas),
                    "column", n == N_PANES ? pane / 2 : pane != LACUNA_PANE_PHOTO,
                    "row", n == N_PANES ? pane % 2 : 0, NULL);
    }
  gtk_widget_set_visible (self->pane_switcher, n < N_PANES);
  gtk_widget_set_visible (self->wide_box, !self->narrow);
  if (self->document != NULL)
    lacuna_fill_view_update_pictures (self);
}

void
lacuna_fill_view_show_avoid (LacunaFillView *self)
{
  lacuna_canvas_set_avoid (self->canvases[LACUNA_PANE_PHOTO], self->avoid);
  lacuna_canvas_set_avoid (self->canvases[LACUNA_PANE_ATTENTION], self->avoid);
}

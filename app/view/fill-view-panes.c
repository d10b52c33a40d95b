/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which panes of the Fill page are shown, where they lie, and which pictures and overlays they show. All of this is
 * set anew from the document, its pictures and the layout whenever one of them changes; the only state is the fading
 * of the outline. All of it runs in the main loop; app/view/pane-pictures.c computes the pictures in a thread. */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>

/* How long the outline of what was filled is shown, and then fades, in milliseconds. */
#define OUTLINE_SHOWN 1200
#define FADING 600

static int
get_n_shown (LacunaFillView *self)
{
  return self->layout == LACUNA_FILL_WIDE ? self->panes : 1;
}

gboolean
lacuna_fill_view_is_shown (LacunaFillView *self, LacunaPane pane)
{
  int n = get_n_shown (self);

  if (n == 4)
    return TRUE;
  if (n == 1)
    return pane == self->pane;
  return pane == LACUNA_PANE_PHOTO || pane == (self->pane == LACUNA_PANE_PHOTO ? LACUNA_PANE_REFINED : self->pane);
}

/* Returns the pane that has the focus, which is in one of them. */
static LacunaPane
get_focused (LacunaFillView *self)
{
  GtkWidget *frame = gtk_widget_get_focus_child (self->grid);
  int pane = 0;

  while (pane + 1 < N_PANES && self->frames[pane] != frame)
    pane++;
  return pane;
}

void
lacuna_fill_view_update_hints (LacunaFillView *self)
{
  gboolean open = self->document != NULL;
  gboolean coarse = self->pictures != NULL && lacuna_pane_pictures_get_coarse (self->pictures) != NULL;
  gboolean filled
      = self->pictures != NULL
        && lacuna_pane_pictures_get_before (self->pictures) != lacuna_pane_pictures_get_current (self->pictures);

  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_PHOTO],
                          open && self->hints && !lacuna_document_has_hole (self->document)
                              ? _ ("Brush over what should go, then press Fill")
                              : NULL);
  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_COARSE],
                          open && !coarse ? _ ("The coarse stage of a fill shows here") : NULL);
  lacuna_canvas_set_hint (self->canvases[LACUNA_PANE_REFINED],
                          open && !filled ? _ ("The result of a fill shows here") : NULL);
  lacuna_canvas_set_hint (
      self->canvases[LACUNA_PANE_ATTENTION],
      open && lacuna_explanation_get_fill (self->explanation) == NULL ? _ ("Where a fill came from shows here") : NULL);
}

/* Returns the variant under the pointer; NULL: there is none. */
static LacunaPyramid *
get_pointed (LacunaFillView *self)
{
  GPtrArray *variants = lacuna_pane_pictures_get_variants (self->pictures);
  int pointed = lacuna_variant_strip_get_pointed (self->variants);

  return pointed >= 0 && pointed < (int) variants->len ? variants->pdata[pointed] : NULL;
}

/* Alone, the photo shows the result; beside it, what the last fill was made from. */
static void
update_photo (LacunaFillView *self, LacunaPyramid *current)
{
  LacunaPyramid *picture = current;
  LacunaPyramid *coarse = lacuna_pane_pictures_get_coarse (self->pictures);
  gboolean alone = get_n_shown (self) == 1;
  gboolean resting = lacuna_document_get_resting (self->document);
  gboolean sketched = lacuna_document_get_filling (self->document) && coarse != NULL && coarse != current;
  gboolean outline = alone && (resting || sketched);

  if (self->compare && resting)
    picture = current;
  else if (alone && sketched)
    picture = coarse;
  else if (!alone && resting)
    picture = lacuna_pane_pictures_get_before (self->pictures);
  lacuna_overlay_set_style (self->overlay, outline ? LACUNA_OVERLAY_OUTLINE : LACUNA_OVERLAY_TINT);
  lacuna_canvas_set_overlay (self->canvases[LACUNA_PANE_PHOTO], self->overlay);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_PHOTO], picture);
}

static void
set_outline_opacity (double opacity, gpointer data)
{
  LacunaFillView *self = data;

  lacuna_canvas_set_overlay_opacity (self->canvases[LACUNA_PANE_PHOTO], opacity);
}

static gboolean
begin_fading (gpointer data)
{
  LacunaFillView *self = data;

  self->fade = 0;
  adw_animation_play (self->fading);
  return G_SOURCE_REMOVE;
}

/* Shows the outline and the lines for a while after a fill, which tells where it was made and which edges it
 * follows, and then fades them, so that the fill is seen. They come back with the next stroke, or with the tool for
 * lines. */
void
lacuna_fill_view_fade_outline (LacunaFillView *self)
{
  gboolean resting = self->document != NULL && lacuna_document_get_resting (self->document)
                     && !lacuna_document_has_new_lines (self->document);

  g_clear_handle_id (&self->fade, g_source_remove);
  if (self->fading == NULL)
    self->fading = adw_timed_animation_new (GTK_WIDGET (self), 1, 0, FADING,
                                            adw_callback_animation_target_new (set_outline_opacity, self, NULL));
  adw_animation_reset (self->fading);
  set_outline_opacity (1, self);
  if (resting && get_n_shown (self) == 1)
    self->fade = g_timeout_add (OUTLINE_SHOWN, begin_fading, self);
}

/* What is brushed shows in the other panes too, until it is filled there. */
static void
update_overlays (LacunaFillView *self)
{
  gboolean filled = lacuna_document_get_resting (self->document) || lacuna_document_get_filling (self->document);

  for (int pane = LACUNA_PANE_COARSE; pane < N_PAINTED; pane++)
    lacuna_canvas_set_overlay (self->canvases[pane], filled ? NULL : self->overlay);
}

/* All panes show the photo as it was opened, and nothing over it. */
static void
show_original (LacunaFillView *self)
{
  for (int pane = 0; pane < N_PANES; pane++)
    {
      lacuna_canvas_set_picture (self->canvases[pane], lacuna_pane_pictures_get_original (self->pictures));
      lacuna_canvas_set_before (self->canvases[pane], NULL);
      lacuna_canvas_set_overlay (self->canvases[pane], NULL);
    }
}

/* A variant under the pointer shows in place of the chosen one. */
void
lacuna_fill_view_show_pictures (LacunaFillView *self)
{
  LacunaPyramid *pointed, *current, *before, *coarse, *refined;

  if (self->pictures == NULL)
    return;
  pointed = get_pointed (self);
  current = pointed != NULL ? pointed : lacuna_pane_pictures_get_current (self->pictures);
  before = lacuna_pane_pictures_get_before (self->pictures);
  coarse = lacuna_pane_pictures_get_coarse (self->pictures);
  refined = pointed != NULL ? pointed : lacuna_pane_pictures_get_refined (self->pictures);
  update_photo (self, current);
  update_overlays (self);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_COARSE], coarse != NULL ? coarse : current);
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_REFINED], refined != NULL ? refined : current);
  for (int pane = 0; pane < N_PANES; pane++)
    lacuna_canvas_set_before (self->canvases[pane], self->compare && before != current ? before : NULL);
  /* Its maps are of the chosen one. */
  lacuna_canvas_set_picture (self->canvases[LACUNA_PANE_ATTENTION], lacuna_pane_pictures_get_current (self->pictures));
  lacuna_fill_view_show_lines (self);
  if (self->original_held)
    show_original (self);
}

void
lacuna_fill_view_update_pictures (LacunaFillView *self)
{
  if (self->pictures == NULL)
    return;
  lacuna_variant_strip_update (self->variants, self->document, self->pictures);
  lacuna_fill_view_show_pictures (self);
  lacuna_inspector_set_picture (LACUNA_INSPECTOR (self->inspector), lacuna_pane_pictures_get_current (self->pictures));
  lacuna_fill_view_update_hints (self);
  g_object_notify (G_OBJECT (self), "variant");
}

/* Sets the column and row of a pane: two panes lie side by side, four in a square. */
static void
place (LacunaFillView *self, LacunaPane pane, int n)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (self->grid);

  gtk_widget_set_visible (self->captions[pane], n > 1);
  g_object_set (gtk_layout_manager_get_layout_child (layout, self->frames[pane]), "column",
                n == N_PANES ? pane % 2 : pane != LACUNA_PANE_PHOTO, "row", n == N_PANES ? pane / 2 : 0, NULL);
}

void
lacuna_fill_view_update_layout (LacunaFillView *self)
{
  gboolean focused = gtk_widget_get_focus_child (self->grid) != NULL;
  int n = get_n_shown (self);

  for (int pane = 0; pane < N_PANES; pane++)
    if (lacuna_fill_view_is_shown (self, pane))
      gtk_widget_set_visible (self->frames[pane], TRUE);
  /* The focus moves from a pane that is hidden to one that stays, before GTK moves it to whatever is next. */
  if (focused && !lacuna_fill_view_is_shown (self, get_focused (self)))
    lacuna_fill_view_focus (self);
  for (int pane = 0; pane < N_PANES; pane++)
    {
      gtk_widget_set_visible (self->frames[pane], lacuna_fill_view_is_shown (self, pane));
      place (self, pane, n);
    }
  gtk_widget_set_visible (self->pane_switcher, n < N_PANES);
  lacuna_fill_view_fade_outline (self);
  if (self->document != NULL)
    lacuna_fill_view_update_pictures (self);
}

/* Gives the focus to the pane that is shown, or, if there are several, to the photo. */
void
lacuna_fill_view_focus (LacunaFillView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->canvases[get_n_shown (self) == 1 ? self->pane : LACUNA_PANE_PHOTO]));
}

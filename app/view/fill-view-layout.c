/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* How the Fill page follows its size: nothing lies over the panes, and nothing that the user chose is changed. */

/* The least width of the wide layout, in logical pixels. */
#define WIDE 620
/* The height of the inspector where it is below the panes, in logical pixels. */
#define INSPECTOR_HEIGHT 190
/* The height of a window below which tools stand closer together, in logical pixels. */
#define LOW 800

static void
set_orientation (GtkWidget *widget, GtkOrientation orientation)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (widget), orientation);
}

/* Lets the labels that have the class, or are within what has it, be cut, or not. */
static void
shorten (GtkWidget *widget, gboolean within, gboolean shortened)
{
  within = within || gtk_widget_has_css_class (widget, "shortens");
  if (within && GTK_IS_LABEL (widget))
    gtk_label_set_ellipsize (GTK_LABEL (widget), shortened ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    shorten (child, within, shortened);
}

static void
stack (LacunaFillView *self, gboolean stacked)
{
  GtkOrientation orientation = stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  set_orientation (self->stage, orientation);
  set_orientation (self->body, orientation);
  set_orientation (self->inspector_separator, !orientation);
  lacuna_variant_strip_set_orientation (self->variants, !orientation);
  gtk_widget_set_size_request (self->inspector, stacked ? -1 : LACUNA_INSPECTOR_WIDTH, stacked ? INSPECTOR_HEIGHT : -1);
}

static void
apply (LacunaFillView *self, LacunaFillLayout layout)
{
  gboolean wide = layout == LACUNA_FILL_WIDE;

  if (self->layout == layout)
    return;
  self->layout = layout;
  shorten (self->body, FALSE, layout >= LACUNA_FILL_SHORTENED);
  stack (self, layout == LACUNA_FILL_STACKED);
  set_orientation (self->heading, wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_visible (self->wide_box, wide);
  gtk_widget_set_visible (self->view_button, !wide);
  lacuna_fill_view_update_heading (self);
  lacuna_fill_view_update_layout (self);
}

/* The width that the page needs in the layout that was applied. */
static int
measure (LacunaFillView *self)
{
  int width;

  gtk_widget_measure (adw_bin_get_child (ADW_BIN (self)), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

/* Shows the brush's size as a number too, or as the slider alone, which needs less room. */
static void
show_number (LacunaFillView *self, gboolean shown)
{
  gtk_scale_set_draw_value (GTK_SCALE (self->size_scale), shown);
  gtk_widget_set_size_request (self->size_scale, self->layout == LACUNA_FILL_WIDE ? 150 : shown ? 110 : 80, -1);
}

static void
set_css_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* The brush's size goes without its number where there is no room. What a layout needs is measured once: to measure anew
 * whenever sizes are given out would change them again. */
static void
apply_to (LacunaFillView *self, LacunaFillLayout layout, int width)
{
  apply (self, layout);
  if (self->least[layout] == 0)
    {
      show_number (self, TRUE);
      self->numbered[layout] = measure (self);
      show_number (self, FALSE);
      self->least[layout] = measure (self);
    }
  show_number (self, self->numbered[layout] <= width);
}

/* The first that fits; words of some languages, and large letters, need more than others. */
void
lacuna_fill_view_lay_out (LacunaFillView *self, int width, int height)
{
  LacunaFillLayout layout = width < WIDE ? LACUNA_FILL_COMPACT : LACUNA_FILL_WIDE;

  self->width = width;
  self->height = height;
  set_css_class (self->tools, "low", height < LOW);
  for (; layout < LACUNA_FILL_STACKED; layout++)
    {
      if (self->least[layout] > width || (layout > LACUNA_FILL_WIDE && height > width))
        continue;
      apply_to (self, layout, width);
      if (self->least[layout] <= width)
        return;
    }
  apply_to (self, LACUNA_FILL_STACKED, width);
}

void
lacuna_fill_view_lay_out_anew (LacunaFillView *self)
{
  memset (self->least, 0, sizeof self->least);
  if (self->width > 0)
    lacuna_fill_view_lay_out (self, self->width, self->height);
}

/* What the inspector tells of is pointed at in that pane. */
static void
enter_attention (LacunaFillView *self)
{
  if (lacuna_fill_view_is_shown (self, LACUNA_PANE_ATTENTION))
    return;
  self->left = self->pane;
  g_object_set (self, "pane", LACUNA_PANE_ATTENTION, NULL);
}

/* Shows the pane again in whose place the inspector showed that of attention. */
void
lacuna_fill_view_leave_attention (LacunaFillView *self)
{
  LacunaPane left = self->left;

  self->left = LACUNA_PANE_ATTENTION;
  if (self->pane == LACUNA_PANE_ATTENTION)
    g_object_set (self, "pane", left, NULL);
}

void
lacuna_fill_view_show_inspector (LacunaFillView *self, gboolean shown)
{
  gtk_widget_set_visible (self->inspector, shown);
  gtk_widget_set_visible (self->inspector_separator, shown);
  lacuna_fill_view_lay_out_anew (self);
  if (shown && lacuna_explanation_get_fill (self->explanation) != NULL)
    enter_attention (self);
  else if (!shown)
    lacuna_fill_view_leave_attention (self);
}

/* The photo's name, marked where it is not saved, and its size. */
void
lacuna_fill_view_update_heading (LacunaFillView *self)
{
  gboolean filling = self->document != NULL && lacuna_document_get_filling (self->document);
  gboolean wide = self->layout == LACUNA_FILL_WIDE;
  g_autofree char *name = NULL, *size = NULL;

  gtk_widget_set_visible (self->progress_box, filling);
  gtk_widget_set_size_request (self->progress, wide ? 150 : 30, -1);
  gtk_widget_set_visible (self->status, wide);
  gtk_widget_set_visible (self->stage_label, !wide);
  gtk_widget_set_visible (self->dimensions, !filling || wide);
  gtk_widget_set_visible (self->compare_button, !filling || wide);
  if (self->document == NULL)
    return;
  name = g_strconcat (lacuna_document_get_modified (self->document) ? "• " : "",
                      lacuna_document_get_title (self->document), NULL);
  /* TRANSLATORS: width and height of the photo, in pixels */
  size = g_strdup_printf (_ ("%d × %d"), lacuna_raster_get_width (lacuna_document_get_raster (self->document)),
                          lacuna_raster_get_height (lacuna_document_get_raster (self->document)));
  gtk_label_set_text (GTK_LABEL (self->name), name);
  /* A narrow window has room for the name, or its beginning and end, and the progress alone. */
  gtk_label_set_width_chars (GTK_LABEL (self->name), MIN (g_utf8_strlen (name, -1), filling && !wide ? 3 : 8));
  gtk_widget_set_tooltip_text (self->name, lacuna_document_get_title (self->document));
  gtk_label_set_text (GTK_LABEL (self->dimensions), size);
}

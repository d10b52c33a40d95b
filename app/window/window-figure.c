/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/figure/figure.h"

/* Writes figures of the last fill: what the attention pane draws, and four panes for a paper. */

static void
tell (LacunaWindow *self, const GError *error)
{
  if (error == NULL)
    lacuna_window_toast (self, self->document, "%s", _ ("Figure exported"));
  else
    lacuna_window_complain (self, _ ("The Figure Could Not Be Exported"), error);
}

static void
attention_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  lacuna_explanation_save_figure_finish (LACUNA_EXPLANATION (source), result, &error);
  tell (self, error);
}

void
lacuna_window_export_attention (LacunaWindow *self, const char *path)
{
  LacunaPyramid *picture = lacuna_fill_view_get_picture (self->fill_view);

  if (picture == NULL)
    {
      lacuna_window_toast (self, self->document, "%s", _ ("The photo is not drawn yet. Try again in a moment."));
      return;
    }
  /* The application outlives its window until the figure is written. */
  lacuna_services_hold (self->services);
  lacuna_explanation_save_figure_async (lacuna_fill_view_get_explanation (self->fill_view), picture, path,
                                        attention_written, g_object_ref (self));
}

/* What the thread needs. */
typedef struct {
  LacunaFill       *fill;
  LacunaPhoto      *original;
  GPtrArray        *before; /* of LacunaRetouch: what was filled before */
  guint             region;
  LacunaFigurePoint point;
  gboolean          has_point;
  char             *path;
} Panes;

static void
panes_free (gpointer data)
{
  Panes *self = data;

  g_object_unref (self->fill);
  g_object_unref (self->original);
  g_ptr_array_unref (self->before);
  g_free (self->path);
  g_free (self);
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Panes *panes = data;
  g_autoptr (LacunaPhoto) photo = lacuna_retouches_apply (panes->before, panes->original);
  GError *error = NULL;

  if (photo == NULL)
    g_task_return_new_error (task, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                             _ ("There is no memory for the figure. Close other programs."));
  else if (lacuna_figure_save (panes->fill, panes->region, photo, &panes->point, panes->has_point, panes->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
panes_written (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaWindow *self = LACUNA_WINDOW (source);
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  g_task_propagate_boolean (G_TASK (result), &error);
  tell (self, error);
}

void
lacuna_window_export_panes (LacunaWindow *self, const char *path)
{
  LacunaFill *fill = lacuna_document_get_fill (self->document);
  g_autoptr (GTask) task = g_task_new (self, NULL, panes_written, NULL);
  Panes *panes;

  /* It may have been taken back while the dialog was open. */
  if (fill == NULL)
    {
      lacuna_window_toast (self, self->document, "%s", _ ("There is no fill to draw"));
      return;
    }
  panes = g_new0 (Panes, 1);
  panes->fill = g_object_ref (fill);
  panes->original = g_object_ref (lacuna_document_get_original (self->document));
  panes->before = lacuna_document_list_before (self->document);
  panes->path = g_strdup (path);
  panes->has_point = lacuna_explanation_get_point (lacuna_fill_view_get_explanation (self->fill_view), &panes->region,
                                                   &panes->point.x, &panes->point.y);
  g_task_set_task_data (task, panes, panes_free);
  lacuna_services_hold (self->services);
  g_task_run_in_thread (task, draw_in_thread);
}

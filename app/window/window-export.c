/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

#include "app/figure/figure.h"

/* Writes what there is to know about the last fill: what the attention pane draws, four panes for a paper, and where its
 * pixels come from. */

static void
tell (LacunaWindow *self, const GError *error)
{
  if (error == NULL)
    lacuna_window_toast (self, NULL, "%s", _ ("Figure exported"));
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
  char             *photo;  /* path */
  guint             region;
  LacunaFigurePoint point;
  gboolean          has_point;
  char             *path;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->fill);
  g_object_unref (self->original);
  g_ptr_array_unref (self->before);
  g_free (self->photo);
  g_free (self->path);
  g_free (self);
}

/* Returns the photo that was filled. */
static LacunaPhoto *
restore_photo (const Export *self, GError **error)
{
  LacunaPhoto *photo = lacuna_retouches_apply (self->before, self->original);

  if (photo == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("There is no memory to export it. Close other programs."));
  return photo;
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Export *panes = data;
  GError *error = NULL;
  g_autoptr (LacunaPhoto) photo = restore_photo (panes, &error);

  if (photo != NULL
      && lacuna_figure_save (panes->fill, panes->region, photo, &panes->point, panes->has_point, panes->path, &error))
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

/* Has a thread write about the last fill to path. */
static void
begin (LacunaWindow *self, const char *path, GTaskThreadFunc write, GAsyncReadyCallback written)
{
  LacunaFill *fill = lacuna_document_get_fill (self->document);
  g_autoptr (GTask) task = g_task_new (self, NULL, written, NULL);
  Export *export;

  /* It may have been taken back while the dialog was open. */
  if (fill == NULL)
    {
      lacuna_window_toast (self, self->document, "%s", _ ("There is no fill to export"));
      return;
    }
  export = g_new0 (Export, 1);
  export->fill = g_object_ref (fill);
  export->original = g_object_ref (lacuna_document_get_original (self->document));
  export->before = lacuna_document_list_before (self->document);
  export->photo = g_strdup (lacuna_document_get_path (self->document));
  export->path = g_strdup (path);
  export->has_point = lacuna_explanation_get_point (lacuna_fill_view_get_explanation (self->fill_view), &export->region,
                                                    &export->point.x, &export->point.y);
  g_task_set_task_data (task, export, export_free);
  lacuna_services_hold (self->services);
  g_task_run_in_thread (task, write);
}

void
lacuna_window_export_panes (LacunaWindow *self, const char *path)
{
  begin (self, path, draw_in_thread, panes_written);
}

static gboolean
trace (const Export *self, GError **error)
{
  LacunaBox bounds = lacuna_fill_get_bounds (self->fill);
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (LacunaPhoto) photo = restore_photo (self, error);
  g_autoptr (LacunaProvenance) provenance = NULL;
  g_autoptr (GVariant) report = NULL;

  provenance = photo != NULL ? lacuna_provenance_new (self->fill, photo, &bounds, error) : NULL;
  if (provenance == NULL)
    return FALSE;
  report = lacuna_provenance_report (provenance, self->fill, self->photo);
  return lacuna_provenance_export (provenance, folder, report, error);
}

static void
trace_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (trace (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
provenance_written (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaWindow *self = LACUNA_WINDOW (source);
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    lacuna_window_toast (self, NULL, "%s", _ ("Provenance exported"));
  else
    lacuna_window_complain (self, _ ("The Provenance Could Not Be Exported"), error);
}

void
lacuna_window_export_provenance (LacunaWindow *self, const char *path)
{
  begin (self, path, trace_in_thread, provenance_written);
}

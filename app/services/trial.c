/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/services/trial.h"

#include <string.h>

#define SIDE 256
#define HOLE 64

typedef struct {
  double seconds;
  char  *device;
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *outcome = data;

  g_free (outcome->device);
  g_free (outcome);
}

/* A gradient of every colour. */
static LacunaPhoto *
draw_photo (GError **error)
{
  gsize size = 3 * SIDE * SIDE;
  guint8 *pixels = g_malloc (size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, size);

  for (int i = 0; i < SIDE * SIDE; i++)
    {
      int x = i % SIDE, y = i / SIDE;

      pixels[3 * i] = (guint8) x;
      pixels[3 * i + 1] = (guint8) y;
      pixels[3 * i + 2] = (guint8) (255 - (x + y) / 2);
    }
  return lacuna_photo_new (SIDE, SIDE, 3, 8, bytes, error);
}

static LacunaMask *
draw_mask (void)
{
  g_autofree guint8 *pixels = g_new0 (guint8, SIDE * SIDE);

  for (int y = (SIDE - HOLE) / 2; y < (SIDE + HOLE) / 2; y++)
    memset (pixels + y * SIDE + (SIDE - HOLE) / 2, 255, HOLE);
  return lacuna_mask_new (SIDE, SIDE, pixels);
}

static void
run_in_thread (GTask *task, gpointer engine, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (LacunaPhoto) photo = draw_photo (&error);
  g_autoptr (LacunaMask) mask = draw_mask ();
  g_autoptr (LacunaFill) fill = NULL;
  Outcome *outcome;
  gint64 begin = 0;

  for (int i = 0; i < 2 && error == NULL; i++)
    {
      g_clear_object (&fill);
      begin = g_get_monotonic_time ();
      fill = lacuna_engine_fill (engine, photo, mask, NULL, NULL, NULL, cancellable, &error);
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  outcome = g_new (Outcome, 1);
  outcome->seconds = (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  outcome->device = g_strdup (lacuna_fill_get_device (fill));
  g_task_return_pointer (task, outcome, outcome_free);
}

void
lacuna_trial_async (LacunaEngine *engine, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, data);

  g_task_run_in_thread (task, run_in_thread);
}

double
lacuna_trial_finish (GAsyncResult *result, char **ret_device, GError **error)
{
  Outcome *outcome = g_task_propagate_pointer (G_TASK (result), error);
  double seconds;

  if (outcome == NULL)
    return -1;
  seconds = outcome->seconds;
  *ret_device = g_steal_pointer (&outcome->device);
  outcome_free (outcome);
  return seconds;
}

static void
prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (LacunaFill) fill = lacuna_engine_fill_finish (NULL, result, &error);

  if (fill != NULL)
    g_task_return_pointer (task, g_strdupv ((char **) lacuna_fill_get_notes (fill)), (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

void
lacuna_trial_prepare_async (LacunaEngine *engine, const char *model, LacunaFillProgressFunc progress,
                            gpointer progress_data, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer data)
{
  const LacunaFillOptions options = { .model = model };
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  GError *error = NULL;
  g_autoptr (LacunaPhoto) photo = draw_photo (&error);
  g_autoptr (LacunaMask) mask = draw_mask ();

  g_task_set_source_tag (task, lacuna_trial_prepare_async);
  if (photo != NULL)
    lacuna_engine_fill_async (engine, photo, mask, &options, progress, progress_data, cancellable, prepared, task);
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

char **
lacuna_trial_prepare_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, lacuna_trial_prepare_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

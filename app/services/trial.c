#include "app/services/trial.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <unistd.h>

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

/* Photos come from files: a gradient of every colour is written and loaded. */
static LacunaPhoto *
draw_photo (GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, SIDE, SIDE);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  g_autofree char *path = NULL;
  LacunaPhoto *photo = NULL;
  int file = g_file_open_tmp ("lacuna-XXXXXX.png", &path, error);

  if (file < 0)
    return NULL;
  close (file);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        guint8 *pixel = pixels + y * stride + 3 * x;

        pixel[0] = (guint8) x;
        pixel[1] = (guint8) y;
        pixel[2] = (guint8) (255 - (x + y) / 2);
      }
  if (gdk_pixbuf_save (pixbuf, path, "png", error, NULL))
    photo = lacuna_photo_load (path, NULL, error);
  g_unlink (path);
  return photo;
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

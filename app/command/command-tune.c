/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/command.h"

#include <glib/gi18n.h>

#include "app/command/interrupt.h"
#include "app/command/terminal-progress.h"
#include "engine/bench.h"
#include "engine/lacuna.h"

typedef struct {
  char    *device;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
show_progress (double fraction, gpointer data)
{
  lacuna_terminal_progress_show (fraction, _ ("Trying sizes"));
}

static void
print_result (const LacunaTunerResult *result, LacunaDevice *device, gboolean json)
{
  g_autofree char *path = lacuna_tuning_get_path ();
  g_autofree char *file = g_filename_display_name (path);

  if (json)
    lacuna_command_print_json (g_variant_new_parsed (
        "{'device': <%@s>, 'file': <%s>, 'before_ms': <%d>, 'after_ms': <%d>}",
        lacuna_command_new_text (lacuna_device_get_name (device)), file, result->before, result->after));
  else
    g_print (_ ("%s: %.1f ms with its family's sizes, %.1f ms with its own, which are in\n%s\n"),
             lacuna_device_get_name (device), result->before, result->after, file);
}

static gboolean
tune (const Options *options, GError **error)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaDevice) device = lacuna_device_find (options->device, error);
  LacunaTunerResult result;
  gboolean done;

  if (device == NULL)
    return FALSE;
  done = lacuna_tuner_run (device, show_progress, NULL, cancellable, &result, error);
  lacuna_terminal_progress_clear ();
  if (!done || !lacuna_tuning_save (&result.tuning, device, error))
    return FALSE;
  print_result (&result, device, options->json);
  return TRUE;
}

LacunaExit
lacuna_command_tune (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &options.device,
      N_ ("OpenCL device, by its name or a part of it"), N_ ("DEVICE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print the result as a JSON object"), NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (
          &argc, &argv, entries, NULL, N_ ("Finds the sizes of kernels that suit a device."),
          N_ ("This takes minutes, in which the machine should do nothing else. Without it a device is\n"
              "used with sizes that suit others of its kind; delete the file to return to these.\n\n"
              "Example:\n"
              "  lacuna tune")))
    return LACUNA_EXIT_WRONG_USE;
  if (argc > 1)
    return lacuna_command_reject (_ ("“%s” is one argument too many."), argv[1]);
  if (tune (&options, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

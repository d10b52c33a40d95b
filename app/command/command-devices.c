/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/command.h"

#include <glib/gi18n.h>

#include "engine/lacuna.h"

static const char *const kinds[] = {
  [LACUNA_DEVICE_CPU] = "CPU",
  [LACUNA_DEVICE_GPU] = "GPU",
  [LACUNA_DEVICE_OTHER] = N_ ("other"),
};

static GVariant *
describe (LacunaDevice *device, gboolean automatic)
{
  return g_variant_new_parsed ("{'name': <%s>, 'kind': <%s>, 'platform': <%s>, 'vendor': <%s>, 'driver': <%s>,"
                               " 'compute_units': <%u>, 'memory': <%t>, 'automatic': <%b>}",
                               lacuna_device_get_name (device), kinds[lacuna_device_get_kind (device)],
                               lacuna_device_get_platform (device), lacuna_device_get_vendor (device),
                               lacuna_device_get_driver (device), lacuna_device_get_compute_units (device),
                               lacuna_device_get_memory (device), automatic);
}

static void
print (LacunaDevice *device, gboolean automatic)
{
  g_autofree char *memory = g_format_size_full (lacuna_device_get_memory (device), G_FORMAT_SIZE_IEC_UNITS);
  guint n_units = lacuna_device_get_compute_units (device);

  g_print (automatic ? _ ("%s (used unless another one is asked for)\n") : "%s\n", lacuna_device_get_name (device));
  /* TRANSLATORS: first comes the kind: “CPU”, “GPU” or “other” */
  g_print (ngettext ("  %s, %u compute unit, %s of memory\n", "  %s, %u compute units, %s of memory\n", n_units),
           _ (kinds[lacuna_device_get_kind (device)]), n_units, memory);
  g_print (_ ("  %s, driver %s\n"), lacuna_device_get_platform (device), lacuna_device_get_driver (device));
}

/* Says which drivers were left out. Where no device is left, the error says so already. */
static void
complain_of_set_aside (GPtrArray *devices)
{
  g_autofree char *note = devices != NULL ? lacuna_device_get_note () : NULL;

  if (note != NULL)
    lacuna_command_complain ("%s", note);
}

LacunaExit
lacuna_command_devices (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print an array of JSON objects"), NULL },
    { NULL },
  };
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, NULL,
                             N_ ("Lists the OpenCL devices, the one used by itself first."),
                             N_ ("Example:\n"
                                 "  lacuna devices\n\n"
                                 "A name, or a part of it, is what --device of other commands takes.")))
    return LACUNA_EXIT_WRONG_USE;
  if (argc > 1)
    return lacuna_command_reject (_ ("“%s” is one argument too many."), argv[1]);
  devices = lacuna_device_list (&error);
  complain_of_set_aside (devices);
  if (devices == NULL)
    {
      lacuna_command_complain ("%s", error->message);
      return LACUNA_EXIT_FAILED;
    }

  for (guint i = 0; i < devices->len; i++)
    if (json)
      g_variant_builder_add_value (&builder, describe (devices->pdata[i], i == 0));
    else
      print (devices->pdata[i], i == 0);
  if (json)
    lacuna_command_print_json (g_variant_builder_end (&builder));
  else
    g_variant_builder_clear (&builder);
  return LACUNA_EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/command.h"

#include <glib/gi18n.h>

#include "engine/lacuna.h"

static GVariant *
list_notes (char **notes)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (char **note = notes; *note != NULL; note++)
    g_variant_builder_add_value (&builder, lacuna_command_new_text (*note));
  return g_variant_builder_end (&builder);
}

static void
print_result (const char *name, char **notes, gboolean json)
{
  g_autofree char *path = lacuna_models_get_user_path (name);
  g_autofree char *display_name = g_filename_display_name (name), *display_path = g_filename_display_name (path);
  g_autofree char *clean_name = lacuna_command_clean (name), *clean_path = lacuna_command_clean (path);

  if (json)
    {
      lacuna_command_print_json (g_variant_new_parsed ("{'name': <%s>, 'path': <%s>, 'notes': <%@as>}", display_name,
                                                       display_path, list_notes (notes)));
      return;
    }
  g_print ("%s\n  %s\n", clean_name, clean_path);
  for (char **note = notes; *note != NULL; note++)
    {
      g_autofree char *clean_note = lacuna_command_clean (*note);

      g_print ("  %s\n", clean_note);
    }
}

LacunaExit
lacuna_command_import (int argc, char **argv)
{
  g_autofree char *name = NULL, *imported = NULL;
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "name", 'n', 0, G_OPTION_ARG_FILENAME, &name,
      N_ ("Name of the model to be, else that of the file or folder"), N_ ("NAME") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print name, path and notes as a JSON object"), NULL },
    { NULL },
  };

  if (!lacuna_command_parse (
          &argc, &argv, entries, N_ ("FILE|FOLDER"),
          N_ ("Makes a model of weights of this network that were learnt elsewhere."),
          N_ ("Examples:\n"
              "  lacuna import release_places2_256/\n"
              "  lacuna import gen_00430000.pt --name port\n\n"
              "TensorFlow's checkpoints (.index and .data), PyTorch's files (.pt, .pth), "
              "safetensors and\nthe parameters in ONNX models are read. Where such models are published is in the man page.")))
    return LACUNA_EXIT_WRONG_USE;
  if (argc < 2)
    return lacuna_command_reject (_ ("Name a file or a folder to import."));
  if (argc > 2)
    return lacuna_command_reject (_ ("“%s” is one argument too many."), argv[2]);
  imported = lacuna_models_import (argv[1], name, &notes, &error);
  if (imported == NULL)
    {
      lacuna_command_complain ("%s", error->message);
      return LACUNA_EXIT_FAILED;
    }
  print_result (imported, notes, json);
  return LACUNA_EXIT_DONE;
}

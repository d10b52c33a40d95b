#include "app/command/command.h"

#include <glib/gi18n.h>

#include "engine/engine.h"

static GVariant *
describe (const LacunaModel *model)
{
  g_autofree char *name = g_filename_display_name (model->name);
  g_autofree char *path = g_filename_display_name (model->path);

  return g_variant_new_parsed ("{'name': <%s>, 'title': <%s>, 'path': <%s>, 'installed': <%b>, 'width': <%u>,"
                               " 'trained_side': <%u>, 'trained_images': <%t>, 'license': <%s>}",
                               name, model->title, path, model->installed, model->width, model->trained_side,
                               model->trained_images, model->license != NULL ? model->license : "");
}

static void
print (const LacunaModel *model)
{
  g_autofree char *name = g_filename_display_name (model->name);
  g_autofree char *path = g_filename_display_name (model->path);

  g_print ("%s", name);
  if (g_strcmp0 (model->title, model->name) != 0)
    g_print (" (%s)", model->title);
  g_print ("\n  width %u", model->width);
  if (model->trained_side > 0)
    g_print (", trained at %u pixels", model->trained_side);
  if (model->trained_images > 0)
    g_print (", on %" G_GUINT64_FORMAT " images", model->trained_images);
  if (model->license != NULL)
    g_print (", %s", model->license);
  g_print ("\n  %s\n", path);
}

LacunaExit
lacuna_command_models (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print an array of JSON objects", NULL },
    { NULL },
  };
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree char *description = NULL;
  g_autoptr (GPtrArray) models = NULL;

  description
      = g_strdup_printf ("Example:\n"
                         "  lacuna models\n\n"
                         "A name, or the path of a .safetensors file, is what --model of other commands takes.\n"
                         "Files in %s/lacuna/models are listed too.",
                         g_get_user_data_dir ());
  if (!lacuna_command_parse (&argc, &argv, entries, NULL, "Lists the models, the one used by itself first.",
                             description))
    return LACUNA_EXIT_WRONG_USE;
  if (argc > 1)
    return lacuna_command_reject (_ ("“%s” is one argument too many."), argv[1]);

  models = lacuna_models_list ();
  if (models->len == 0 && !json)
    g_print ("There is no model. Put one into “%s/lacuna/models”.\n", g_get_user_data_dir ());
  for (guint i = 0; i < models->len; i++)
    if (json)
      g_variant_builder_add_value (&builder, describe (models->pdata[i]));
    else
      print (models->pdata[i]);
  if (json)
    lacuna_command_print_json (g_variant_builder_end (&builder));
  else
    g_variant_builder_clear (&builder);
  return LACUNA_EXIT_DONE;
}

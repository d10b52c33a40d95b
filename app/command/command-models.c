/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna models”: lists the models, and exports, renames, removes or restores one of them. It keeps no
 * state: each run makes one call that reads or changes the folders of models. The main thread runs all of it. */
#include "app/command/command.h"

#include <glib/gi18n.h>

#include "app/command/file-use.h"
#include "engine/lacuna.h"

static GVariant *
describe (const LacunaModel *model)
{
  g_autofree char *name = g_filename_display_name (model->name);
  g_autofree char *path = g_filename_display_name (model->path);

  return g_variant_new_parsed ("{'name': <%s>, 'title': <%@s>, 'path': <%s>, 'installed': <%b>, 'architecture': <%@s>,"
                               " 'width': <%u>, 'trained_side': <%u>, 'trained_photos': <%u>,"
                               " 'trained_images': <%t>, 'license': <%@s>}",
                               name, lacuna_command_new_text (model->title), path, model->installed,
                               lacuna_command_new_text (model->architecture), model->width, model->trained_side,
                               model->trained_photos, model->trained_images, lacuna_command_new_text (model->license));
}

/* A line each for what a model is called, what it is, and where: none of its texts has line breaks there. */
static void
print (const LacunaModel *model)
{
  g_autofree char *name = lacuna_command_clean (model->name), *title = lacuna_command_clean (model->title);
  g_autofree char *path = lacuna_command_clean (model->path),
                  *architecture = lacuna_command_clean (model->architecture);
  g_autofree char *license = model->license != NULL ? lacuna_command_clean (model->license) : NULL;

  g_print ("%s", name);
  if (g_strcmp0 (title, name) != 0)
    g_print (" (%s)", title);
  g_print (_ ("\n  %s, width %u"), architecture, model->width);
  if (model->trained_side > 0)
    g_print (_ (", trained at %u pixels"), model->trained_side);
  if (model->trained_photos > 0)
    g_print (ngettext (", from %u photo", ", from %u photos", model->trained_photos), model->trained_photos);
  else if (model->trained_images > 0)
    g_print (ngettext (", on %u image", ", on %u images", (gulong) model->trained_images),
             (guint) MIN (model->trained_images, G_MAXUINT));
  if (license != NULL)
    g_print (_ (", %s"), g_str_equal (license, "unknown") ? _ ("license unknown") : license);
  g_print ("\n  %s\n", path);
}

/* A function that changes one model. Where the command has one operand, both arguments are that. */
typedef gboolean (*Change) (const char *model, const char *operand, GError **error);

static gboolean
remove_model (const char *model, const char *operand, GError **error)
{
  return lacuna_models_remove (model, error);
}

static gboolean
restore_model (const char *model, const char *operand, GError **error)
{
  return lacuna_models_restore (model, error);
}

static gboolean
rename_model (const char *model, const char *operand, GError **error)
{
  return lacuna_models_rename (model, operand, error);
}

static LacunaExit
change (Change call, int argc, char **argv, guint n_operands, const char *operands, const char *summary)
{
  const GOptionEntry entries[] = { { NULL } };
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (&argc, &argv, entries, operands, summary, NULL))
    return LACUNA_EXIT_WRONG_USE;
  if ((guint) argc != 1 + n_operands)
    return lacuna_command_reject (_ ("Give %s."), _ (operands));
  if (call (argv[1], argv[n_operands], &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

/* Whether the file is not the model's own. */
static gboolean
check_files (const char *model, const char *path)
{
  g_autoptr (LacunaFileUse) use = lacuna_file_use_new ();
  g_autofree char *weights = lacuna_models_find (model, NULL);

  lacuna_file_use_read (use, weights);
  lacuna_file_use_write (use, path);
  return lacuna_file_use_check (use, NULL);
}

static LacunaExit export(int argc, char **argv)
{
  static const char *const precisions[] = { [LACUNA_PRECISION_FP32] = "fp32", [LACUNA_PRECISION_FP16] = "fp16" };
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "precision", 'p', 0, G_OPTION_ARG_STRING, &name, N_ ("Of all weights, else as they are"), "fp32|fp16" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  LacunaPrecision precision = LACUNA_PRECISION_KEPT;

  if (!lacuna_command_parse (&argc, &argv, entries, N_ ("MODEL FILE"),
                             N_ ("Writes a model as a safetensors file for other programs: in RGB, tensors by layer."),
                             N_ ("Example:\n  lacuna models export default default.safetensors --precision fp32")))
    return LACUNA_EXIT_WRONG_USE;
  if (argc != 3)
    return lacuna_command_reject (_ ("Give MODEL FILE."));
  if (name != NULL)
    for (precision = LACUNA_PRECISION_FP32; precision < G_N_ELEMENTS (precisions); precision++)
      if (g_str_equal (name, precisions[precision]))
        break;
  if (precision == G_N_ELEMENTS (precisions))
    return lacuna_command_reject (_ ("There is no precision “%s”: fp32 or fp16."), name);
  if (!check_files (argv[1], argv[2]))
    return LACUNA_EXIT_WRONG_USE;
  if (lacuna_models_export (argv[1], argv[2], precision, &error))
    return LACUNA_EXIT_DONE;
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

static void
print_models (gboolean json)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GPtrArray) models = lacuna_models_list ();

  if (models->len == 0 && !json)
    g_print (_ ("There is no model. Put one into “%s/lacuna/models”.\n"), g_get_user_data_dir ());
  for (guint i = 0; i < models->len; i++)
    if (json)
      g_variant_builder_add_value (&builder, describe (models->pdata[i]));
    else
      print (models->pdata[i]);
  if (json)
    lacuna_command_print_json (g_variant_builder_end (&builder));
  else
    g_variant_builder_clear (&builder);
}

static LacunaExit
print_all (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print an array of JSON objects"), NULL },
    { NULL },
  };
  g_autofree char *description = NULL;

  description
      = g_strdup_printf (_ ("Example:\n"
                            "  lacuna models\n\n"
                            "Of one model, with options of their own:\n"
                            "  lacuna models export MODEL FILE   Write a safetensors file for other programs\n"
                            "  lacuna models rename MODEL NAME   Give one of yours another name\n"
                            "  lacuna models remove MODEL        Take one of yours out of the list\n"
                            "  lacuna models restore MODEL       Bring it back\n\n"
                            "A name, or the path of a .safetensors file, is what --model of other commands takes.\n"
                            "Files in %s/lacuna/models are listed too."),
                         g_get_user_data_dir ());
  if (!lacuna_command_parse (&argc, &argv, entries, NULL, N_ ("Lists the models, the one used by itself first."),
                             description))
    return LACUNA_EXIT_WRONG_USE;
  if (argc > 1)
    return lacuna_command_reject (_ ("“%s” is one argument too many."), argv[1]);
  print_models (json);
  return LACUNA_EXIT_DONE;
}

LacunaExit
lacuna_command_models (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";

  if (g_str_equal (what, "export"))
    return export(argc - 1, argv + 1);
  if (g_str_equal (what, "rename"))
    return change (rename_model, argc - 1, argv + 1, 2, N_ ("MODEL NAME"), N_ ("Gives a model of yours another name."));
  if (g_str_equal (what, "remove"))
    return change (
        remove_model, argc - 1, argv + 1, 1, N_ ("MODEL"),
        N_ ("Takes a model of yours out of the list, till it is restored or another of its name is removed."));
  if (g_str_equal (what, "restore"))
    return change (restore_model, argc - 1, argv + 1, 1, N_ ("MODEL"), N_ ("Brings a model back that was removed."));
  return print_all (argc, argv);
}

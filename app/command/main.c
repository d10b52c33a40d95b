/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/command/command.h"
#include "app/command/interrupt.h"
#include "engine/lacuna.h"

#define WINDOW "lacuna-window"

static const struct {
  const char *name;
  const char *summary;
  LacunaExit (*run) (int argc, char **argv);
} commands[] = {
  { "fill", N_ ("Remove what a mask marks from photos"), lacuna_command_fill },
  { "explain", N_ ("Draw a figure of where a fill comes from"), lacuna_command_explain },
  { "devices", N_ ("List the OpenCL devices"), lacuna_command_devices },
  { "models", N_ ("List the models, export, rename or remove one"), lacuna_command_models },
  { "import", N_ ("Make a model of weights from elsewhere"), lacuna_command_import },
  { "train", N_ ("Learn from a folder of photos"), lacuna_command_train },
  { "eval", N_ ("Measure how well a model fills photos that are known"), lacuna_command_eval },
  { "bench", N_ ("Measure how long the network takes"), lacuna_command_bench },
  { "tune", N_ ("Find what suits a device"), lacuna_command_tune },
};

static void
print_help (void)
{
  g_print ("%s", _ ("Usage:\n"
                    "  lacuna [PHOTO …]        Open the window\n"
                    "  lacuna COMMAND …        Work without it\n"
                    "  lacuna COMMAND --help   Tell about a command\n"
                    "  lacuna --version\n"
                    "\n"
                    "Lacuna removes unwanted things from photos, on this computer alone.\n"
                    "\n"
                    "Commands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-9s %s\n", commands[i].name, _ (commands[i].summary));
  g_print ("%s", _ ("\n"
                    "Examples:\n"
                    "  lacuna beach.jpg\n"
                    "  lacuna fill beach.jpg beach.mask.png -o beach-filled.jpg\n"
                    "  lacuna fill photos/ --masks masks/ -o filled/\n"
                    "  lacuna devices --json\n"
                    "\n"
                    "Exit codes: 0 done, 1 failed, 2 wrong use.\n"));
}

/* Becomes the window's program, which lies beside this one or in the PATH, with
 * the arguments that follow its name. Returns where there is none. */
static void
open_window (char **arguments)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : ".");
  g_autofree char *path = g_build_filename (folder, WINDOW, NULL);

  lacuna_end ();
  arguments[0] = WINDOW;
  execv (path, arguments);
  execvp (WINDOW, arguments);
}

/* argv: the program's own name, and photos or folders of them. */
static LacunaExit
open_photos (char **argv)
{
  for (char **path = argv + 1; *path != NULL; path++)
    if (!g_file_test (*path, G_FILE_TEST_EXISTS))
      return lacuna_command_reject (
          path == argv + 1 ? _ ("There is no command or file “%s”.") : _ ("There is no file “%s”."), *path);
  open_window (argv);
  lacuna_command_complain (
      _ ("The photos can't be shown: lacuna-window is not installed. Install it, or use “lacuna fill”."));
  return LACUNA_EXIT_FAILED;
}

static LacunaExit
run (int argc, char **argv)
{
  if (argc < 2)
    {
      open_window (argv);
      print_help ();
      return LACUNA_EXIT_DONE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 || strcmp (argv[1], "help") == 0)
    {
      print_help ();
      return LACUNA_EXIT_DONE;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      g_print ("%s %s\n", g_get_prgname (), LACUNA_VERSION);
      return LACUNA_EXIT_DONE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      {
        g_autofree char *name = g_strconcat ("lacuna ", argv[1], NULL);

        g_set_prgname (name);
        return commands[i].run (argc - 1, argv + 1);
      }
  return open_photos (argv);
}

int
main (int argc, char *argv[])
{
  const char *locale = g_getenv ("LACUNA_LOCALE");
  LacunaExit code;
  gboolean is_sound;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale != NULL ? locale : LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* A file that is too large is then an error of the write. */
  signal (SIGXFSZ, SIG_IGN);
  g_set_prgname ("lacuna");
  lacuna_command_begin ();
  code = lacuna_command_end (run (argc, argv));
  is_sound = lacuna_end ();
  lacuna_interrupt_end ();
  if (!is_sound)
    _exit (code);
  return code;
}

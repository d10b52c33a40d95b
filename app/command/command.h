/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the command line's subcommands share. Each is a function of its
 * arguments, its own name first, that returns the exit code. */
typedef enum {
  LACUNA_EXIT_DONE,
  LACUNA_EXIT_FAILED,
  LACUNA_EXIT_WRONG_USE,
} LacunaExit;

LacunaExit lacuna_command_bench   (int argc, char **argv);
LacunaExit lacuna_command_devices (int argc, char **argv);
LacunaExit lacuna_command_eval    (int argc, char **argv);
LacunaExit lacuna_command_explain (int argc, char **argv);
LacunaExit lacuna_command_fill    (int argc, char **argv);
LacunaExit lacuna_command_import  (int argc, char **argv);
LacunaExit lacuna_command_models  (int argc, char **argv);
LacunaExit lacuna_command_train   (int argc, char **argv);
LacunaExit lacuna_command_tune    (int argc, char **argv);

/* Reads the options of entries. operands: what the usage line shows after
 * them; description: what --help shows below. They are marked with N_, and translated here. On FALSE the use was
 * wrong and that was said; --help prints and exits. */
gboolean lacuna_command_parse (int *argc, char ***argv, const GOptionEntry *entries, const char *operands,
                               const char *summary, const char *description);

/* Must be called first. From then on nothing that is printed has control characters but line breaks and tabs, whether
 * they come from names, models or drivers, and lacuna_command_end() knows of what could not be written. */
void lacuna_command_begin (void);
/* The exit code, LACUNA_EXIT_FAILED where standard output could not be written, which is said then. */
LacunaExit lacuna_command_end (LacunaExit code);
/* Returns text with a space in place of each control character, line breaks and tabs included. (transfer full) */
char *lacuna_command_clean (const char *text);

/* Says on standard error, in one line, what went wrong. */
void       lacuna_command_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);
LacunaExit lacuna_command_reject   (const char *format, ...) G_GNUC_PRINTF (1, 2); /* and where help is; returns WRONG_USE */

/* Prints as one line of JSON; takes a floating value. */
void lacuna_command_print_json (GVariant *value);

/* Whether both paths lead to one file that is there. */
gboolean lacuna_command_is_same_file (const char *a, const char *b);

G_END_DECLS

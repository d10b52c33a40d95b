/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns the path of a helper, a program of Lacuna's that does a part of its work (g_free): in the folder
 * LACUNA_LIBEXEC, else beside the running program as in a build folder, or where it was installed. NULL: it is in none
 * of these. */
char *lacuna_helper_find (const char *program);

/* What a run of a helper came to. */
typedef struct {
  gboolean is_over;  /* it ended by itself; FALSE: it said nothing for too long, and was stopped */
  int      status;   /* as of waitpid; 0: well */
  char    *last;     /* the last line that it printed, valid UTF-8, empty where there is none */
  char    *words;    /* and of what went to standard error */
  guint    patience; /* the seconds it had between one word and the next */
} LacunaHelperRun;

/* Runs a helper to its end, or until it has printed nothing for so many seconds. environment: NULL-terminated, as of
 * g_get_environ; NULL: this process' own. FALSE: it can't be run, or (G_IO_ERROR_CANCELLED) it was cancelled. */
gboolean lacuna_helper_run          (const char *const *arguments, char **environment, guint patience,
                                     GCancellable *cancellable, LacunaHelperRun *ret_run, GError **error);
/* Describes how a run ended that did not go well, in words that follow “the driver: ” (g_free). */
char    *lacuna_helper_describe_end (const LacunaHelperRun *run);
void     lacuna_helper_run_clear    (LacunaHelperRun *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaHelperRun, lacuna_helper_run_clear)

G_END_DECLS

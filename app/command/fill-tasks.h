/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/command/command.h"
#include "app/command/fill-choices.h"

G_BEGIN_DECLS

/* What “lacuna fill” is asked for: its options as they were given. */
typedef struct {
  char    *output;
  char    *masks; /* what --masks names; NULL: a mask follows each photo */
  char    *stages;
  char    *provenance;
  char    *patch;
  LacunaFillChoices choices;
  gboolean force;
  gboolean record;
  gboolean explain;
  gboolean json;
  char   **operands;
} LacunaFillRequest;

/* One photo to fill. “-” is standard input, and as an output standard output. */
typedef struct {
  char       *photo;
  char       *mask;     /* NULL: it has none */
  gboolean    is_named; /* the user named the photo; else it was found in a folder */
  char       *output;   /* NULL: nothing is filled, only explained */
  const char *folder;   /* where the output is to be, made where it is missing; NULL: output is a path of its own */
  char       *stages;   /* folder, or NULL */
  char       *provenance; /* the same */
  const char *patch;      /* file, or NULL */
} LacunaFillTask;

/* The photos that are asked for. NULL where nothing can be done, which was said
 * and *ret_code tells. They are valid as long as the request. */
GPtrArray *lacuna_fill_tasks_new (const LacunaFillRequest *request, LacunaExit *ret_code); /* of LacunaFillTask */

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* What “lacuna eval” tells. */

/* How well a model filled a photo. */
typedef struct {
  LacunaScore score;
  double      seconds;
} LacunaEvalMeasure;

/* How well each model filled the same photos. There is one model and one photo at least. */
typedef struct {
  guint              n_models, n_photos;
  char             **models;   /* their names */
  char             **photos;   /* the same */
  LacunaEvalMeasure *measures; /* n_photos of the first model, then those of the next */
} LacunaEvalReport;

/* Each photo and the mean of one model, or the means of several, a column each; inside the hole only. */
void lacuna_eval_report_print      (const LacunaEvalReport *self);
/* All figures of all photos as an object; of several models each as one of an array. */
void lacuna_eval_report_print_json (const LacunaEvalReport *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/edit.h"
#include "app/document/raster.h"
#include "app/document/retouch.h"

G_BEGIN_DECLS

/* One step of the history: a change of what is marked, or a fill. Immutable and
 * atomically reference-counted, but for fill, which the main thread drops. */
typedef struct {
  gatomicrefcount ref_count;
  char           *title;
  LacunaDelta    *delta;   /* of the hole; NULL: it stays */
  LacunaDelta    *steer[LACUNA_N_STEERS]; /* of what steers; NULL: it stays */
  LacunaRetouch  *retouch; /* of the photo; NULL for a change of what is marked */
  LacunaRetouch  *coarse;  /* what the coarse stage would have changed; NULL: not known */
  char           *model;   /* path of the weights that filled; NULL: not known */
  GVariant       *lines;   /* all that edges are to follow from now on, as in LacunaFillOptions; NULL: they stay */
  double          strength; /* of what was preferred, 0: nothing was; -1: not known */
  LacunaFill     *fill;    /* the retouch's attention and stages; NULL once dropped */
  GPtrArray      *trust;   /* of GBytes: lacuna_explain_trust of each of its regions; NULL without fill */
  LacunaSelection *selection; /* which delta added, for strokes to come; NULL: none, or not known */
  gboolean        refines;   /* the selection goes on with that of the step before */
  gboolean        anew;      /* the selection took the place of a hole that was there before */
} LacunaStep;

/* Any delta may be NULL, and steer, for nothing that steers. */
LacunaStep *lacuna_step_new_mask (const char *title, LacunaDelta *delta, LacunaDelta *const *steer);
LacunaStep *lacuna_step_new_fill (const char *title, LacunaRetouch *retouch, LacunaRetouch *coarse, LacunaFill *fill,
                                  double strength);
LacunaStep *lacuna_step_ref      (LacunaStep *self);
void        lacuna_step_unref    (LacunaStep *self);
/* Takes trust. Before anyone else has the step, as what follows. */
void        lacuna_step_set_trust    (LacunaStep *self, GPtrArray *trust);
void        lacuna_step_set_lines    (LacunaStep *self, GVariant *lines);
void        lacuna_step_set_selection (LacunaStep *self, LacunaSelection *selection, gboolean refines, gboolean anew);

/* Forgets fill and trust, which are large. */
void        lacuna_step_drop_fill    (LacunaStep *self);

/* All but coarse, model, strength, fill, trust and what belongs to a selection. */
GVariant   *lacuna_step_serialize   (LacunaStep *self);
/* For a photo of that size; NULL where the data is damaged. */
LacunaStep *lacuna_step_deserialize (GVariant *variant, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaStep, lacuna_step_unref)

G_END_DECLS

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
  LacunaDelta    *delta;   /* change of the hole; NULL: it stays */
  LacunaDelta    *steer[LACUNA_N_STEERS]; /* changes of what steers; NULL: it stays */
  LacunaRetouch  *retouch; /* change of the photo; NULL for a step that only marks */
  LacunaRetouch  *coarse;  /* what the coarse stage would have changed; NULL: not known */
  char           *model;   /* path of the weights that filled; NULL: not known */
  GVariant       *lines;   /* all that edges are to follow from now on, as in LacunaFillOptions; NULL: they stay */
  double          strength; /* how much was copied from what is preferred, 0: nothing was; -1: not known */
  LacunaTransforms transforms; /* how what was copied might be changed; not known where the strength is not */
  LacunaFill     *fill;    /* the retouch's attention and stages; NULL once dropped */
  GPtrArray      *trust;   /* of GBytes: lacuna_explain_trust of each of its regions; NULL without fill */
  LacunaSelection *selection; /* what delta selected, for the next stroke to go on with; NULL: nothing, or not known */
  gboolean        refines;   /* the selection goes on with that of the step before */
  gboolean        anew;      /* the selection took the place of a hole that was there before */
} LacunaStep;

/* Each delta may be NULL; NULL for steer means that nothing that steers changes. */
LacunaStep *lacuna_step_new_mask (const char *title, LacunaDelta *delta, LacunaDelta *const *steer);
LacunaStep *lacuna_step_new_fill (const char *title, LacunaRetouch *retouch, LacunaRetouch *coarse, LacunaFill *fill,
                                  double strength, LacunaTransforms transforms);
LacunaStep *lacuna_step_ref      (LacunaStep *self);
void        lacuna_step_unref    (LacunaStep *self);
/* The weights that filled lie at that path now. This and the next three must be called before anyone else has the step. */
void        lacuna_step_set_model    (LacunaStep *self, const char *model);
/* Takes ownership of trust. */
void        lacuna_step_set_trust    (LacunaStep *self, GPtrArray *trust);
void        lacuna_step_set_lines    (LacunaStep *self, GVariant *lines);
void        lacuna_step_set_selection (LacunaStep *self, LacunaSelection *selection, gboolean refines, gboolean anew);

/* Forgets fill and trust, which are large. */
void        lacuna_step_drop_fill    (LacunaStep *self);

/* Returns all of the step but coarse, fill, trust and what belongs to a selection. (transfer floating) */
GVariant   *lacuna_step_serialize   (LacunaStep *self);
/* Returns a step for a photo of that size; NULL: the data is damaged. */
LacunaStep *lacuna_step_deserialize (GVariant *variant, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaStep, lacuna_step_unref)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/* Values of LacunaFillOptions.variant. */
#define LACUNA_FILL_N_VARIANTS 5
#define LACUNA_FILL_WITHOUT_GUIDE 1

/**
 * LacunaTransforms:
 * @LACUNA_TRANSFORM_TURNED: by quarters
 * @LACUNA_TRANSFORM_MIRRORED: left and right exchanged
 * @LACUNA_TRANSFORM_SCALED: by a third larger and a fourth smaller
 *
 * How what is copied may be changed.
 */
typedef enum { /*< flags >*/
  LACUNA_TRANSFORM_TURNED = 1 << 0,
  LACUNA_TRANSFORM_MIRRORED = 1 << 1,
  LACUNA_TRANSFORM_SCALED = 1 << 2,
} LacunaTransforms;

/**
 * LacunaFillOptions:
 * @model: (nullable): a name of the library or a path; %NULL: the default model
 * @avoid: (nullable): of the photo's size: where nothing may be copied from; %NULL: nowhere
 * @variant: below %LACUNA_FILL_N_VARIANTS: 0 is what is best as a rule; %LACUNA_FILL_WITHOUT_GUIDE copies by what fits
 *   together alone, not by what the network drew; the others choose their windows otherwise
 * @keep_scores: keep the attention in the regions
 * @without_detail: leave out the stage at full resolution
 * @prefer: (nullable): of the photo's size: from where to copy rather than from elsewhere; %NULL: no place is preferred
 * @strength: how much rather, from 0 (as if nothing were preferred) to 1 (from there alone, where it is large enough)
 * @keep_features: keep in the engine what the network makes before the attention, and what is copied where nothing is
 *   avoided or preferred, from which the next fill of the same photo and hole goes on: so that another avoid, prefer or
 *   strength is seen soon. What it makes is the same without that
 * @lines: (nullable): lines across the hole that edges are to follow, of type aa(dd): of each line its corners, x and y in
 *   pixels of the photo, of which whole numbers are the middles; %NULL: none. Through a hole that none of them crosses,
 *   edges that end on both sides go on by themselves
 * @transforms: how what is copied may be changed; 0: not at all. It takes more memory and time
 *
 * What a fill is asked for. All zero is the default.
 */
typedef struct {
  const char *model;
  LacunaMask *avoid;
  guint       variant;
  gboolean    keep_scores;
  gboolean    without_detail;
  LacunaMask *prefer;
  double      strength;
  gboolean    keep_features;
  GVariant   *lines;
  LacunaTransforms transforms;
} LacunaFillOptions;

#define LACUNA_TYPE_FILL_OPTIONS (lacuna_fill_options_get_type ())
GType lacuna_fill_options_get_type (void);

/**
 * lacuna_fill_options_new: (constructor)
 *
 * Returns: (transfer full): the defaults
 */
LacunaFillOptions *lacuna_fill_options_new  (void);
LacunaFillOptions *lacuna_fill_options_copy (const LacunaFillOptions *self);
void               lacuna_fill_options_free (LacunaFillOptions *self);

/**
 * lacuna_fill_options_set_avoid:
 * @avoid: (nullable): where nothing may be copied from
 *
 * Of options that [ctor@FillOptions.new] made.
 */
void lacuna_fill_options_set_avoid (LacunaFillOptions *self, LacunaMask *avoid);

/**
 * lacuna_fill_options_set_prefer:
 * @prefer: (nullable): from where to copy rather than from elsewhere
 * @strength: how much rather, from 0 to 1
 *
 * Of options that [ctor@FillOptions.new] made.
 */
void lacuna_fill_options_set_prefer (LacunaFillOptions *self, LacunaMask *prefer, double strength);

/**
 * lacuna_fill_options_set_lines:
 * @lines: (nullable): lines that edges are to follow, of type aa(dd)
 *
 * Of options that [ctor@FillOptions.new] made. What is copied along a line comes from where it goes through known ground:
 * it has to be drawn on, beyond the hole, along the edge.
 */
void lacuna_fill_options_set_lines (LacunaFillOptions *self, GVariant *lines);

/**
 * LacunaProgressPhase:
 * @LACUNA_PROGRESS_PREPARING: kernels are built, weights loaded
 * @LACUNA_PROGRESS_COARSE: the first network runs
 * @LACUNA_PROGRESS_REFINING: the second network runs
 * @LACUNA_PROGRESS_DETAIL: the photo's own pixels are matched
 * @LACUNA_PROGRESS_DONE: all is there
 *
 * What a fill is doing.
 */
typedef enum {
  LACUNA_PROGRESS_PREPARING,
  LACUNA_PROGRESS_COARSE,
  LACUNA_PROGRESS_REFINING,
  LACUNA_PROGRESS_DETAIL,
  LACUNA_PROGRESS_DONE,
} LacunaProgressPhase;

/**
 * LacunaFillProgress:
 * @phase: what it is doing
 * @region: number of the region at hand
 * @n_regions: how many there are
 * @fraction: of the whole, 0 to 1, never falling
 * @result: (nullable): the region at hand once its coarse result is there, which alone may be looked at; %NULL before
 * @note: (nullable): something to be said at once
 *
 * How far a fill has come.
 */
typedef struct {
  LacunaProgressPhase phase;
  guint         region, n_regions;
  double        fraction;
  LacunaRegion *result;
  char         *note;
} LacunaFillProgress;

#define LACUNA_TYPE_FILL_PROGRESS (lacuna_fill_progress_get_type ())
GType lacuna_fill_progress_get_type (void);

LacunaFillProgress *lacuna_fill_progress_copy (const LacunaFillProgress *self);
void                lacuna_fill_progress_free (LacunaFillProgress *self);

/**
 * LacunaFillProgressFunc:
 * @progress: valid during the call
 * @data: (closure): given beside the function
 *
 * Told how far a fill has come.
 */
typedef void (*LacunaFillProgressFunc) (const LacunaFillProgress *progress, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaFillOptions, lacuna_fill_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaFillProgress, lacuna_fill_progress_free)

G_END_DECLS

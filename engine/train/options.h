/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LacunaTrainingPreset:
 * @LACUNA_PRESET_QUICK: some minutes, without critics
 * @LACUNA_PRESET_THOROUGH: hours, with critics after a while
 * @LACUNA_PRESET_PHOTO: about a minute, for one photo
 *
 * What hyperparameters begin with.
 */
typedef enum {
  LACUNA_PRESET_QUICK,
  LACUNA_PRESET_THOROUGH,
  LACUNA_PRESET_PHOTO,
} LacunaTrainingPreset;

/**
 * LacunaHoleKinds:
 * @LACUNA_HOLE_RECTANGLES: as in the paper: three quarters of the window to all of it, each way
 * @LACUNA_HOLE_STROKES: of a brush: what people remove by one
 * @LACUNA_HOLE_BLOBS: soft shapes
 *
 * Where the holes that training fills come from.
 */
typedef enum { /*< flags >*/
  LACUNA_HOLE_RECTANGLES = 1 << 0,
  LACUNA_HOLE_STROKES    = 1 << 1,
  LACUNA_HOLE_BLOBS      = 1 << 2,
} LacunaHoleKinds;

#define LACUNA_HOLE_ALL_KINDS (LACUNA_HOLE_RECTANGLES | LACUNA_HOLE_STROKES | LACUNA_HOLE_BLOBS)

/**
 * lacuna_training_preset_find:
 * @name: "quick", "thorough" or "photo"
 * @ret_preset: (out): the preset
 *
 * Returns: whether there is such a preset
 */
gboolean lacuna_training_preset_find (const char *name, LacunaTrainingPreset *ret_preset);

/**
 * LacunaTrainingOptions:
 * @steps: batches to learn from
 * @batch: crops of each
 * @parts: that a batch is learnt in, at least; their gradients are added up
 * @side: pixels, of the crops; holes lie in a window of half of it
 * @least_side: each batch has a side of its own, from this one to @side; 0: all have @side
 * @rate: of Adam, at its highest
 * @rise: steps over which the rate rises at first
 * @fall: share of the steps, the last ones, over which the rate falls by half a cosine
 * @last_rate: the rate at the end, as a share of the highest
 * @first_layer: that learns; those before are frozen
 * @warm_up: steps before the critics join in
 * @critic_steps: of the critics to one of the generator
 * @critic_width: channels of the critics' first layer
 * @adversarial: weight of the critics' term in the generator's loss
 * @average_decay: of the running average of the weights, which is the result
 * @discount: gamma of the spatially discounted loss
 * @reconstruction: weight of the loss of the known pixels, which a fill keeps anyway
 * @mixed: share of the crops taken from the sample photos
 * @holes: [flags@HoleKinds]
 * @evaluate_every: steps between two looks at the held-out photos
 * @patience: looks without a better model after which training ends; 0: never
 * @snapshot_minutes: minutes between two snapshots
 * @width: of random weights; 0: the base model's
 * @seed: of all that is random
 *
 * All that steers a training. The order of members is that of the interfaces.
 */
typedef struct {
  guint  steps;
  guint  batch;
  guint  parts;
  guint  side;
  guint  least_side;
  double rate;
  guint  rise;
  double fall;
  double last_rate;
  guint  first_layer;
  guint  warm_up;
  guint  critic_steps;
  guint  critic_width;
  double adversarial;
  double average_decay;
  double discount;
  double reconstruction;
  double mixed;
  guint  holes;
  guint  evaluate_every;
  guint  patience;
  double snapshot_minutes;
  guint  width;
  guint  seed;
} LacunaTrainingOptions;

#define LACUNA_TYPE_TRAINING_OPTIONS (lacuna_training_options_get_type ())
GType lacuna_training_options_get_type (void);

/**
 * lacuna_training_options_new: (constructor)
 * @preset: where to begin
 * @from_random: for random weights, which need a higher rate and no sample photos
 *
 * Returns: (transfer full): the preset's
 */
LacunaTrainingOptions *lacuna_training_options_new  (LacunaTrainingPreset preset, gboolean from_random);
LacunaTrainingOptions *lacuna_training_options_copy (const LacunaTrainingOptions *self);
void                   lacuna_training_options_free (LacunaTrainingOptions *self);

/**
 * lacuna_training_options_init: (skip)
 * @self: becomes what [ctor@TrainingOptions.new] gives
 * @preset: where to begin
 * @from_random: for random weights
 *
 * For a variable in C.
 */
void lacuna_training_options_init (LacunaTrainingOptions *self, LacunaTrainingPreset preset, gboolean from_random);

/**
 * lacuna_training_options_set:
 * @assignment: "NAME=VALUE", a member's name and number
 * @error: %LACUNA_ERROR_UNFIT: there is no such member, or the value is out of its range, which the message names
 *
 * Returns: whether it was set
 */
gboolean lacuna_training_options_set (LacunaTrainingOptions *self, const char *assignment, GError **error);

/**
 * lacuna_training_options_get_number:
 * @name: a member's
 *
 * Returns: its value; NaN where there is no such member
 */
double lacuna_training_options_get_number (const LacunaTrainingOptions *self, const char *name);

/**
 * lacuna_training_options_set_number:
 * @name: a member's
 * @value: not checked: [ctor@Trainer.new] does
 */
void lacuna_training_options_set_number (LacunaTrainingOptions *self, const char *name, double value);

/**
 * lacuna_training_options_explain:
 *
 * Returns: (transfer full): a line for each member: name, value, meaning
 */
char *lacuna_training_options_explain (const LacunaTrainingOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingOptions, lacuna_training_options_free)

G_END_DECLS

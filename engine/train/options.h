#pragma once

#include <json-glib/json-glib.h>

#include "engine/train/hole.h"

G_BEGIN_DECLS

typedef enum {
  LACUNA_PRESET_QUICK,    /* some minutes, without critics */
  LACUNA_PRESET_THOROUGH, /* hours, with critics after a while */
  LACUNA_PRESET_PHOTO,    /* about a minute, for one photo */
} LacunaTrainingPreset;

/* Names on the command line: "quick", "thorough", "photo". FALSE where there is no such preset. */
gboolean lacuna_training_preset_find (const char *name, LacunaTrainingPreset *ret_preset);

/* All that steers a training. The order of members is that of the interfaces. */
typedef struct {
  guint   steps;          /* batches to learn from */
  guint   batch;          /* crops of each */
  guint   parts;          /* that a batch is learnt in, at least; their gradients are added up */
  guint   side;           /* pixels, of the crops; holes lie in a window of half of it */
  double  rate;           /* of Adam, at its highest */
  guint   rise;           /* steps over which the rate rises at first */
  double  fall;           /* share of the steps, the last ones, over which the rate falls by half a cosine */
  double  last_rate;      /* the rate at the end, as a share of the highest */
  guint   first_layer;    /* that learns; those before are frozen */
  guint   warm_up;        /* steps before the critics join in */
  guint   critic_steps;   /* of the critics to one of the generator */
  guint   critic_width;   /* channels of the critics' first layer */
  double  average_decay;  /* of the running average of the weights, which is the result */
  double  discount;       /* gamma of the spatially discounted loss */
  double  mixed;          /* share of the crops taken from the sample photos */
  guint   holes;          /* LacunaHoleKinds */
  guint   evaluate_every; /* steps between two looks at the held-out photos */
  guint   patience;       /* looks without a better model after which training ends; 0: never */
  double  snapshot_minutes;
  guint   width;          /* of random weights; 0: the base model's */
  guint   seed;
} LacunaTrainingOptions;

/* from_random: for random weights, which need a higher rate and no sample photos. */
void     lacuna_training_options_init  (LacunaTrainingOptions *self, LacunaTrainingPreset preset, gboolean from_random);

/* LACUNA_ERROR_UNFIT names the value that can't be worked with, and its range. */
gboolean lacuna_training_options_check (const LacunaTrainingOptions *self, GError **error);

/* Takes "NAME=VALUE", a member's name and number. LACUNA_ERROR_UNFIT: there is no such member, or the value is out of
 * its range, which the message names. */
gboolean lacuna_training_options_set   (LacunaTrainingOptions *self, const char *assignment, GError **error);

/* A line for each member: name, value, meaning. */
char    *lacuna_training_options_explain (const LacunaTrainingOptions *self);

/* As members of an object; read leaves what the object lacks. */
JsonObject *lacuna_training_options_describe (const LacunaTrainingOptions *self);
void        lacuna_training_options_read     (LacunaTrainingOptions *self, JsonObject *object);

/* Of Adam at that step. */
double   lacuna_training_options_get_rate (const LacunaTrainingOptions *self, guint64 step);

G_END_DECLS

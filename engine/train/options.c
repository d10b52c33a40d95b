#include "engine/train/options.h"

#include <math.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/network/layers.h"

#define RISE 20      /* steps over which the rate rises */
#define LAST_RATE 0.1 /* of the highest one */

typedef struct {
  const char *name;
  gsize       offset;
  gboolean    is_real; /* a double, else a guint */
  double      least, most;
} Field;

#define WHOLE(member, least, most) { #member, offsetof (LacunaTrainingOptions, member), FALSE, least, most }
#define REAL(member, least, most) { #member, offsetof (LacunaTrainingOptions, member), TRUE, least, most }

static const Field fields[] = {
  WHOLE (steps, 1, 100000000),
  WHOLE (batch, 1, 256),
  WHOLE (side, 32, 512),
  REAL (rate, 1e-7, 1e-1),
  WHOLE (first_layer, 0, LACUNA_N_LAYERS - 1),
  WHOLE (warm_up, 0, 100000000),
  WHOLE (critic_steps, 1, 100),
  WHOLE (critic_width, 4, 256),
  REAL (average_decay, 0.0, 0.99999),
  REAL (discount, 0.5, 1.0),
  REAL (mixed, 0.0, 0.9),
  WHOLE (holes, 1, LACUNA_HOLE_ALL_KINDS),
  WHOLE (evaluate_every, 1, 1000000),
  WHOLE (patience, 0, 1000000),
  REAL (snapshot_minutes, 0.01, 1440),
  WHOLE (width, 0, 128),
  WHOLE (seed, 0, G_MAXUINT),
};

static const LacunaTrainingOptions presets[] = {
  [LACUNA_PRESET_QUICK] = { .steps = 400, .warm_up = 100000000, .evaluate_every = 50, .mixed = 0.25, .rate = 1e-4 },
  [LACUNA_PRESET_THOROUGH] = { .steps = 20000, .warm_up = 4000, .evaluate_every = 500, .mixed = 0.25, .rate = 1e-4,
                               .patience = 12 },
  [LACUNA_PRESET_PHOTO] = { .steps = 60, .warm_up = 100000000, .evaluate_every = 20, .rate = 1e-4 },
};

gboolean
lacuna_training_preset_find (const char *name, LacunaTrainingPreset *ret_preset)
{
  static const char *const names[] = { "quick", "thorough", "photo" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *ret_preset = i;
        return TRUE;
      }
  return FALSE;
}

void
lacuna_training_options_init (LacunaTrainingOptions *self, LacunaTrainingPreset preset, gboolean from_random)
{
  *self = presets[preset];
  self->batch = 4;
  self->side = 128;
  self->critic_steps = 5;
  self->critic_width = 64;
  self->average_decay = 0.999;
  self->discount = 0.9;
  self->holes = LACUNA_HOLE_ALL_KINDS;
  self->snapshot_minutes = 5.0;
  if (from_random)
    {
      self->rate = 1e-3;
      self->mixed = 0.0;
      self->width = 16;
    }
}

static double
get_value (const LacunaTrainingOptions *self, const Field *field)
{
  const char *at = (const char *) self + field->offset;

  return field->is_real ? *(const double *) at : *(const guint *) at;
}

gboolean
lacuna_training_options_check (const LacunaTrainingOptions *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      double value = get_value (self, &fields[i]);

      if (!(value >= fields[i].least && value <= fields[i].most))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, "The training's %s can't be %g. Choose from %g to %g.",
                       fields[i].name, value, fields[i].least, fields[i].most);
          return FALSE;
        }
    }
  if (self->side % 16 == 0 && self->width % 4 == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               "Crops of %u pixels with a width of %u can't be learnt from. Choose a multiple of 16 as side, and of 4 as "
               "width.",
               self->side, self->width);
  return FALSE;
}

JsonObject *
lacuna_training_options_describe (const LacunaTrainingOptions *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].is_real)
      json_object_set_double_member (object, fields[i].name, get_value (self, &fields[i]));
    else
      json_object_set_int_member (object, fields[i].name, (gint64) get_value (self, &fields[i]));
  return object;
}

void
lacuna_training_options_read (LacunaTrainingOptions *self, JsonObject *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char *at = (char *) self + fields[i].offset;
      double value = json_object_get_double_member_with_default (object, fields[i].name, get_value (self, &fields[i]));

      if (fields[i].is_real)
        *(double *) at = value;
      else
        *(guint *) at = (guint) CLAMP (value, 0.0, (double) G_MAXUINT);
    }
}

double
lacuna_training_options_get_rate (const LacunaTrainingOptions *self, guint64 step)
{
  double rise = MIN (1.0, (step + 1.0) / RISE), done = MIN (1.0, (double) step / self->steps);

  return self->rate * rise * (LAST_RATE + (1.0 - LAST_RATE) * 0.5 * (1.0 + cos (G_PI * done)));
}

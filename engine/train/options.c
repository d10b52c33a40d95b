/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hyperparameters as a table: name, range and meaning of each, by which they are checked, read, written and
 * explained. A new member needs a line there and nothing else here. Options are plain values; any thread may call, and
 * translated texts belong to the table. */
#include "engine/train/options.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "engine/error.h"
#include "engine/json.h"
#include "engine/network/layers.h"
#include "engine/train/options-private.h"

G_DEFINE_BOXED_TYPE (LacunaTrainingOptions, lacuna_training_options, lacuna_training_options_copy,
                     lacuna_training_options_free)

#define LEAST_SIDE 32

typedef struct {
  const char *name;
  gsize       offset;
  gboolean    is_real; /* a double, else a guint */
  double      least, most;
  const char *meaning;
} Field;

#define WHOLE(member, least, most, meaning) \
  { #member, offsetof (LacunaTrainingOptions, member), FALSE, least, most, meaning }
#define REAL(member, least, most, meaning) \
  { #member, offsetof (LacunaTrainingOptions, member), TRUE, least, most, meaning }

static const Field fields[] = {
  WHOLE (steps, 1, 100000000, N_ ("batches to learn from")),
  WHOLE (batch, 1, 256, N_ ("crops of each batch")),
  WHOLE (parts, 1, 256, N_ ("a batch is learnt in so many parts at least, whose gradients are added up")),
  WHOLE (side, LEAST_SIDE, 512, N_ ("pixels of a crop’s side; holes lie in a window of half of it")),
  WHOLE (least_side, 0, 512, N_ ("each batch has a side from this one to the other; 0: all have that")),
  REAL (rate, 1e-7, 1e-1, N_ ("learning rate of Adam at its highest")),
  WHOLE (rise, 0, 1000000, N_ ("steps over which the rate rises at first")),
  REAL (fall, 0.0, 1.0, N_ ("share of the steps, the last ones, over which the rate falls by half a cosine")),
  REAL (last_rate, 0.0, 1.0, N_ ("the rate at the end, as a share of the highest")),
  WHOLE (first_layer, 0, LACUNA_N_LAYERS - 1, N_ ("first layer that learns; those before it are frozen")),
  WHOLE (warm_up, 0, 100000000, N_ ("steps before the critics join in")),
  WHOLE (critic_steps, 1, 100, N_ ("steps of the critics to one of the generator")),
  WHOLE (critic_width, 4, 256, N_ ("channels of the critics’ first layer")),
  REAL (adversarial, 0.0, 1.0, N_ ("weight of the critics’ term in the generator’s loss")),
  REAL (average_decay, 0.0, 0.99999, N_ ("of the running average of the weights, which is the result")),
  REAL (discount, 0.5, 1.0, N_ ("gamma of the spatially discounted loss")),
  REAL (reconstruction, 0.0, 10.0, N_ ("weight of the loss of the known pixels, which a fill keeps anyway")),
  REAL (mixed, 0.0, 0.9, N_ ("share of the crops taken from the sample photos")),
  WHOLE (holes, 1, LACUNA_HOLE_ALL_KINDS, N_ ("kinds of holes, added up: 1 rectangles, 2 strokes, 4 blobs")),
  WHOLE (evaluate_every, 1, 1000000, N_ ("steps between two looks at the held-out photos")),
  WHOLE (patience, 0, 1000000, N_ ("looks without a better model after which training ends; 0: never")),
  REAL (snapshot_minutes, 0.01, 1440, N_ ("minutes between two snapshots")),
  WHOLE (width, 0, 128, N_ ("channels of the first layer, of random weights")),
  WHOLE (seed, 0, G_MAXUINT, N_ ("of all that is random")),
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
  self->parts = 1;
  self->side = 128;
  self->rise = 20;
  self->fall = 1.0;
  self->last_rate = 0.1;
  self->critic_steps = 5;
  self->critic_width = 64;
  self->adversarial = 0.001;
  self->average_decay = 0.999;
  self->discount = 0.9;
  self->reconstruction = 1.2;
  self->holes = LACUNA_HOLE_ALL_KINDS;
  self->snapshot_minutes = 5.0;
  if (from_random)
    {
      self->rate = 1e-3;
      self->mixed = 0.0;
      self->width = 16;
    }
}

LacunaTrainingOptions *
lacuna_training_options_new (LacunaTrainingPreset preset, gboolean from_random)
{
  LacunaTrainingOptions *self = g_new (LacunaTrainingOptions, 1);

  lacuna_training_options_init (self, preset, from_random);
  return self;
}

LacunaTrainingOptions *
lacuna_training_options_copy (const LacunaTrainingOptions *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
lacuna_training_options_free (LacunaTrainingOptions *self)
{
  g_free (self);
}

static double
get_value (const LacunaTrainingOptions *self, const Field *field)
{
  const char *at = (const char *) self + field->offset;

  return field->is_real ? *(const double *) at : *(const guint *) at;
}

static void
set_value (LacunaTrainingOptions *self, const Field *field, double value)
{
  char *at = (char *) self + field->offset;

  if (field->is_real)
    *(double *) at = value;
  else
    *(guint *) at = (guint) CLAMP (value, 0.0, (double) G_MAXUINT);
}

static gboolean
is_fit (const Field *field, double value)
{
  return value >= field->least && value <= field->most && (field->is_real || value == floor (value));
}

static const Field *
find_field (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (name, fields[i].name))
      return &fields[i];
  return NULL;
}

double
lacuna_training_options_get_number (const LacunaTrainingOptions *self, const char *name)
{
  const Field *field = find_field (name);

  return field != NULL ? get_value (self, field) : NAN;
}

void
lacuna_training_options_set_number (LacunaTrainingOptions *self, const char *name, double value)
{
  const Field *field = find_field (name);

  g_return_if_fail (field != NULL);
  set_value (self, field, value);
}

guint
lacuna_training_options_get_least_side (const LacunaTrainingOptions *self)
{
  return self->least_side > 0 ? self->least_side : self->side;
}

gboolean
lacuna_training_options_has_critics (const LacunaTrainingOptions *self)
{
  return self->warm_up < self->steps;
}

/* The critics' last layers see the whole of a crop, so that all of theirs have one side. */
static gboolean
check_least_side (const LacunaTrainingOptions *self, GError **error)
{
  if (self->least_side == 0)
    return TRUE;
  if (self->least_side < LEAST_SIDE || self->least_side > self->side || self->least_side % LACUNA_SIDE_STEP != 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("Crops can't be of %u to %u pixels. Choose a multiple of 16, from %u to the side, as least side."),
                 self->least_side, self->side, LEAST_SIDE);
  else if (self->least_side < self->side && lacuna_training_options_has_critics (self))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("Critics judge crops of one side, and these are of %u to %u pixels. Choose a least side of 0, or a "
                    "warm-up of all the steps."),
                 self->least_side, self->side);
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_training_options_check (const LacunaTrainingOptions *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      double value = get_value (self, &fields[i]);

      if (!is_fit (&fields[i], value))
        {
          g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                       _ ("The training's %s can't be %g. Choose from %g to %g."), fields[i].name, value,
                       fields[i].least, fields[i].most);
          return FALSE;
        }
    }
  if (self->side % LACUNA_SIDE_STEP != 0 || self->width % 4 != 0)
    {
      g_set_error (
          error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
          _ ("Crops of %u pixels with a width of %u can't be learnt from. Choose a multiple of 16 as side, and of 4 as "
             "width."),
          self->side, self->width);
      return FALSE;
    }
  return check_least_side (self, error);
}

JsonObject *
lacuna_training_options_describe (const LacunaTrainingOptions *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].is_real)
      lacuna_json_set_number (object, fields[i].name, get_value (self, &fields[i]));
    else
      json_object_set_int_member (object, fields[i].name, (gint64) get_value (self, &fields[i]));
  return object;
}

void
lacuna_training_options_read (LacunaTrainingOptions *self, JsonObject *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    set_value (self, &fields[i], lacuna_json_get_number (object, fields[i].name, get_value (self, &fields[i])));
}

gboolean
lacuna_training_options_set (LacunaTrainingOptions *self, const char *assignment, GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *name = equals != NULL ? g_strndup (assignment, equals - assignment) : g_strdup (assignment);
  const Field *field = find_field (name);
  char *end = NULL;
  double value = equals != NULL ? g_ascii_strtod (equals + 1, &end) : NAN;

  if (field == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("There is no hyperparameter “%s”. “help” lists them."),
                   name);
      return FALSE;
    }
  if (end == NULL || end == equals + 1 || *end != '\0' || !is_fit (field, value))
    {
      char least[G_ASCII_DTOSTR_BUF_SIZE], most[G_ASCII_DTOSTR_BUF_SIZE];

      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("“%s” needs a %s from %s to %s: %s=VALUE."), name,
                   field->is_real ? _ ("number") : _ ("whole number"),
                   g_ascii_formatd (least, sizeof least, "%g", field->least),
                   g_ascii_formatd (most, sizeof most, "%g", field->most), name);
      return FALSE;
    }
  set_value (self, field, value);
  return TRUE;
}

/* Numbers as lacuna_training_options_set () reads them, with a point in every language. */
char *
lacuna_training_options_explain (const LacunaTrainingOptions *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.8g", get_value (self, &fields[i]));
      g_string_append_printf (text, "%-16s %-10s %s\n", fields[i].name, number, _ (fields[i].meaning));
    }
  return g_string_free (text, FALSE);
}

double
lacuna_training_options_get_rate (const LacunaTrainingOptions *self, guint64 step)
{
  double risen = self->rise > 0 ? MIN (1.0, (step + 1.0) / self->rise) : 1.0;
  double left = 1.0 - MIN (1.0, (double) step / self->steps);
  double fallen = left < self->fall ? 1.0 - left / self->fall : 0.0;

  return self->rate * risen * (self->last_rate + (1.0 - self->last_rate) * 0.5 * (1.0 + cos (G_PI * fallen)));
}

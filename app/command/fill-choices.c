/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/fill-choices.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/command/command.h"

#define MAX_GROW 1000

void
lacuna_fill_choices_clear (LacunaFillChoices *self)
{
  lacuna_steer_request_clear (&self->steer);
  g_free (self->model);
  g_free (self->device);
  g_free (self->detail);
}

static guint
count (const GOptionEntry *entries)
{
  guint n = 0;

  while (entries[n].long_name != NULL)
    n++;
  return n;
}

GOptionEntry *
lacuna_fill_choices_join (LacunaFillChoices *self, const GOptionEntry *own)
{
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model,
      N_ ("Model, by name or as a .safetensors file"), N_ ("MODEL") },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &self->device,
      N_ ("OpenCL device, by its name or a part of it"), N_ ("DEVICE") },
    { "grow", 0, 0, G_OPTION_ARG_INT, &self->grow, N_ ("Grow the marked area by N pixels (0)"), "N" },
    { "avoid", 0, 0, G_OPTION_ARG_FILENAME, &self->steer.avoid,
      N_ ("Image that is white where nothing may be copied from"), N_ ("IMAGE") },
    { "prefer", 0, 0, G_OPTION_ARG_FILENAME, &self->steer.prefer,
      N_ ("Image that is white where is to be copied from"), N_ ("IMAGE") },
    { "strength", 0, 0, G_OPTION_ARG_DOUBLE, &self->steer.strength,
      N_ ("How much so, from 0 to 1 (1: from there alone)"), "S" },
    { "steer", 0, 0, G_OPTION_ARG_FILENAME, &self->steer.file,
      N_ ("The same from a JSON file: areas, points and strength"), N_ ("FILE") },
    { "lines", 0, 0, G_OPTION_ARG_FILENAME, &self->steer.lines,
      N_ ("Lines that edges are to follow through the hole, from a JSON file"), N_ ("FILE") },
    { "turned", 0, 0, G_OPTION_ARG_NONE, &self->steer.turned,
      N_ ("What is copied may be turned, by quarters"), NULL },
    { "mirrored", 0, 0, G_OPTION_ARG_NONE, &self->steer.mirrored, N_ ("What is copied may be mirrored"), NULL },
    { "scaled", 0, 0, G_OPTION_ARG_NONE, &self->steer.scaled,
      N_ ("What is copied may be enlarged or made smaller"), NULL },
    { "variant", 0, 0, G_OPTION_ARG_INT, &self->steer.variant,
      N_ ("Another fill: 1 without the network's guess as a guide, 2 with twice the context, 3 at half the scale, "
          "4 with both"),
      "K" },
    { "detail", 0, 0, G_OPTION_ARG_STRING, &self->detail,
      N_ ("Pixels of the photo at full resolution: on (default), off"), "on|off" },
    { NULL },
  };
  guint n_own = count (own);
  GOptionEntry *joined = g_new (GOptionEntry, n_own + G_N_ELEMENTS (entries));

  memcpy (joined, own, n_own * sizeof *own);
  memcpy (joined + n_own, entries, sizeof entries);
  return joined;
}

/* Checks the options that steer. A negative number means that the option was not given. */
static gboolean
check_steer (const LacunaSteerRequest *steer)
{
  if (steer->strength > 1.0 || (steer->strength < 0.0 && steer->strength != -1.0) || isnan (steer->strength))
    lacuna_command_reject (_ ("--strength is from 0 to 1, not %g."), steer->strength);
  else if (steer->strength >= 0.0 && steer->prefer == NULL && steer->file == NULL)
    lacuna_command_reject (_ ("--strength tells how much is preferred what --prefer or --steer name: name something."));
  else if (steer->variant >= LACUNA_FILL_N_VARIANTS || steer->variant < -1)
    lacuna_command_reject (_ ("--variant is from 0 to %d, not %d."), LACUNA_FILL_N_VARIANTS - 1, steer->variant);
  else
    return TRUE;
  return FALSE;
}

gboolean
lacuna_fill_choices_check (const LacunaFillChoices *self)
{
  if (self->detail != NULL && strcmp (self->detail, "off") != 0 && strcmp (self->detail, "on") != 0)
    lacuna_command_reject (_ ("--detail is on or off, not “%s”."), self->detail);
  else if (self->grow < 0 || self->grow > MAX_GROW)
    lacuna_command_reject (_ ("--grow is from 0 to %d pixels, not %d."), MAX_GROW, self->grow);
  else
    return check_steer (&self->steer);
  return FALSE;
}

gboolean
lacuna_fill_choices_want_detail (const LacunaFillChoices *self)
{
  return g_strcmp0 (self->detail, "off") != 0;
}

LacunaMask *
lacuna_fill_choices_grow (const LacunaFillChoices *self, LacunaMask *mask, GError **error)
{
  LacunaMask *grown = self->grow > 0 ? lacuna_mask_grow (mask, self->grow) : lacuna_mask_ref (mask);

  if (grown == NULL)
    lacuna_error_set_memory (error, _ ("the grown mask"));
  return grown;
}

gboolean
lacuna_fill_choices_read (const LacunaFillChoices *self, LacunaPhoto *photo, LacunaSteer *ret_steer,
                          LacunaFillOptions *options, GError **error)
{
  if (!lacuna_steer_read (&self->steer, photo, ret_steer, error))
    return FALSE;
  options->model = self->model;
  options->without_detail = !lacuna_fill_choices_want_detail (self);
  lacuna_steer_apply (ret_steer, options);
  return TRUE;
}

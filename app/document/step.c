/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of the history, and its form on the disk. A step never changes once it is in a history, except for its
 * fill and trust, which the main loop alone sets to NULL; the setters are for who has just made it. References are
 * counted atomically. The main loop makes steps; a GTask's thread serializes them for the journal, and deserializes
 * them when a photo is opened. */
#include "app/document/step.h"

#include "app/document/polyline.h"

static LacunaStep *
step_new (const char *title, LacunaDelta *delta, LacunaDelta *const *steer, LacunaRetouch *retouch)
{
  LacunaStep *self = g_new0 (LacunaStep, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->title = g_strdup (title);
  self->delta = delta != NULL ? lacuna_delta_ref (delta) : NULL;
  for (guint i = 0; steer != NULL && i < LACUNA_N_STEERS; i++)
    self->steer[i] = steer[i] != NULL ? lacuna_delta_ref (steer[i]) : NULL;
  self->retouch = retouch != NULL ? lacuna_retouch_ref (retouch) : NULL;
  self->strength = -1;
  return self;
}

LacunaStep *
lacuna_step_new_mask (const char *title, LacunaDelta *delta, LacunaDelta *const *steer)
{
  return step_new (title, delta, steer, NULL);
}

LacunaStep *
lacuna_step_new_fill (const char *title, LacunaRetouch *retouch, LacunaRetouch *coarse, LacunaFill *fill,
                      double strength, LacunaTransforms transforms)
{
  LacunaStep *self = step_new (title, NULL, NULL, retouch);

  self->coarse = lacuna_retouch_ref (coarse);
  self->model = g_strdup (lacuna_fill_get_model (fill));
  self->fill = g_object_ref (fill);
  self->strength = strength;
  self->transforms = transforms;
  return self;
}

void
lacuna_step_set_model (LacunaStep *self, const char *model)
{
  g_free (self->model);
  self->model = g_strdup (model);
}

void
lacuna_step_set_selection (LacunaStep *self, LacunaSelection *selection, gboolean refines, gboolean anew)
{
  self->selection = lacuna_selection_ref (selection);
  self->refines = refines;
  self->anew = anew;
}

void
lacuna_step_set_trust (LacunaStep *self, GPtrArray *trust)
{
  self->trust = trust;
}

void
lacuna_step_set_lines (LacunaStep *self, GVariant *lines)
{
  self->lines = g_variant_ref_sink (lines);
}

void
lacuna_step_drop_fill (LacunaStep *self)
{
  g_clear_object (&self->fill);
  g_clear_pointer (&self->trust, g_ptr_array_unref);
}

LacunaStep *
lacuna_step_ref (LacunaStep *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_step_unref (LacunaStep *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->delta, lacuna_delta_unref);
  for (guint i = 0; i < LACUNA_N_STEERS; i++)
    g_clear_pointer (&self->steer[i], lacuna_delta_unref);
  g_clear_pointer (&self->retouch, lacuna_retouch_unref);
  g_clear_pointer (&self->coarse, lacuna_retouch_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_clear_pointer (&self->selection, lacuna_selection_unref);
  lacuna_step_drop_fill (self);
  g_free (self->model);
  g_free (self->title);
  g_free (self);
}

/* The types of a step that changes what steers: it holds the changes of the hole, of what is avoided and of what is
 * preferred, each without tiles where nothing changed. Where what is preferred stays, the third is left out, as it
 * was before there was such a kind. A step that changes the lines holds all of these, and the lines. */
#define TWO "(a(uay)a(uay))"
#define THREE "(a(uay)a(uay)a(uay))"
#define LINED "(a(uay)a(uay)a(uay)aa(dd))"
/* The type of a fill of which it is known how it was made: the retouch, the path of the weights, how much was copied from
 * what is preferred, and how what was copied might be changed. Others are the retouch alone. */
#define FILL "(vsdu)"

static GVariant *
serialize_delta (const LacunaDelta *delta)
{
  return delta != NULL ? lacuna_delta_serialize (delta) : g_variant_new_array (G_VARIANT_TYPE ("(uay)"), NULL, 0);
}

static GVariant *
serialize_deltas (const LacunaStep *self)
{
  guint n = self->lines != NULL ? 4 : self->steer[LACUNA_STEER_PREFER] != NULL ? 3 : 2;
  GVariant *children[] = { serialize_delta (self->delta), serialize_delta (self->steer[LACUNA_STEER_AVOID]),
                           n > 2 ? serialize_delta (self->steer[LACUNA_STEER_PREFER]) : NULL, self->lines };

  return g_variant_new_tuple (children, n);
}

static GVariant *
serialize_fill (const LacunaStep *self)
{
  GVariant *retouch = lacuna_retouch_serialize (self->retouch);

  return self->model == NULL ? retouch
                             : g_variant_new (FILL, retouch, self->model, self->strength, (guint32) self->transforms);
}

GVariant *
lacuna_step_serialize (LacunaStep *self)
{
  GVariant *content;

  if (self->steer[LACUNA_STEER_AVOID] != NULL || self->steer[LACUNA_STEER_PREFER] != NULL || self->lines != NULL)
    content = serialize_deltas (self);
  else
    content = self->delta != NULL ? lacuna_delta_serialize (self->delta) : serialize_fill (self);
  return g_variant_new ("(sv)", self->title, content);
}

static LacunaDelta *
deserialize_child (GVariant *content, guint i, int width, int height)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (content, i);

  return lacuna_delta_deserialize (child, width, height);
}

static LacunaStep *
deserialize_deltas (const char *title, GVariant *content, int width, int height)
{
  g_autoptr (GVariant) lines = g_variant_n_children (content) > 3 ? g_variant_get_child_value (content, 3) : NULL;
  LacunaDelta *deltas[1 + LACUNA_N_STEERS] = { NULL };
  LacunaStep *self = NULL;
  gboolean any = lines != NULL;

  if (lines != NULL && !lacuna_polylines_check (lines, width, height))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (deltas) && i < g_variant_n_children (content); i++)
    {
      deltas[i] = deserialize_child (content, i, width, height);
      any = any || deltas[i] != NULL;
    }
  if (any)
    self = step_new (title, deltas[0], deltas + 1, NULL);
  if (lines != NULL)
    lacuna_step_set_lines (self, lines);
  for (guint i = 0; i < G_N_ELEMENTS (deltas); i++)
    g_clear_pointer (&deltas[i], lacuna_delta_unref);
  return self;
}

static LacunaStep *
deserialize_fill (const char *title, GVariant *content, int width, int height)
{
  g_autoptr (LacunaRetouch) retouch = NULL;
  g_autoptr (GVariant) pixels = NULL;
  const char *model = NULL;
  double strength = -1;
  guint32 transforms = 0;
  LacunaStep *self;

  if (g_variant_is_of_type (content, G_VARIANT_TYPE (FILL)))
    g_variant_get (content, "(v&sdu)", &pixels, &model, &strength, &transforms);
  else
    pixels = g_variant_ref (content);
  retouch = lacuna_retouch_deserialize (pixels, width, height);
  if (retouch == NULL)
    return NULL;
  self = step_new (title, NULL, NULL, retouch);
  self->model = g_strdup (model);
  self->strength = strength;
  self->transforms = transforms;
  return self;
}

LacunaStep *
lacuna_step_deserialize (GVariant *variant, int width, int height)
{
  g_autoptr (GVariant) content = NULL;
  g_autoptr (LacunaDelta) delta = NULL;
  const char *title;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("(sv)")))
    return NULL;
  g_variant_get (variant, "(&sv)", &title, &content);
  if (g_variant_is_of_type (content, G_VARIANT_TYPE (TWO)) || g_variant_is_of_type (content, G_VARIANT_TYPE (THREE))
      || g_variant_is_of_type (content, G_VARIANT_TYPE (LINED)))
    return deserialize_deltas (title, content, width, height);
  delta = lacuna_delta_deserialize (content, width, height);
  return delta != NULL ? step_new (title, delta, NULL, NULL) : deserialize_fill (title, content, width, height);
}

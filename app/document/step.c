/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document/step.h"

static LacunaStep *
step_new (const char *title, LacunaDelta *delta, LacunaDelta *avoid, LacunaRetouch *retouch)
{
  LacunaStep *self = g_new0 (LacunaStep, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->title = g_strdup (title);
  self->delta = delta != NULL ? lacuna_delta_ref (delta) : NULL;
  self->avoid = avoid != NULL ? lacuna_delta_ref (avoid) : NULL;
  self->retouch = retouch != NULL ? lacuna_retouch_ref (retouch) : NULL;
  return self;
}

LacunaStep *
lacuna_step_new_mask (const char *title, LacunaDelta *delta, LacunaDelta *avoid)
{
  return step_new (title, delta, avoid, NULL);
}

LacunaStep *
lacuna_step_new_fill (const char *title, LacunaRetouch *retouch, LacunaRetouch *coarse, LacunaFill *fill)
{
  LacunaStep *self = step_new (title, NULL, NULL, retouch);

  self->coarse = lacuna_retouch_ref (coarse);
  self->model = g_strdup (lacuna_fill_get_model (fill));
  self->fill = g_object_ref (fill);
  return self;
}

void
lacuna_step_set_selection (LacunaStep *self, LacunaSelection *selection, gboolean refines, gboolean anew)
{
  self->selection = lacuna_selection_ref (selection);
  self->refines = refines;
  self->anew = anew;
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
  g_clear_pointer (&self->avoid, lacuna_delta_unref);
  g_clear_pointer (&self->retouch, lacuna_retouch_unref);
  g_clear_pointer (&self->coarse, lacuna_retouch_unref);
  g_clear_pointer (&self->selection, lacuna_selection_unref);
  g_clear_object (&self->fill);
  g_free (self->model);
  g_free (self->title);
  g_free (self);
}

/* A step that changes what is to be avoided holds both changes, each with no tile where nothing changed. */
#define BOTH "(a(uay)a(uay))"

static GVariant *
serialize_delta (const LacunaDelta *delta)
{
  return delta != NULL ? lacuna_delta_serialize (delta) : g_variant_new_array (G_VARIANT_TYPE ("(uay)"), NULL, 0);
}

GVariant *
lacuna_step_serialize (LacunaStep *self)
{
  GVariant *content;

  if (self->avoid != NULL)
    content = g_variant_new ("(@a(uay)@a(uay))", serialize_delta (self->delta), serialize_delta (self->avoid));
  else
    content = self->delta != NULL ? lacuna_delta_serialize (self->delta) : lacuna_retouch_serialize (self->retouch);
  return g_variant_new ("(sv)", self->title, content);
}

LacunaStep *
lacuna_step_deserialize (GVariant *variant, int width, int height)
{
  g_autoptr (GVariant) content = NULL;
  g_autoptr (LacunaDelta) delta = NULL, avoid = NULL;
  g_autoptr (LacunaRetouch) retouch = NULL;
  const char *title;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("(sv)")))
    return NULL;
  g_variant_get (variant, "(&sv)", &title, &content);
  if (g_variant_is_of_type (content, G_VARIANT_TYPE (BOTH)))
    {
      g_autoptr (GVariant) first = g_variant_get_child_value (content, 0);
      g_autoptr (GVariant) second = g_variant_get_child_value (content, 1);

      delta = lacuna_delta_deserialize (first, width, height);
      avoid = lacuna_delta_deserialize (second, width, height);
    }
  else
    delta = lacuna_delta_deserialize (content, width, height);
  if (delta == NULL && avoid == NULL)
    retouch = lacuna_retouch_deserialize (content, width, height);
  return delta == NULL && avoid == NULL && retouch == NULL ? NULL : step_new (title, delta, avoid, retouch);
}

#include "app/step.h"

static LacunaStep *
step_new (const char *title, LacunaDelta *delta, LacunaRetouch *retouch)
{
  LacunaStep *self = g_new0 (LacunaStep, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->title = g_strdup (title);
  self->delta = delta != NULL ? lacuna_delta_ref (delta) : NULL;
  self->retouch = retouch != NULL ? lacuna_retouch_ref (retouch) : NULL;
  return self;
}

LacunaStep *
lacuna_step_new_mask (const char *title, LacunaDelta *delta)
{
  return step_new (title, delta, NULL);
}

LacunaStep *
lacuna_step_new_fill (const char *title, LacunaRetouch *retouch, LacunaRetouch *coarse, LacunaFill *fill)
{
  LacunaStep *self = step_new (title, NULL, retouch);

  self->coarse = lacuna_retouch_ref (coarse);
  self->fill = g_object_ref (fill);
  return self;
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
  g_clear_pointer (&self->retouch, lacuna_retouch_unref);
  g_clear_pointer (&self->coarse, lacuna_retouch_unref);
  g_clear_object (&self->fill);
  g_free (self->title);
  g_free (self);
}

GVariant *
lacuna_step_serialize (LacunaStep *self)
{
  return g_variant_new ("(sv)", self->title, self->delta != NULL ? lacuna_delta_serialize (self->delta)
                                                                 : lacuna_retouch_serialize (self->retouch));
}

LacunaStep *
lacuna_step_deserialize (GVariant *variant, int width, int height)
{
  g_autoptr (GVariant) content = NULL;
  g_autoptr (LacunaDelta) delta = NULL;
  g_autoptr (LacunaRetouch) retouch = NULL;
  const char *title;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("(sv)")))
    return NULL;
  g_variant_get (variant, "(&sv)", &title, &content);
  delta = lacuna_delta_deserialize (content, width, height);
  if (delta == NULL)
    retouch = lacuna_retouch_deserialize (content, width, height);
  return delta == NULL && retouch == NULL ? NULL : step_new (title, delta, retouch);
}

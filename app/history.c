#include "app/history.h"

/* Attention is the largest part of a fill; only the newest ones keep theirs. */
#define MAX_FILLS 3

void
lacuna_history_init (LacunaHistory *self)
{
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_step_unref);
  self->position = 0;
}

void
lacuna_history_clear (LacunaHistory *self)
{
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

static void
drop_old_fills (LacunaHistory *self)
{
  guint n_kept = 0;

  for (guint i = self->steps->len; i-- > 0;)
    {
      LacunaStep *step = self->steps->pdata[i];

      if (step->fill != NULL && ++n_kept > MAX_FILLS)
        g_clear_object (&step->fill);
    }
}

void
lacuna_history_push (LacunaHistory *self, LacunaStep *step)
{
  g_ptr_array_set_size (self->steps, self->position);
  g_ptr_array_add (self->steps, step);
  self->position++;
  drop_old_fills (self);
}

LacunaStep *
lacuna_history_peek_undo (const LacunaHistory *self)
{
  return self->position > 0 ? self->steps->pdata[self->position - 1] : NULL;
}

LacunaStep *
lacuna_history_peek_redo (const LacunaHistory *self)
{
  return self->position < self->steps->len ? self->steps->pdata[self->position] : NULL;
}

LacunaStep *
lacuna_history_undo (LacunaHistory *self)
{
  LacunaStep *step = lacuna_history_peek_undo (self);

  self->position -= step != NULL;
  return step;
}

LacunaStep *
lacuna_history_redo (LacunaHistory *self)
{
  LacunaStep *step = lacuna_history_peek_redo (self);

  self->position += step != NULL;
  return step;
}

GPtrArray *
lacuna_history_list_retouches (const LacunaHistory *self)
{
  GPtrArray *retouches = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);

  for (guint i = 0; i < self->position; i++)
    {
      LacunaStep *step = self->steps->pdata[i];

      if (step->retouch != NULL)
        g_ptr_array_add (retouches, lacuna_retouch_ref (step->retouch));
    }
  return retouches;
}

LacunaStep *
lacuna_history_get_last_fill (const LacunaHistory *self)
{
  for (guint i = self->position; i-- > 0;)
    {
      LacunaStep *step = self->steps->pdata[i];

      if (step->retouch != NULL)
        return step;
    }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a document, the first `position` of which are in force. To add a step drops all that were undone;
 * only the newest MAX_FILLS fills keep their attention. A history has no lock and belongs to one thread at a time: a
 * document's to the main loop, that of a project or session which is being read, or of a snapshot, to a GTask's
 * thread. */
#include "app/document/history.h"

/* Attention is the largest part of a fill; only the newest ones keep theirs. */
#define MAX_FILLS 4

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
        lacuna_step_drop_fill (step);
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

void
lacuna_history_undo (LacunaHistory *self)
{
  self->position--;
}

void
lacuna_history_redo (LacunaHistory *self)
{
  self->position++;
}

GPtrArray *
lacuna_history_list_retouches (const LacunaHistory *self, guint n)
{
  GPtrArray *retouches = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);

  for (guint i = 0; i < n; i++)
    {
      LacunaStep *step = self->steps->pdata[i];

      if (step->retouch != NULL)
        g_ptr_array_add (retouches, lacuna_retouch_ref (step->retouch));
    }
  return retouches;
}

static gboolean
is_fill (const LacunaHistory *self, guint i)
{
  return ((LacunaStep *) self->steps->pdata[i])->retouch != NULL;
}

/* The number of steps up to the last fill in force. */
static guint
count_to_last_fill (const LacunaHistory *self)
{
  guint n = self->position;

  while (n > 0 && !is_fill (self, n - 1))
    n--;
  return n;
}

LacunaStep *
lacuna_history_get_last_fill (const LacunaHistory *self)
{
  guint n = count_to_last_fill (self);

  return n > 0 ? self->steps->pdata[n - 1] : NULL;
}

static gboolean
leaves_hole (const LacunaHistory *self, guint i)
{
  return ((LacunaStep *) self->steps->pdata[i])->delta == NULL;
}

LacunaSelection *
lacuna_history_get_selection (const LacunaHistory *self)
{
  const LacunaStep *step = lacuna_history_peek_undo (self);

  return step != NULL ? step->selection : NULL;
}

GPtrArray *
lacuna_history_list_selecting (const LacunaHistory *self, gboolean *ret_anew)
{
  GPtrArray *deltas = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_delta_unref);

  for (guint i = self->position; i-- > 0;)
    {
      const LacunaStep *step = self->steps->pdata[i];

      g_ptr_array_insert (deltas, 0, lacuna_delta_ref (step->delta));
      *ret_anew = step->anew;
      if (!step->refines)
        break;
    }
  return deltas;
}

static GVariant *
get_lines_of (const LacunaHistory *self, guint i)
{
  return ((LacunaStep *) self->steps->pdata[i])->lines;
}

GVariant *
lacuna_history_get_lines (const LacunaHistory *self)
{
  for (guint i = self->position; i-- > 0;)
    if (get_lines_of (self, i) != NULL)
      return g_variant_n_children (get_lines_of (self, i)) > 0 ? get_lines_of (self, i) : NULL;
  return NULL;
}

gboolean
lacuna_history_has_new_lines (const LacunaHistory *self)
{
  for (guint i = count_to_last_fill (self); i < self->position; i++)
    if (get_lines_of (self, i) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
lacuna_history_is_resting (const LacunaHistory *self)
{
  guint n = count_to_last_fill (self);

  for (guint i = n; i < self->position; i++)
    if (!leaves_hole (self, i))
      return FALSE;
  return n > 0;
}

void
lacuna_history_find_variants (const LacunaHistory *self, guint *ret_first, guint *ret_end)
{
  guint last = count_to_last_fill (self), first = last, end = last;

  for (guint i = last; i > 0 && leaves_hole (self, i - 1); i--)
    if (is_fill (self, i - 1))
      first = i - 1;
  if (lacuna_history_is_resting (self))
    for (guint i = last; i < self->steps->len && leaves_hole (self, i); i++)
      if (is_fill (self, i))
        end = i + 1;
  *ret_first = first;
  *ret_end = end;
}

static gboolean
is_by (const LacunaHistory *self, guint i, const char *model, double strength, LacunaTransforms transforms)
{
  const LacunaStep *step = self->steps->pdata[i];

  return (model == NULL || step->model == NULL || g_str_equal (step->model, model))
         && (step->strength < 0 || (step->strength == strength && step->transforms == transforms));
}

/* Variants with a step between them that is no fill don't count together: that step changed what steers, so that they
 * did not begin alike. */
guint
lacuna_history_count_repeats (const LacunaHistory *self, const char *model, double strength,
                              LacunaTransforms transforms, guint *ret_end)
{
  guint first = self->position, end = first, n = 0;

  if (lacuna_history_is_resting (self))
    while (first > 0 && is_fill (self, first - 1))
      first--;
  while (end > first && end < self->steps->len && is_fill (self, end))
    end++;
  for (guint i = first; i < end; i++)
    n += is_by (self, i, model, strength, transforms);
  *ret_end = end;
  return n;
}

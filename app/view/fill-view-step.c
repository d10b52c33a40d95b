/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/fill-view-private.h"

/* The steps of the attention, which one goes through in the mode of steps. */

static void
on_step (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaFillView *self = data;
  LacunaAttentionStep step = lacuna_explanation_get_step (self->explanation);

  lacuna_explanation_set_step (self->explanation,
                               g_str_equal (g_action_get_name (G_ACTION (action)), "step-next") ? step + 1 : step - 1);
}

static void
enable (LacunaFillView *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)),
                               enabled);
}

static void
update_enabled (LacunaFillView *self)
{
  LacunaAttentionStep step = lacuna_explanation_get_step (self->explanation);
  gboolean stepping = lacuna_explanation_get_mode (self->explanation) == LACUNA_ATTENTION_STEPS
                      && lacuna_explanation_get_query (self->explanation) != NULL;

  enable (self, "step-previous", stepping && step > 0);
  enable (self, "step-next", stepping && step + 1 < LACUNA_N_ATTENTION_STEPS);
}

void
lacuna_fill_view_add_steps (LacunaFillView *self)
{
  static const GActionEntry entries[] = {
    { .name = "step-previous", .activate = on_step },
    { .name = "step-next", .activate = on_step },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->explanation, "changed", G_CALLBACK (update_enabled), self, G_CONNECT_SWAPPED);
  update_enabled (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/box.h"

G_DEFINE_BOXED_TYPE (LacunaBox, lacuna_box, lacuna_box_copy, lacuna_box_free)

LacunaBox *
lacuna_box_copy (const LacunaBox *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
lacuna_box_free (LacunaBox *self)
{
  g_free (self);
}

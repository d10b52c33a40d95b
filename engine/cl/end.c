/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/end.h"

#include "engine/cl/context.h"
#include "engine/cl/pocl.h"

gboolean
lacuna_end (void)
{
  if (lacuna_context_is_any_building ())
    return FALSE;
  lacuna_pocl_end ();
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/device-limits.h"

#include "engine/cl/device-private.h"

gboolean
lacuna_device_is_same (LacunaDevice *a, LacunaDevice *b)
{
  return g_str_equal (a->name, b->name) && g_str_equal (a->platform, b->platform);
}

guint64
lacuna_device_get_local_memory (LacunaDevice *self)
{
  return self->local_memory;
}

guint
lacuna_device_get_lanes (LacunaDevice *self)
{
  return self->lanes;
}

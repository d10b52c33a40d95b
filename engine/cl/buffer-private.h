/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <CL/cl.h>

#include "engine/cl/buffer.h"

G_BEGIN_DECLS

cl_mem lacuna_buffer_get_handle (LacunaBuffer *self);

G_END_DECLS

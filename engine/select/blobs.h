/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/select/partition.h"

G_BEGIN_DECLS

/* Takes from the thing what is small and hangs on nothing, and adds what it encloses and is small; cells that are not
 * open stay, with what hangs together with them. */
void lacuna_blobs_clean (LacunaPartition *level);

G_END_DECLS

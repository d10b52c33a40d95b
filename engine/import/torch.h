/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/checkpoint.h"

G_BEGIN_DECLS

/* Whether the bytes begin as a file that torch.save wrote: a zip archive since 1.6, before that pickles in a row. */
gboolean lacuna_torch_is (GBytes *bytes);

/* Reads the tensors of the dictionaries in such a file, under their keys joined by dots ("state_dict.conv1.weight").
 * Its pickles are read as data. LACUNA_ERROR_FORMAT. */
LacunaCheckpoint *lacuna_torch_read (GBytes *bytes, GError **error);

G_END_DECLS

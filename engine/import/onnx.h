/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/import/checkpoint.h"

G_BEGIN_DECLS

/* Whether the bytes begin as a model that torch.onnx.export wrote, which has no mark of its own but is told by the
 * number of its format's version. */
gboolean lacuna_onnx_is (GBytes *bytes);

/* Reads the parameters among the initializers of an ONNX model, which bear their names in PyTorch; the graph is left
 * alone, and so are its constants. LACUNA_ERROR_FORMAT: also where the data is in a file of its own. */
LacunaCheckpoint *lacuna_onnx_read (GBytes *bytes, GError **error);

G_END_DECLS

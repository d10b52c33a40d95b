#pragma once

#include "engine/fill/fill.h"

G_BEGIN_DECLS

/* A stage's result with the colours around the hole's border carried into it, so
 * that it meets the known pixels: 3×height×width floats at the network's scale,
 *   g = result + Gσ((photo − result)·known) / (Gσ(known) + 0.02),
 * σ = max(4, a sixth of the hole's thickness). Only known pixels are looked at. */
float *lacuna_border_match (const LacunaRegion *region, LacunaStage stage);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What benchmarks and tuning see of the engine beside lacuna.h: its parts, which change as they need to. */
#include "engine/fill/window.h"
#include "engine/network/generator.h"
#include "engine/network/layers.h"
#include "engine/ops/peak.h"
#include "engine/ops/tuner.h"
#include "engine/train/hole.h"
#include "engine/train/learner.h"
#include "engine/weights/weights.h"

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* All that the window, the command line and other programs see of the engine: photos and masks, devices, engines and
 * their fills with regions and attention, models, trainings. What is here is introspected, and exported by the library
 * (engine/lacuna.map). */
#include "engine/cl/device.h"
#include "engine/cl/end.h"
#include "engine/error.h"
#include "engine/fill/engine.h"
#include "engine/fill/explain.h"
#include "engine/fill/export.h"
#include "engine/fill/fill.h"
#include "engine/fill/flow.h"
#include "engine/fill/npy.h"
#include "engine/fill/preview.h"
#include "engine/fill/progress.h"
#include "engine/fill/region.h"
#include "engine/fill/score.h"
#include "engine/import/import.h"
#include "engine/import/library.h"
#include "engine/photo/box.h"
#include "engine/photo/grow.h"
#include "engine/photo/mask.h"
#include "engine/photo/photo.h"
#include "engine/publish.h"
#include "engine/train/cache.h"
#include "engine/train/folder.h"
#include "engine/train/measures.h"
#include "engine/train/options.h"
#include "engine/train/progress.h"
#include "engine/train/report.h"
#include "engine/train/trainer.h"
#include "engine/weights/models.h"

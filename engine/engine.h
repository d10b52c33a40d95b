#pragma once

/* All that the window, the command line and the tests see of the engine. */
#include "engine/cl/device.h"
#include "engine/cl/end.h"
#include "engine/error.h"
#include "engine/fill/engine.h"
#include "engine/fill/explain.h"
#include "engine/fill/fill.h"
#include "engine/fill/flow.h"
#include "engine/fill/npy.h"
#include "engine/fill/plan.h"
#include "engine/import/import.h"
#include "engine/import/library.h"
#include "engine/photo/grow.h"
#include "engine/photo/mask.h"
#include "engine/photo/photo.h"
#include "engine/publish.h"
#include "engine/weights/models.h"

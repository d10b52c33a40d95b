/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/report.h"

G_BEGIN_DECLS

LacunaTrainingReport *lacuna_training_report_new (LacunaTrainingPhase phase, const LacunaTrainingProgress *progress);

G_END_DECLS

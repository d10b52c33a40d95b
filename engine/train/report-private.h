/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/train/report.h"

G_BEGIN_DECLS

LacunaTrainingReport *lacuna_training_report_new  (LacunaTrainingPhase phase, const LacunaTrainingProgress *progress);
void                  lacuna_training_report_free (LacunaTrainingReport *self);

void                  lacuna_training_sample_free (LacunaTrainingSample *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingReport, lacuna_training_report_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/view/attention/explanation.h"

G_BEGIN_DECLS

/* Tells where a pixel came from, and then how the copy was changed, each after the separator. (transfer full) */
char *lacuna_copy_text_describe (const LacunaSource *copy, const char *separator);

/* Tells what came from where in a fill as a whole. report: as lacuna_document_get_report. (transfer full) */
char *lacuna_copy_text_sum_up (GVariant *report);

G_END_DECLS

#pragma once

#include <gtk/gtk.h>

#include "engine/train/report.h"

G_BEGIN_DECLS

/* Fills a box with held-out photos: each as it is filled now, and below it as
 * it is, with the hole grey. samples: of LacunaTrainingSample. */
void lacuna_held_out_strip_show (GtkBox *box, GPtrArray *samples);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What is shown without a photo: how to open one, those that were worked on, and the samples, one click from a fill. */
#define LACUNA_TYPE_START_PAGE (lacuna_start_page_get_type ())
G_DECLARE_FINAL_TYPE (LacunaStartPage, lacuna_start_page, LACUNA, START_PAGE, AdwBin)

/* Whether the file at path is one of the samples. */
gboolean lacuna_start_page_is_sample (const char *path);
/* Looks again at what was worked on. */
void lacuna_start_page_refresh (LacunaStartPage *self);
/* What share of the device is prepared for fills; 0: it can't be told yet; negative: that is over, or was not begun. */
void lacuna_start_page_show_preparation (LacunaStartPage *self, double share);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What one can do about a source of a fill: actions "view.source-not", "view.source-more" and "view.source-copy", with its
 * number among the places of a LacunaExplanation as their target. LACUNA_SOURCE_CHOSEN: the place that is lit, or else
 * what was copied, or else the strongest source. */
#define LACUNA_SOURCE_CHOSEN (-1)

GMenuModel *lacuna_source_menu_new (int source);

G_END_DECLS

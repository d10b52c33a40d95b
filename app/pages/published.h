/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows that tell where models of this network are published; the browser opens what is followed. */
void lacuna_published_list (AdwPreferencesGroup *group);

G_END_DECLS

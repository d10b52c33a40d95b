/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/codec/gexiv2.h"
#include "engine/codec/left.h"

G_BEGIN_DECLS

/* Clears of tags what is on none of the lists of what may stay, and what holds
 * more than text; says what kinds of them there were. turned: what tells of places in the picture goes too. */
LacunaLeft lacuna_tags_select (GExiv2Metadata *tags, gboolean turned);

G_END_DECLS

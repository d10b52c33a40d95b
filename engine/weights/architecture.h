/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The networks there are, by what "architecture" in a file's metadata says. */
typedef enum {
  LACUNA_ARCHITECTURE_V1, /* "deepfill-v1": Yu et al. 2018 */
  LACUNA_ARCHITECTURE_V2, /* "deepfill-v2": gated convolutions, Yu et al. 2019 */
} LacunaArchitecture;

const char *lacuna_architecture_get_name (LacunaArchitecture self);
/* name: NULL is the first's. FALSE: there is none of that name. */
gboolean    lacuna_architecture_find     (const char *name, LacunaArchitecture *ret_architecture);

G_END_DECLS

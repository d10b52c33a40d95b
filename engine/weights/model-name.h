/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a new model of the user's may bear that name. LACUNA_ERROR_UNFIT: it is no file name, or that of an installed
 * model. */
gboolean lacuna_models_check_name (const char *name, GError **error);

/* Returns the file of the critics of the model that lies at path, be it there or not: in the folder “critics” beside that of
 * the user's models, else “default-critics.safetensors” beside “default.safetensors”. */
char *lacuna_models_get_critics_path (const char *path);

G_END_DECLS

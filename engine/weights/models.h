/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LacunaModel:
 * @name: file name without suffix
 * @path: (type filename): the file
 * @title: what it calls itself, else the file's name
 * @installed: it came with the program: can't be deleted or renamed
 * @architecture: "deepfill-v1" or "deepfill-v2"
 * @width: channels of the first layer, with the gates where they have some: what the authors call cnum
 * @trained_side: pixels of the photos that it learned on, 0: unknown
 * @trained_photos: in the folder that it learned from last, 0: unknown
 * @trained_images: that it has seen, those of the model that it began as included; 0: unknown
 * @license: (nullable): of the weights
 *
 * A model of the library: *.safetensors of the user's data folder (lacuna/models) and of the installed data folder; the
 * user's hide installed ones of the same name.
 */
typedef struct {
  char    *name;
  char    *path;
  char    *title;
  gboolean installed;
  char    *architecture;
  guint    width;
  guint    trained_side;
  guint    trained_photos;
  guint64  trained_images;
  char    *license;
} LacunaModel;

#define LACUNA_TYPE_MODEL (lacuna_model_get_type ())
GType lacuna_model_get_type (void);

LacunaModel *lacuna_model_copy (const LacunaModel *self);
void         lacuna_model_free (LacunaModel *self);

/**
 * lacuna_model_get_shown_name:
 * @self: a model
 *
 * Returns: (transfer none): by what people know it: its name where it is the user's own, else what it calls itself, which
 *   for "default" is translated
 */
const char *lacuna_model_get_shown_name (const LacunaModel *self);

/**
 * lacuna_models_list:
 *
 * Returns: (transfer full) (element-type LacunaModel): all, by name, "default" first; unreadable files are left out
 */
GPtrArray *lacuna_models_list (void);

/**
 * lacuna_models_find:
 * @name: (nullable): of the list, or a path of its own (contains '/' or ends in .safetensors); %NULL is "default"
 * @error: %LACUNA_ERROR_FILE lists the names there are
 *
 * Returns: (transfer full) (type filename): the path of a model
 */
char *lacuna_models_find (const char *name, GError **error);

/**
 * lacuna_models_get_user_path:
 * @name: of a model
 *
 * Returns: (transfer full) (type filename): the file of a model of that name in the user's library, be it there or not
 */
char *lacuna_models_get_user_path (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaModel, lacuna_model_free)

G_END_DECLS

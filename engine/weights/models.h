#pragma once

#include "engine/weights/weights.h"

G_BEGIN_DECLS

/* The library of models: *.safetensors of the user's data folder (lacuna/models)
 * and of the installed data folder; the user's hide installed ones of the same name. */
typedef struct {
  char *name;  /* file name without suffix */
  char *path;
  char *title; /* metadata "name", else the file's name */
  gboolean installed; /* came with the program: can't be deleted or renamed */
  guint width;        /* cnum */
  guint trained_side; /* pixels, 0: unknown */
  guint64 trained_images; /* 0: unknown */
  char *license;      /* or NULL */
} LacunaModel;

void       lacuna_model_free   (LacunaModel *self);
GPtrArray *lacuna_models_list  (void); /* of LacunaModel, by name, "default" first; unreadable files are left out */

/* The path of a model given as a name of the list, or as a path of its own
 * (contains '/' or ends in .safetensors); NULL is "default". LACUNA_ERROR_FILE
 * lists the names there are. */
char      *lacuna_models_find  (const char *name, GError **error);

/* The file of a model of that name in the user's library, be it there or not. */
char      *lacuna_models_get_user_path (const char *name);

/* LACUNA_ERROR_UNFIT: no new model of the user's may bear that name, as it is
 * no file name or that of an installed model. */
gboolean   lacuna_models_check_name (const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaModel, lacuna_model_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* What steers a fill: from where it may copy and how, and which lines it follows, as the command line says. */
typedef struct {
  LacunaMask *avoid, *prefer; /* of the photo's size; NULL: nothing */
  GVariant   *lines;          /* aa(dd); NULL: none */
  double      strength;
  guint       variant;
  LacunaTransforms transforms;
} LacunaSteer;

/* What the options --avoid, --prefer, --strength, --variant, --lines, --turned, --mirrored, --scaled and --steer say. */
typedef struct {
  char  *avoid, *prefer; /* images; NULL: none */
  char  *file, *lines;   /* JSON: data/lacuna.1, “Steering”; NULL: none */
  double strength;       /* negative: not given */
  int    variant;        /* the same */
  gboolean turned, mirrored, scaled;
} LacunaSteerRequest;

/* Of JSON that does not say how to steer: wrong use, as options that do not. It has one code, 0. */
#define LACUNA_STEER_ERROR (lacuna_steer_error_quark ())
GQuark lacuna_steer_error_quark (void);

void lacuna_steer_request_clear (LacunaSteerRequest *self);

/* The paths of all files that are to be read, with the images that the JSON file names, as far as it can be read now: a
 * pipe is read once, for its use. */
GPtrArray *lacuna_steer_list_files (const LacunaSteerRequest *self);

/* LACUNA_STEER_ERROR, or that of a file that can't be read or does not fit. */
gboolean lacuna_steer_read  (const LacunaSteerRequest *request, LacunaPhoto *photo, LacunaSteer *ret_steer,
                             GError **error);
void     lacuna_steer_clear (LacunaSteer *self);

/* Sets what the steer says in the options of a fill, which borrow it. */
void     lacuna_steer_apply (const LacunaSteer *self, LacunaFillOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaSteer, lacuna_steer_clear)

G_END_DECLS

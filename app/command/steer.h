/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/lacuna.h"

G_BEGIN_DECLS

/* What steers a fill: from where it may copy and which lines it follows, as the command line says. */
typedef struct {
  LacunaMask *avoid, *prefer; /* of the photo's size; NULL: nothing */
  GVariant   *lines;          /* aa(dd); NULL: none */
  double      strength;
  guint       variant;
} LacunaSteer;

/* What the options --avoid, --prefer, --strength, --variant, --lines and --steer say. */
typedef struct {
  char  *avoid, *prefer; /* images; NULL: none */
  char  *file, *lines;   /* JSON: data/lacuna.1, “Steering”; NULL: none */
  double strength;       /* negative: not given */
  int    variant;        /* the same */
} LacunaSteerRequest;

void lacuna_steer_request_clear (LacunaSteerRequest *self);

gboolean lacuna_steer_read  (const LacunaSteerRequest *request, LacunaPhoto *photo, LacunaSteer *ret_steer,
                             GError **error);
void     lacuna_steer_clear (LacunaSteer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaSteer, lacuna_steer_clear)

G_END_DECLS

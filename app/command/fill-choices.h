/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/command/steer.h"

G_BEGIN_DECLS

/* What decides a fill besides the photo and its mask, as the options of “lacuna fill” and “lacuna explain” say: the same
 * options give the same fill. */
typedef struct {
  LacunaSteerRequest steer;
  char *model, *device; /* NULL: the default */
  char *detail;         /* NULL, “on” or “off” */
  int   grow;           /* pixels */
} LacunaFillChoices;

/* What nothing was chosen of. */
#define LACUNA_FILL_CHOICES_INIT { .steer = { .strength = -1.0, .variant = -1 } }

void lacuna_fill_choices_clear (LacunaFillChoices *self);

/* Returns a command's own options with those that set the choices after them, all for lacuna_command_parse(). (g_free) */
GOptionEntry *lacuna_fill_choices_join (LacunaFillChoices *self, const GOptionEntry *own);

/* Whether what was given can be; else that was said. */
gboolean lacuna_fill_choices_check (const LacunaFillChoices *self);

gboolean lacuna_fill_choices_want_detail (const LacunaFillChoices *self);

/* Returns the mask as it is filled. LACUNA_ERROR_MEMORY. */
LacunaMask *lacuna_fill_choices_grow (const LacunaFillChoices *self, LacunaMask *mask, GError **error);

/* Reads what steers the fill, and sets all that was chosen in its options, which borrow it. The errors of
 * lacuna_steer_read(). */
gboolean lacuna_fill_choices_read (const LacunaFillChoices *self, LacunaPhoto *photo, LacunaSteer *ret_steer,
                                   LacunaFillOptions *options, GError **error);

G_END_DECLS

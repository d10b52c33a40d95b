/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Only one training of a name goes on at a time, of all processes of a user. */
typedef struct _LacunaTrainingLock LacunaTrainingLock;

/* LACUNA_ERROR_UNFIT: another one goes on; LACUNA_ERROR_FILE. */
LacunaTrainingLock *lacuna_training_lock_take (const char *name, GError **error);
void                lacuna_training_lock_free (LacunaTrainingLock *self); /* NULL-safe */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaTrainingLock, lacuna_training_lock_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document/queue.h"
#include "app/services/services.h"

G_BEGIN_DECLS

/* What is done to many photos one after the other: how, how far it is, and what came of it. Closing it, or its parent,
 * ends that after the photos that are done. */
#define LACUNA_TYPE_QUEUE_DIALOG (lacuna_queue_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LacunaQueueDialog, lacuna_queue_dialog, LACUNA, QUEUE_DIALOG, AdwWindow)

LacunaQueueDialog *lacuna_queue_dialog_new  (GtkWindow *parent, LacunaServices *services, LacunaQueue *queue);
/* Marks mask in the photos at once. */
void               lacuna_queue_dialog_mark (LacunaQueueDialog *self, LacunaMask *mask);
/* Asks where results go, and fills. Of the photos n_marked are to be filled, n_filled only to be saved. */
void               lacuna_queue_dialog_fill (LacunaQueueDialog *self, guint n_marked, guint n_filled);

G_END_DECLS

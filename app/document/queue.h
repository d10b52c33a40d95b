/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"

G_BEGIN_DECLS

/* One thing done to many photos, one after the other, each in its session and without a window. What fails or is to be
 * told of a photo is a remark, and the next one follows. All calls from the main thread.
 *
 * Signals: "progress" (another photo, or it has come further), "left" (string path: of a photo that is done with). */
#define LACUNA_TYPE_QUEUE (lacuna_queue_get_type ())
G_DECLARE_FINAL_TYPE (LacunaQueue, lacuna_queue, LACUNA, QUEUE, GObject)

/* What is to be told of a photo. */
typedef struct {
  char    *path;
  char    *text;
  gboolean failed;
} LacunaRemark;

/* paths: of char. open: a document that is open, which is used where it is of one of them, and left open; or NULL. */
LacunaQueue *lacuna_queue_new        (GPtrArray *paths, LacunaDocument *open);
/* Has the hole of every photo be mask (lacuna_document_use_mask_async), all but of the open one. */
void         lacuna_queue_mark_async (LacunaQueue *self, LacunaMask *mask, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
/* Fills what is marked, and saves what is not saved by the name of lacuna_result_name in folder, which may be NULL.
 * growth: of the hole, in percent of a photo's longer side. */
void         lacuna_queue_fill_async (LacunaQueue *self, LacunaEngine *engine, const char *model, double growth,
                                      const char *folder, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer data);
/* G_IO_ERROR_CANCELLED: it was ended early; what was done until then stays. */
gboolean     lacuna_queue_finish     (LacunaQueue *self, GAsyncResult *result, GError **error);

guint        lacuna_queue_get_n        (LacunaQueue *self); /* photos */
guint        lacuna_queue_get_position (LacunaQueue *self); /* index of the photo under way, from 0 */
const char  *lacuna_queue_get_path     (LacunaQueue *self); /* its path; NULL: all are done with */
double       lacuna_queue_get_fraction (LacunaQueue *self); /* how far the whole queue has come, 0 to 1 */
guint        lacuna_queue_get_n_done   (LacunaQueue *self); /* marked, or filled and saved */
guint        lacuna_queue_get_n_failed (LacunaQueue *self);
const char  *lacuna_queue_get_result   (LacunaQueue *self); /* path of what was saved last; NULL: nothing was */
GPtrArray   *lacuna_queue_get_remarks  (LacunaQueue *self); /* of LacunaRemark (transfer none) */

G_END_DECLS

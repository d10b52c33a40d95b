/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/edit.h"
#include "app/document/lesson.h"
#include "app/document/project.h"
#include "app/document/raster.h"
#include "app/document/retouch.h"
#include "app/document/sample.h"
#include "app/document/session.h"
#include "engine/lacuna.h"

G_BEGIN_DECLS

/* One open photo: the hole being marked, the fills made, and every step undone
 * or redone. No widgets. All calls from the main thread.
 *
 * Properties, all read-only and notified: "title", "modified", "can-undo",
 * "can-redo", "undo-title", "redo-title" ("Brush", NULL), "has-hole", "resting"
 * (the hole is as the last fill left it), "busy" (edits are refused: a fill or
 * a change of the whole mask is under way), "filling", "progress" (0 to 1),
 * "status" (what the fill does now), "stage" (that in a word), "lesson" (as
 * lacuna_document_get_lesson), "use-learnt" (fills go by what was learnt).
 *
 * Signals: "mask-changed" (int x, int y, int width, int height: of the photo);
 * "steer-changed" (guint LacunaSteer, and the same); "lines-changed";
 * "retouched" (the patches of lacuna_document_list_retouches are others);
 * "coarse" (gpointer LacunaRetouch: a region's coarse result, during a fill);
 * "kept" (its session was written),
 * "failed" (GError: a step that was asked for without a callback). */
#define LACUNA_TYPE_DOCUMENT (lacuna_document_get_type ())
G_DECLARE_FINAL_TYPE (LacunaDocument, lacuna_document, LACUNA, DOCUMENT, GObject)

/* Opens a photo or a project (lacuna_project_is). Goes on with the session of that file if there is one and the file
 * has not changed since. */
void            lacuna_document_open_async     (const char *path, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer data);
/* session: the path of a LacunaSession, which the document then goes on with, whatever became of its file. */
void            lacuna_document_open_session_async (const char *session, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer data);
LacunaDocument *lacuna_document_open_finish    (GAsyncResult *result, GError **error);
/* Keeps what there is as a session, which stays; a fill under way is ended and is made anew by whoever opens it
 * (lacuna_document_get_unfinished). Nothing is kept of a document where nothing was done. The document is of no more use
 * then. LACUNA_ERROR_FILE: it could not be kept. */
void            lacuna_document_close_async    (LacunaDocument *self, GAsyncReadyCallback callback, gpointer data);
gboolean        lacuna_document_close_finish   (LacunaDocument *self, GAsyncResult *result, GError **error);
/* The photo's file, or the project's. */
const char     *lacuna_document_get_path       (LacunaDocument *self);
/* Whether that is the file at path, as it is now. */
gboolean        lacuna_document_is_of          (LacunaDocument *self, const char *path);
/* Whether to write to path would be to write over that file, by whatever name. */
gboolean        lacuna_document_is_source      (LacunaDocument *self, const char *path);
/* What became of the file or of earlier work on it, in a sentence; NULL: nothing. */
const char     *lacuna_document_get_note       (LacunaDocument *self);
/* Whether a fill was under way when it was closed and is to be made anew. */
gboolean        lacuna_document_get_unfinished (LacunaDocument *self);

/* The photo as it was opened; the retouches in force make it the current one. */
LacunaPhoto *lacuna_document_get_original (LacunaDocument *self);
const char  *lacuna_document_get_title    (LacunaDocument *self); /* file name for people */
gboolean     lacuna_document_get_modified (LacunaDocument *self); /* fills since the last save */
/* How far the work has come; with nothing marked and nothing filled it is LACUNA_SESSION_UNDONE. */
LacunaSessionState lacuna_document_get_state (LacunaDocument *self);
gboolean     lacuna_document_get_busy     (LacunaDocument *self);
gboolean     lacuna_document_get_filling  (LacunaDocument *self);
gboolean     lacuna_document_get_resting  (LacunaDocument *self);

/* Returns the path that Save writes to without asking; NULL before the first save. (transfer none) */
const char *lacuna_document_get_save_path (LacunaDocument *self);
/* Returns a free path beside the source: "holiday filled.jpg". (transfer full) */
char       *lacuna_document_suggest_path  (LacunaDocument *self);
/* Whether the last save told what was filled. */
gboolean    lacuna_document_get_save_record (LacunaDocument *self);
/* Returns the record of what was filled, for LacunaSaveOptions. (transfer full) */
GVariant   *lacuna_document_describe_fills (LacunaDocument *self);
/* copy: the document's save path and modified state stay as they are. */
void        lacuna_document_save_async    (LacunaDocument *self, const char *path, const LacunaSaveOptions *options,
                                           gboolean copy, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data);
gboolean    lacuna_document_save_finish   (LacunaDocument *self, GAsyncResult *result, GError **error);
/* Of a save that went well: what of the photo is not in the file (lacuna_photo_describe_loss), or NULL. */
const char *lacuna_document_save_get_loss (GAsyncResult *result);

/* Writes the original and, as a layer over it, what the fills in force changed (lacuna_photo_save_layers). */
void        lacuna_document_save_patch_async  (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer data);
gboolean    lacuna_document_save_patch_finish (LacunaDocument *self, GAsyncResult *result, GError **error);

/* Writes all that is needed to go on elsewhere into one file (data/doc/project.md). */
void          lacuna_document_save_project_async  (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer data);
gboolean      lacuna_document_save_project_finish (LacunaDocument *self, GAsyncResult *result, GError **error);

/* The hole. Read it anywhere on the main thread; change it only by what follows. */
LacunaRaster *lacuna_document_get_raster   (LacunaDocument *self);
gboolean      lacuna_document_has_hole     (LacunaDocument *self);
/* What is marked to steer fills; NULL: it never was. As the hole. */
LacunaRaster *lacuna_document_get_steer    (LacunaDocument *self, LacunaSteer steer);
gboolean      lacuna_document_has_steer    (LacunaDocument *self, LacunaSteer steer);
/* Has the next fill go by what is to become of a place of the photo. One step, after all variants, of which none is lost.
 * FALSE: busy, no memory, or nothing changed. */
gboolean      lacuna_document_steer        (LacunaDocument *self, LacunaSourceEdit edit, LacunaBox place);
/* Takes back all of that. One step. */
void          lacuna_document_clear_steer  (LacunaDocument *self);
/* The lines that the edges of fills are to follow, as in LacunaFillOptions; NULL: none. They go with the hole: one that
 * crosses nothing marked any more, after it did, goes by the same step. (transfer none) */
GVariant     *lacuna_document_get_lines    (LacunaDocument *self);
/* Whether they changed since the last fill in force. */
gboolean      lacuna_document_has_new_lines (LacunaDocument *self);
/* Adds a line along points in image coordinates (radius unused), within the photo and with no more corners than it takes
 * to be as near to them as tolerance, in pixels. One step. FALSE: busy, or it is shorter than a pixel. */
gboolean      lacuna_document_draw_line    (LacunaDocument *self, const LacunaSample *points, guint n_points,
                                            double tolerance);
/* Takes back all lines. One step. */
void          lacuna_document_clear_lines  (LacunaDocument *self);
/* A stroke is one step, however many samples come. One that marks on a resting
 * hole starts a new hole unless keep. FALSE: busy, or no memory. */
gboolean      lacuna_document_begin_stroke  (LacunaDocument *self, LacunaStrokeKind kind, gboolean keep);
void          lacuna_document_extend_stroke (LacunaDocument *self, const LacunaSample *samples, guint n_samples);
void          lacuna_document_end_stroke    (LacunaDocument *self);
void          lacuna_document_cancel_stroke (LacunaDocument *self);
/* The inside of a closed polygon in image coordinates (radius unused), as one
 * step, which does what a stroke of that kind does. FALSE: busy, or nothing changed. */
gboolean      lacuna_document_mark_polygon  (LacunaDocument *self, const LacunaSample *points, guint n_points,
                                             LacunaStrokeKind kind, gboolean keep, const char *title);
/* Adds the thing that a stroke goes around or runs over to the hole, to its edges (lacuna_select); take: takes it away.
 * Where the last step was that, and the stroke is near it, it adds to what was selected then, or takes from it. One step,
 * done in the background. Where the selection stays as it was, there is none. LACUNA_ERROR_EMPTY: nothing stands out;
 * errors of lacuna_select; G_IO_ERROR_BUSY. */
void          lacuna_document_select_async  (LacunaDocument *self, const LacunaSample *samples, guint n_samples,
                                             gboolean take, gboolean keep, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer data);
/* Adds the shadow that it casts to what the last step selected; LACUNA_ERROR_UNFIT where that selected nothing. Finished
 * in the same way. */
void          lacuna_document_select_shadow_async (LacunaDocument *self, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer data);
gboolean      lacuna_document_select_finish (LacunaDocument *self, GAsyncResult *result, GError **error);
/* radius: of grow and shrink, in pixels. Done in the background. */
void          lacuna_document_edit_mask     (LacunaDocument *self, LacunaMaskEdit edit, int radius);
void          lacuna_document_import_mask_async  (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
/* ret_note: as lacuna_mask_get_note, to be freed; may be NULL. */
gboolean      lacuna_document_import_mask_finish (LacunaDocument *self, GAsyncResult *result, char **ret_note,
                                                  GError **error);
/* Has the hole be that of another photo, as lacuna_mask_fit has it; one step. Finished as above, where ret_note is NULL. */
void          lacuna_document_use_mask_async     (LacunaDocument *self, LacunaMask *mask, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
void          lacuna_document_export_mask_async  (LacunaDocument *self, const char *path, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer data);
gboolean      lacuna_document_export_mask_finish (LacunaDocument *self, GAsyncResult *result, GError **error);

void lacuna_document_undo (LacunaDocument *self);
void lacuna_document_redo (LacunaDocument *self);

/* Sets by how many pixels fills reach beyond the hole, which itself stays as it was marked; 0 unless it was set. */
void     lacuna_document_set_growth  (LacunaDocument *self, int growth);
/* Sets how much more fills copy from what is preferred, 0 to 1 as in LacunaFillOptions; 1 unless it was set. */
void     lacuna_document_set_strength (LacunaDocument *self, double strength);
/* Sets how what fills copy may be changed; not at all unless it was set. */
void     lacuna_document_set_transforms (LacunaDocument *self, LacunaTransforms transforms);
/* Whether the device is being prepared for fills, for which the next one has to wait: its status says so then. FALSE unless
 * it was set. */
void     lacuna_document_set_preparing (LacunaDocument *self, gboolean preparing);
/* Fills the hole; the result is a step. A resting hole is filled again from what
 * its first fill began with: another variant, up to LACUNA_FILL_N_VARIANTS
 * by each model, after which LACUNA_ERROR_EMPTY says so. options: NULL for the default model;
 * all but the model is up to the document. */
void     lacuna_document_fill_async  (LacunaDocument *self, LacunaEngine *engine, const LacunaFillOptions *options,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
gboolean lacuna_document_fill_finish (LacunaDocument *self, GAsyncResult *result, GError **error);
/* Returns sentences on what is not as good as it could be (lacuna_fill_get_notes). For a fill that went well alone. */
const char *const *lacuna_document_fill_get_notes (GAsyncResult *result);
/* Returns the mean over the filled pixels of how far each may be trusted, 0 to 1 (lacuna_explain_trust); 1 where that
 * can't be told. For a fill that went well alone. */
double   lacuna_document_fill_get_trust (GAsyncResult *result);
/* Ends the fill under way with G_IO_ERROR_CANCELLED. */
void     lacuna_document_cancel_fill (LacunaDocument *self);

/* Learns what is neither marked nor filled of the photo, from a base as in
 * LacunaFillOptions, while all else goes on. Fills then go by the result, whatever
 * model is asked for. Not while it learns. LACUNA_ERROR_EMPTY: too little is known;
 * errors of lacuna_lesson_run_async, after which all is as before. A lesson that
 * is cancelled is gone at once, though the callback may come later. One that went
 * well is kept with the work. */
void          lacuna_document_learn_async     (LacunaDocument *self, LacunaEngine *engine, const char *base,
                                               GAsyncReadyCallback callback, gpointer data);
gboolean      lacuna_document_learn_finish    (LacunaDocument *self, GAsyncResult *result, GError **error);
void          lacuna_document_cancel_learning (LacunaDocument *self);
/* Returns the lesson under way or over; NULL: there is none. (transfer none) */
LacunaLesson *lacuna_document_get_lesson      (LacunaDocument *self);
gboolean      lacuna_document_get_learning    (LacunaDocument *self);
/* Whether fills use the model of the lesson, which is possible once the lesson is over. */
gboolean      lacuna_document_get_use_learnt  (LacunaDocument *self);
void          lacuna_document_set_use_learnt  (LacunaDocument *self, gboolean use);

/* What the fills in force changed, in order; applied to the original they make
 * the photo. Transfer container. */
GPtrArray     *lacuna_document_list_retouches (LacunaDocument *self); /* of LacunaRetouch */
/* Returns those retouches in force that came before the last fill in force and its variants. (transfer container) */
GPtrArray     *lacuna_document_list_before    (LacunaDocument *self); /* of LacunaRetouch */
/* The variants of a resting hole, and which is in force. Transfer container; none: n 0. */
GPtrArray     *lacuna_document_list_variants  (LacunaDocument *self, guint *ret_chosen); /* of LacunaRetouch */
/* The path of the weights that made the variant which is that retouch, one of these; NULL: not known. */
const char    *lacuna_document_find_model     (LacunaDocument *self, LacunaRetouch *variant);
/* Undoes or redoes as many steps as it takes for that variant to be in force; none where there is no such, or it is. */
void           lacuna_document_choose_variant (LacunaDocument *self, guint variant);
/* Returns what the coarse stage of the last fill in force gave; NULL means the same as below. (transfer none) */
LacunaRetouch *lacuna_document_get_coarse     (LacunaDocument *self);
/* The last fill in force with its attention; NULL where there is none, or it was made before the document was opened. (transfer none) */
LacunaFill    *lacuna_document_get_fill       (LacunaDocument *self);
/* How far that may be trusted: lacuna_explain_trust of each of its regions, as GBytes, empty where that can't
 * be told; NULL as it. (transfer none) */
GPtrArray     *lacuna_document_get_trust      (LacunaDocument *self);
/* What lacuna_fill_describe tells of it; NULL as it, or where that is not known. (transfer none) */
GVariant      *lacuna_document_get_report     (LacunaDocument *self);

G_END_DECLS

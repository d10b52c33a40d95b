/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/history.h"
#include "app/document/lesson.h"

G_BEGIN_DECLS

/* Keeps a document's work in a session's folder (session.h) while it is open, written by a thread: a file for each step
 * and a copy of the photo, and session.json, which names them and is replaced as a whole, so that the program may be
 * killed at any moment. While the program lives it holds a lock on the folder. */
typedef struct _LacunaJournal LacunaJournal;

/* What is kept. */
typedef struct {
  LacunaHistory history;
  GPtrArray    *saved;   /* of LacunaRetouch: those in force when the photo was last saved; NULL: one that is forgotten */
  gboolean      filling; /* a fill is under way */
  gboolean      marked;  /* something is marked that is not filled; not known of a session that is read */
  LacunaLesson *lesson;  /* one that is over, or NULL */
  gboolean      use_learnt;
} LacunaWork;

void           lacuna_work_clear       (LacunaWork *self);

/* Told in the main thread when the session was written, error being NULL, or could not be: that once, until it can be
 * again. */
typedef void (*LacunaJournalReport) (const GError *error, gpointer data);

/* path: the photo's or the project's, to be named before it is read, so that a change since then shows. Nothing is
 * written before there is something to keep. */
LacunaJournal *lacuna_journal_new      (const char *path);
/* content: the photo's file, where it isn't what lies at path (then name gives its suffix); NULL: it is. */
void           lacuna_journal_set_photo (LacunaJournal *self, LacunaPhoto *photo, GBytes *content, const char *name);
/* Goes on with the folder of a session, path, waiting a little for a program that is about to end. photo_path: where it lies
 * now, NULL for where it lay. LACUNA_ERROR_FILE: another program has it open, or a file can't be read; _FORMAT: it is
 * damaged; errors of lacuna_photo_load. */
LacunaJournal *lacuna_journal_open     (const char *path, const char *photo_path, GCancellable *cancellable,
                                        LacunaPhoto **ret_photo, LacunaWork *ret_work, GError **error);
void           lacuna_journal_set_report (LacunaJournal *self, LacunaJournalReport report, gpointer data);
/* Returns the path of the photo's or project's file. (transfer none) */
const char    *lacuna_journal_get_path (LacunaJournal *self);
/* Whether the file there is as it was when it was opened, or last saved over by the document. */
gboolean       lacuna_journal_is_fresh (LacunaJournal *self);
/* The copy of the photo's file, read now. */
GBytes        *lacuna_journal_read_photo (LacunaJournal *self, GError **error);
/* Returns the name of that copy, whose suffix tells the photo's format. (transfer none) */
const char    *lacuna_journal_get_name (LacunaJournal *self);

/* Has the work written a little later; must be called after every change, and calls in quick succession are written
 * once. marks: what lacuna_preview_sample returned. */
void           lacuna_journal_save     (LacunaJournal *self, const LacunaWork *work, GBytes *marks);
/* Makes the copy of the photo where there is none yet. Must be called before the photo's file is written over, in a
 * thread, as it blocks. */
gboolean       lacuna_journal_secure_photo (LacunaJournal *self, GError **error);
/* The document saved over the photo: the file is known by what it is now. lacuna_journal_save is to follow. */
void           lacuna_journal_identify (LacunaJournal *self);
/* Writes what is still to be written and gives the session free, which stays unless it is without steps. Takes self. */
void           lacuna_journal_end_async (LacunaJournal *self, const LacunaWork *work, GBytes *marks,
                                         GAsyncReadyCallback callback, gpointer data);
gboolean       lacuna_journal_end_finish (GAsyncResult *result, GError **error);
/* It is going to be ended as soon as what works on its document has. */
void           lacuna_journal_expect_end (LacunaJournal *self);
/* Waits until those that are being ended in this program have given their sessions free, and that whose photo or
 * session lies at path, if its end is expected. In a thread. */
void           lacuna_journal_await_ends (const char *path);
/* A thread that reads the photo holds such a reference meanwhile. */
LacunaJournal *lacuna_journal_ref      (LacunaJournal *self);
void           lacuna_journal_unref    (LacunaJournal *self);
/* Frees a journal whose document was never opened, or never closed: writes what is still to be written, and blocks. */
void           lacuna_journal_free     (LacunaJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaJournal, lacuna_journal_free)

G_END_DECLS

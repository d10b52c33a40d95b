/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/history.h"

G_BEGIN_DECLS

/* Keeps a document's history on disk while it is open, written by a thread:
 * a folder of the user's state with a file for each step, and session.json,
 * which names them and is replaced as a whole. While the program lives it holds
 * a lock on the folder. */
typedef struct _LacunaJournal LacunaJournal;

/* Told in the main thread when the session could not be written. */
typedef void (*LacunaJournalFailed) (const GError *error, gpointer data);

LacunaJournal *lacuna_journal_new     (LacunaPhoto *photo, LacunaJournalFailed failed, gpointer data);
/* Goes on with the folder of a session; sets *ret_history. LACUNA_ERROR_FILE,
 * _FORMAT; _UNFIT: the photo is another than it was. */
LacunaJournal *lacuna_journal_open    (const char *session, LacunaPhoto *photo, LacunaHistory *ret_history,
                                       GError **error);
void           lacuna_journal_set_failed (LacunaJournal *self, LacunaJournalFailed failed, gpointer data);
/* To be called after every change; what comes quickly is written once. */
void           lacuna_journal_save    (LacunaJournal *self, const LacunaHistory *history);
/* Removes the files. */
void           lacuna_journal_discard (LacunaJournal *self);
/* Writes what is still to be written, and leaves the files. */
void           lacuna_journal_free    (LacunaJournal *self);

/* The folder that sessions are in. */
char *lacuna_journal_get_root   (void);
/* The lock's file descriptor, or -1 where a living program has it. */
int   lacuna_journal_lock       (const char *session);
/* Removes a session's folder. */
void  lacuna_journal_remove     (const char *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaJournal, lacuna_journal_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/fingerprint.h"
#include "app/document/journal.h"

G_BEGIN_DECLS

/* The work at a moment, to be written. */
typedef struct {
  GPtrArray *steps; /* of LacunaStep */
  guint      position;
  GPtrArray *saved; /* the same as in LacunaWork */
  gboolean   filling, marked;
  GBytes    *learnt; /* the model that was learnt from the photo, or NULL; with its path and score */
  char      *model;
  double     before, after;
  gboolean   use_learnt;
  GBytes    *marks;
  guint      number;
  LacunaFingerprint known; /* the photo file's, without its sum */
  gboolean   last;     /* the document is closed */
} LacunaSnapshot;

struct _LacunaJournal {
  char         *photo_path;
  LacunaPhoto  *photo;
  int           width, height;
  char         *name;        /* file name of the photo's copy in the folder */
  guint         n_snapshots; /* made since it was opened */
  LacunaFingerprint known;   /* the file at photo_path as the document last saw it; without its sum */

  GMutex        mutex; /* guards the folder and the members from here to n_drawn */
  char         *path;  /* the folder, NULL before the first write */
  int           lock;
  LacunaFingerprint print; /* the photo file's, as it is written to session.json */
  GBytes       *content; /* what is in the photo's file, until it is copied; NULL: the file lies at photo_path */
  gboolean      copied;
  GHashTable   *files;   /* LacunaStep → name of its file, for each step on the disk */
  GBytes       *learnt;  /* the model on the disk, or NULL */
  char         *learnt_name; /* of its file */
  char         *learnt_path; /* by which the steps that were read name it; NULL: as the lesson does */
  guint         next;
  guint         written; /* number of the snapshot that was written last */
  LacunaPhoto  *small;   /* the photo in the picture's size; NULL until it is needed */
  guint         n_drawn; /* fills in the picture that was written, and one more; 0: there is none */

  LacunaSnapshot     *pending;
  guint               timeout;
  gboolean            running, told;
  LacunaJournalReport report;
  gpointer            report_data;
};

/* Writes the snapshot, unless a newer one was written. It blocks, and is meant for a thread. */
gboolean lacuna_journal_write   (LacunaJournal *self, const LacunaSnapshot *snapshot, GError **error);
/* Whether the session's folder is that at path; TRUE also while it is being written, as this waits for nothing. */
gboolean lacuna_journal_may_be_in (LacunaJournal *self, const char *path);
/* Gives up the lock on the session's folder; nothing is written to it any more. */
void     lacuna_journal_release (LacunaJournal *self);

G_END_DECLS

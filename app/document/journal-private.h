/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/fingerprint.h"
#include "app/document/journal.h"

G_BEGIN_DECLS

/* The work at a moment, to be written. */
typedef struct {
  GPtrArray *steps; /* of LacunaStep */
  guint      position;
  GPtrArray *saved; /* as of LacunaWork */
  gboolean   filling, marked;
  GBytes    *marks;
  guint      number;
  LacunaFingerprint known; /* of the photo's file, without its sum */
  gboolean   last;     /* the document is closed */
} LacunaSnapshot;

struct _LacunaJournal {
  char         *photo_path;
  LacunaPhoto  *photo;
  int           width, height;
  char         *name;        /* of the photo's copy in the folder */
  guint         n_snapshots; /* made since it was opened */
  LacunaFingerprint known;   /* of the file at photo_path, as the document last saw it; without its sum */

  GMutex        mutex; /* held while the folder is written to, over what follows */
  char         *path;  /* the folder, NULL before the first write */
  int           lock;
  LacunaFingerprint print; /* the same as it is written */
  GBytes       *content; /* of the photo's file, until it is copied; NULL: it lies at photo_path */
  gboolean      copied;
  GHashTable   *files;   /* of each LacunaStep on disk: its file's name */
  guint         next;
  guint         written; /* number of the snapshot that was written last */
  LacunaPhoto  *small;   /* for the picture, once it was needed */
  guint         n_drawn; /* fills in the picture that was written, and one more; 0: there is none */

  LacunaSnapshot     *pending;
  guint               timeout;
  gboolean            running, told;
  LacunaJournalReport report;
  gpointer            report_data;
};

/* In a thread: writes the snapshot, unless a newer one was written. */
gboolean lacuna_journal_write   (LacunaJournal *self, const LacunaSnapshot *snapshot, GError **error);
/* Gives the session free. */
void     lacuna_journal_release (LacunaJournal *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/document.h"
#include "app/document/history.h"
#include "app/document/journal.h"

G_BEGIN_DECLS

struct _LacunaDocument {
  GObject        parent_instance;
  LacunaPhoto   *original;
  LacunaRaster  *raster;
  LacunaRaster  *steer[LACUNA_N_STEERS]; /* NULL until something is marked so */
  LacunaHistory  history;
  LacunaJournal *journal; /* NULL once it is closed */
  guint          n_saving; /* saves of the photo under way */
  GTask         *closing;  /* waits for what works on the document, whose result is to be kept; NULL: it is not closed */
  char          *path;    /* path of the photo, or of the project that it came in */
  char          *name;    /* a name with the suffix of the photo's file, which tells its format */
  char          *note;    /* what is to be told of its opening, or NULL */
  gboolean       unfinished; /* a fill was under way when it was closed */
  char          *title;
  char          *save_path;
  gboolean       save_record;
  GPtrArray     *saved; /* the retouches in force at the last save */

  LacunaSample   last; /* sample of the stroke under way */
  guint          n_samples;
  gboolean       stroking;
  LacunaStrokeKind kind; /* what the stroke under way does */

  int            growth; /* pixels by which a fill reaches beyond the hole */
  double         strength; /* 0 to 1: how much fills copy from what is preferred */
  LacunaTransforms transforms; /* how what fills copy may be changed */
  gboolean       preparing; /* the device is being prepared, for which a fill has to wait */
  gboolean       busy;
  GCancellable  *fill_cancellable; /* cancels the fill under way; NULL: there is none */
  double         progress;
  const char    *status, *stage;

  LacunaLesson  *lesson;     /* NULL: nothing was learnt */
  gboolean       use_learnt; /* the lesson is over, and fills go by it */
  LacunaLesson  *former;     /* while one is under way: that before it, or NULL */
  gboolean       used_former;
};

typedef enum {
  PROP_TITLE = 1,
  PROP_MODIFIED,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_TITLE,
  PROP_REDO_TITLE,
  PROP_HAS_HOLE,
  PROP_RESTING,
  PROP_BUSY,
  PROP_FILLING,
  PROP_PROGRESS,
  PROP_STATUS,
  PROP_STAGE,
  PROP_LESSON,
  PROP_USE_LEARNT,
  N_PROPERTIES,
} LacunaDocumentProperty;

/* Takes ownership of journal and of what work holds; NULL for work means that nothing was done yet. Returns NULL
 * where there is no memory for the mask. */
LacunaDocument *lacuna_document_new          (LacunaPhoto *photo, LacunaJournal *journal, LacunaWork *work);
/* Has the journal keep what is there now. */
void            lacuna_document_keep         (LacunaDocument *self);
/* Adds a step that is already in force. Takes step. */
void            lacuna_document_push         (LacunaDocument *self, LacunaStep *step);
/* Brings a change of the mask into force and adds it. delta: NULL where nothing changes. */
void            lacuna_document_push_delta   (LacunaDocument *self, const char *title, LacunaDelta *delta);
/* Does the same with a change that selected something. selection: what the next stroke may go on with, or NULL. */
void            lacuna_document_push_selection (LacunaDocument *self, const char *title, LacunaDelta *delta,
                                                LacunaSelection *selection, gboolean refines, gboolean anew);
/* Has a step that changes the hole, and is about to be added, take away the lines that cross nothing marked any more. */
void            lacuna_document_drop_lines   (LacunaDocument *self, LacunaStep *step);
void            lacuna_document_clear_mask   (LacunaDocument *self);
void            lacuna_document_set_busy     (LacunaDocument *self, gboolean busy);
/* What worked on the document has ended, or is about to: a document that was closed meanwhile is kept then. */
void            lacuna_document_go_on_closing (LacunaDocument *self);
void            lacuna_document_notify       (LacunaDocument *self, LacunaDocumentProperty property);
void            lacuna_document_notify_steps (LacunaDocument *self); /* all that follow the history */
void            lacuna_document_emit_coarse  (LacunaDocument *self, LacunaRetouch *retouch);
void            lacuna_document_emit_failed  (LacunaDocument *self, const GError *error);

G_END_DECLS

#pragma once

#include "engine/fill/engine.h"
#include "engine/train/batch.h"
#include "engine/train/report.h"

G_BEGIN_DECLS

/* What the owner of a training wants of it. */
typedef enum {
  LACUNA_TRAINING_GO,
  LACUNA_TRAINING_PAUSE, /* write a snapshot and return */
  LACUNA_TRAINING_STOP,  /* be content with the steps done */
} LacunaTrainingWish;

/* One run of a training on the engine's thread. */
typedef struct {
  LacunaTrainingProgress *progress; /* in and out; replaced where the run goes back to a snapshot */
  gboolean                resume;   /* from the last snapshot, which progress came from */
  LacunaPhotoCache       *cache;
  GPtrArray              *learnt, *held_out; /* paths */
  int                    *wish;     /* LacunaTrainingWish, atomic */
  GCancellable           *hurry;    /* cancelled with a wish: what can be cut short is */
  void                  (*report) (LacunaTrainingReport *report, gpointer data); /* takes it; called in the engine's thread */
  gpointer                data;
  gboolean                is_over;  /* out: all steps done, or stopped */
  gboolean                has_snapshot; /* out: there is one to go on from */
} LacunaTrainingRun;

/* A LacunaEngineWork; data is a LacunaTrainingRun. TRUE also where it was
 * paused. A fault of the device, losses that are not finite and a batch that
 * does not fit the memory are dealt with, and told in a note. */
gboolean lacuna_training_run (LacunaEngine *engine, gpointer data, GCancellable *cancellable, GError **error);

G_END_DECLS

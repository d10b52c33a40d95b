#pragma once

#include "engine/fill/region.h"

G_BEGIN_DECLS

/* What a fill is asked for, and what it tells on its way. */
#define LACUNA_FILL_N_VARIANTS 4

typedef struct {
  const char *model; /* name or path, NULL: the default */
  gboolean keep_scores; /* keep the attention's scores in the regions */
  LacunaMask *avoid;    /* of the photo's size: where nothing may be copied from; NULL: nowhere */
  guint variant;        /* below LACUNA_FILL_N_VARIANTS: how the windows are chosen, 0 being what is best as a rule */
  gboolean whole;       /* run the network on all of a window, not on what the hole needs alone: for looking at its stages */
  gboolean without_detail; /* leave out the stage at full resolution */
} LacunaFillOptions;

typedef enum {
  LACUNA_PROGRESS_PREPARING, /* building kernels, loading weights */
  LACUNA_PROGRESS_COARSE,
  LACUNA_PROGRESS_REFINING,
  LACUNA_PROGRESS_DETAIL,
  LACUNA_PROGRESS_DONE,
} LacunaProgressPhase;

typedef struct {
  LacunaProgressPhase phase;
  guint  region, n_regions;
  double fraction; /* of the whole job, 0 to 1, never falling */
  /* The region at hand once its coarse result is there (refined may still be
   * NULL), else NULL. Owned by the engine; valid during the call. */
  const LacunaRegion *result;
  const char *note; /* something to be said at once, or NULL; as long as result */
} LacunaFillProgress;
typedef void (*LacunaFillProgressFunc) (const LacunaFillProgress *progress, gpointer data);

/* A copy that holds regions, and with them result, so that what is told does not change afterwards. */
LacunaFillProgress *lacuna_fill_progress_copy (const LacunaFillProgress *self, GPtrArray *regions);
void                lacuna_fill_progress_free (LacunaFillProgress *self); /* of such a copy */

G_END_DECLS

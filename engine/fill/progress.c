#include "engine/fill/progress.h"

typedef struct {
  LacunaFillProgress progress; /* first: this is what others see */
  LacunaRegion       region;   /* what progress.result points at */
  GPtrArray         *regions;
  char              *note;     /* what progress.note points at */
} Copy;

LacunaFillProgress *
lacuna_fill_progress_copy (const LacunaFillProgress *self, GPtrArray *regions)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->progress = *self;
  if (self->result != NULL)
    {
      copy->region = *self->result;
      copy->progress.result = &copy->region;
    }
  copy->progress.note = copy->note = g_strdup (self->note);
  copy->regions = g_ptr_array_ref (regions);
  return &copy->progress;
}

void
lacuna_fill_progress_free (LacunaFillProgress *self)
{
  Copy *copy = (Copy *) self;

  g_ptr_array_unref (copy->regions);
  g_free (copy->note);
  g_free (copy);
}

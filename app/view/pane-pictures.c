/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of all panes as pyramids: the photo as it was opened, as it is, before the last fill, after its
 * stages, and its variants. One computation runs at a time; what changes meanwhile sets `stale`, and another one
 * follows. work_in_thread(), with what it calls, runs in a GTask's thread, on references that the task's Work holds;
 * all else runs in the main loop. */
#include "app/view/pane-pictures.h"

typedef struct {
  LacunaPhoto   *photo;
  GPtrArray     *current, *before, *coarse; /* of LacunaRetouch; coarse may be NULL */
  LacunaFill    *fill;                      /* its refined stage is to be shown; NULL: it is not */
  LacunaPyramid *original;                  /* NULL: it is to be made */
  LacunaPyramid *results[4];                /* current, before, coarse and refined; each may be NULL */
  GPtrArray     *variants;                  /* of LacunaRetouch */
  GPtrArray     *pictures;                  /* of LacunaPyramid: one for each variant */
} Work;

struct _LacunaPanePictures {
  GObject         parent_instance;
  LacunaDocument *document;
  LacunaPyramid  *original, *current, *before, *coarse, *refined;
  GPtrArray      *variants; /* of LacunaPyramid */
  GPtrArray      *pieces; /* of LacunaRetouch: coarse results of the fill under way */

  gboolean        working, stale, want_refined;
};

static guint changed;

G_DEFINE_FINAL_TYPE (LacunaPanePictures, lacuna_pane_pictures, G_TYPE_OBJECT)

static void
work_free (Work *work)
{
  g_clear_object (&work->photo);
  g_clear_object (&work->fill);
  g_clear_pointer (&work->current, g_ptr_array_unref);
  g_clear_pointer (&work->before, g_ptr_array_unref);
  g_clear_pointer (&work->coarse, g_ptr_array_unref);
  g_clear_pointer (&work->original, lacuna_pyramid_unref);
  for (guint i = 0; i < G_N_ELEMENTS (work->results); i++)
    g_clear_pointer (&work->results[i], lacuna_pyramid_unref);
  g_ptr_array_unref (work->variants);
  g_ptr_array_unref (work->pictures);
  g_free (work);
}

static GPtrArray *
copy_retouches (GPtrArray *retouches)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);

  for (guint i = 0; i < retouches->len; i++)
    g_ptr_array_add (copy, lacuna_retouch_ref (retouches->pdata[i]));
  return copy;
}

static GPtrArray *
new_pyramids (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_pyramid_unref);
}

static Work *
work_new (LacunaPanePictures *self)
{
  Work *work = g_new0 (Work, 1);
  LacunaRetouch *coarse = lacuna_document_get_coarse (self->document);
  guint chosen;

  work->photo = g_object_ref (lacuna_document_get_original (self->document));
  work->original = self->original != NULL ? lacuna_pyramid_ref (self->original) : NULL;
  work->current = lacuna_document_list_retouches (self->document);
  work->before = lacuna_document_list_before (self->document);
  work->variants = lacuna_document_list_variants (self->document, &chosen);
  work->pictures = new_pyramids ();
  if (self->want_refined)
    g_set_object (&work->fill, lacuna_document_get_fill (self->document));
  if (lacuna_document_get_filling (self->document))
    {
      work->coarse = copy_retouches (work->current);
      for (guint i = 0; i < self->pieces->len; i++)
        g_ptr_array_add (work->coarse, lacuna_retouch_ref (self->pieces->pdata[i]));
    }
  else if (coarse != NULL)
    {
      work->coarse = copy_retouches (work->before);
      g_ptr_array_add (work->coarse, lacuna_retouch_ref (coarse));
    }
  return work;
}

/* Returns what the refined stage alone would have changed of the photo that the last fill was made from; NULL: no
 * memory. */
static LacunaRetouch *
render_refined (Work *work)
{
  g_autoptr (LacunaPhoto) photo = lacuna_retouches_apply (work->before, work->photo);
  guint n = lacuna_fill_get_n_regions (work->fill);
  g_autofree LacunaRegion **regions = g_new (LacunaRegion *, n);

  for (guint i = 0; i < n; i++)
    regions[i] = lacuna_fill_get_region (work->fill, i);
  return photo != NULL ? lacuna_retouch_new (regions, n, photo, LACUNA_STAGE_REFINED) : NULL;
}

static void
make_variants (Work *work)
{
  for (guint i = 0; work->variants->len > 1 && i < work->variants->len; i++)
    {
      g_autoptr (GPtrArray) retouches = copy_retouches (work->before);

      g_ptr_array_add (retouches, lacuna_retouch_ref (work->variants->pdata[i]));
      g_ptr_array_add (work->pictures, lacuna_pyramid_retouch (work->original, retouches));
    }
}

static void
work_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GPtrArray *lists[] = { work->current, work->before, work->coarse };

  if (work->original == NULL)
    work->original = lacuna_pyramid_new (work->photo);
  for (guint i = 0; work->original != NULL && i < G_N_ELEMENTS (lists); i++)
    if (lists[i] != NULL)
      work->results[i] = lacuna_pyramid_retouch (work->original, lists[i]);
  if (work->original != NULL)
    make_variants (work);
  if (work->original != NULL && work->fill != NULL)
    {
      g_autoptr (GPtrArray) refined = copy_retouches (work->before);
      LacunaRetouch *retouch = render_refined (work);

      if (retouch != NULL)
        {
          g_ptr_array_add (refined, retouch);
          work->results[3] = lacuna_pyramid_retouch (work->original, refined);
        }
    }
  g_task_return_boolean (task, work->original != NULL);
}

static void start (LacunaPanePictures *self);

static void
take (LacunaPyramid **field, LacunaPyramid **made)
{
  g_clear_pointer (field, lacuna_pyramid_unref);
  *field = g_steal_pointer (made);
}

static void
on_worked (GObject *source, GAsyncResult *result, gpointer data)
{
  LacunaPanePictures *self = LACUNA_PANE_PICTURES (source);
  Work *work = g_task_get_task_data (G_TASK (result));

  self->working = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  take (&self->original, &work->original);
  take (&self->current, &work->results[0]);
  take (&self->before, &work->results[1]);
  take (&self->coarse, &work->results[2]);
  g_ptr_array_unref (self->variants);
  self->variants = g_ptr_array_ref (work->pictures);
  take (&self->refined, &work->results[3]);
  g_signal_emit (self, changed, 0);
  if (self->stale)
    start (self);
}

static void
start (LacunaPanePictures *self)
{
  g_autoptr (GTask) task = NULL;

  self->stale = self->working;
  if (self->working)
    return;
  self->working = TRUE;
  task = g_task_new (self, NULL, on_worked, NULL);
  g_task_set_task_data (task, work_new (self), (GDestroyNotify) work_free);
  g_task_run_in_thread (task, work_in_thread);
}

static void
on_filling (LacunaPanePictures *self)
{
  if (lacuna_document_get_filling (self->document))
    g_ptr_array_set_size (self->pieces, 0);
  start (self);
}

/* The variants may not have been drawn yet: what was marked since they were made was taken back. */
static void
on_resting (LacunaPanePictures *self)
{
  if (lacuna_document_get_resting (self->document))
    start (self);
}

static void
on_coarse (LacunaPanePictures *self, LacunaRetouch *retouch)
{
  g_ptr_array_add (self->pieces, lacuna_retouch_ref (retouch));
  start (self);
}

LacunaPanePictures *
lacuna_pane_pictures_new (LacunaDocument *document)
{
  LacunaPanePictures *self = g_object_new (LACUNA_TYPE_PANE_PICTURES, NULL);

  self->document = g_object_ref (document);
  g_signal_connect_object (document, "retouched", G_CALLBACK (start), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "notify::resting", G_CALLBACK (on_resting), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "coarse", G_CALLBACK (on_coarse), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "notify::filling", G_CALLBACK (on_filling), self, G_CONNECT_SWAPPED);
  start (self);
  return self;
}

LacunaPyramid *
lacuna_pane_pictures_get_original (LacunaPanePictures *self)
{
  return self->original;
}

LacunaPyramid *
lacuna_pane_pictures_get_current (LacunaPanePictures *self)
{
  return self->current;
}

LacunaPyramid *
lacuna_pane_pictures_get_before (LacunaPanePictures *self)
{
  return self->before;
}

LacunaPyramid *
lacuna_pane_pictures_get_coarse (LacunaPanePictures *self)
{
  return self->coarse;
}

GPtrArray *
lacuna_pane_pictures_get_variants (LacunaPanePictures *self)
{
  return self->variants;
}

LacunaPyramid *
lacuna_pane_pictures_get_refined (LacunaPanePictures *self)
{
  return self->refined;
}

void
lacuna_pane_pictures_want_refined (LacunaPanePictures *self, gboolean wanted)
{
  if (self->want_refined == wanted)
    return;
  self->want_refined = wanted;
  start (self);
}

static void
lacuna_pane_pictures_dispose (GObject *object)
{
  LacunaPanePictures *self = LACUNA_PANE_PICTURES (object);

  g_clear_object (&self->document);
  g_clear_pointer (&self->original, lacuna_pyramid_unref);
  g_clear_pointer (&self->current, lacuna_pyramid_unref);
  g_clear_pointer (&self->before, lacuna_pyramid_unref);
  g_clear_pointer (&self->coarse, lacuna_pyramid_unref);
  g_clear_pointer (&self->refined, lacuna_pyramid_unref);
  g_ptr_array_set_size (self->pieces, 0);
  G_OBJECT_CLASS (lacuna_pane_pictures_parent_class)->dispose (object);
}

static void
lacuna_pane_pictures_finalize (GObject *object)
{
  LacunaPanePictures *self = LACUNA_PANE_PICTURES (object);

  g_ptr_array_unref (self->pieces);
  g_ptr_array_unref (self->variants);
  G_OBJECT_CLASS (lacuna_pane_pictures_parent_class)->finalize (object);
}

static void
lacuna_pane_pictures_class_init (LacunaPanePicturesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lacuna_pane_pictures_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_pane_pictures_finalize;
  changed = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lacuna_pane_pictures_init (LacunaPanePictures *self)
{
  self->variants = new_pyramids ();
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);
}

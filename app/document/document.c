/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One open photo: strokes, shapes, undo and redo, and the document's properties and signals. Between strokes the
 * rasters are always what the steps in force make of empty ones; every change of them is told by a signal with its
 * box, and every step is given to the journal. All of it runs in the main loop. */
#include "app/document/document-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/document/stroke.h"

enum {
  MASK_CHANGED,
  STEER_CHANGED,
  LINES_CHANGED,
  RETOUCHED,
  COARSE,
  FAILED,
  KEPT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];
static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (LacunaDocument, lacuna_document, G_TYPE_OBJECT)

static void
on_journal_report (const GError *error, gpointer data)
{
  if (error != NULL)
    lacuna_document_emit_failed (data, error);
  else
    g_signal_emit (data, signals[KEPT], 0);
}

/* Makes the raster where there is none. FALSE: no memory. */
static gboolean
need_steer (LacunaDocument *self, LacunaSteer steer)
{
  if (self->steer[steer] == NULL)
    self->steer[steer]
        = lacuna_raster_new (lacuna_raster_get_width (self->raster), lacuna_raster_get_height (self->raster));
  return self->steer[steer] != NULL;
}

/* Makes all rasters that a step changes. FALSE: no memory. */
static gboolean
need_steers (LacunaDocument *self, const LacunaStep *step)
{
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (step->steer[i] != NULL && !need_steer (self, i))
      return FALSE;
  return TRUE;
}

/* Applies the changes of all steps in force to the rasters, which are empty. FALSE: no memory. */
static gboolean
replay_mask (LacunaDocument *self)
{
  for (guint i = 0; i < self->history.position; i++)
    {
      LacunaStep *step = self->history.steps->pdata[i];

      if (!need_steers (self, step))
        return FALSE;
      if (step->delta != NULL)
        lacuna_raster_apply (self->raster, step->delta);
      for (LacunaSteer j = 0; j < LACUNA_N_STEERS; j++)
        if (step->steer[j] != NULL)
          lacuna_raster_apply (self->steer[j], step->steer[j]);
    }
  return TRUE;
}

LacunaDocument *
lacuna_document_new (LacunaPhoto *photo, LacunaJournal *journal, LacunaWork *work)
{
  g_autoptr (LacunaDocument) self = g_object_new (LACUNA_TYPE_DOCUMENT, NULL);

  self->original = g_object_ref (photo);
  self->journal = journal;
  self->path = g_strdup (lacuna_journal_get_path (journal));
  self->name = g_strdup (lacuna_journal_get_name (journal));
  self->title = g_filename_display_basename (self->path);
  self->raster = lacuna_raster_new (lacuna_photo_get_width (photo), lacuna_photo_get_height (photo));
  if (work != NULL)
    {
      lacuna_history_clear (&self->history);
      g_ptr_array_unref (self->saved);
      self->history = work->history;
      self->saved = g_steal_pointer (&work->saved);
      self->unfinished = work->filling;
      self->lesson = g_steal_pointer (&work->lesson);
      self->use_learnt = work->use_learnt;
      work->history.steps = NULL;
    }
  lacuna_journal_set_report (self->journal, on_journal_report, self);
  return self->raster != NULL && replay_mask (self) ? g_steal_pointer (&self) : NULL;
}

LacunaPhoto *
lacuna_document_get_original (LacunaDocument *self)
{
  return self->original;
}

const char *
lacuna_document_get_title (LacunaDocument *self)
{
  return self->title;
}

gboolean
lacuna_document_get_modified (LacunaDocument *self)
{
  g_autoptr (GPtrArray) retouches = lacuna_document_list_retouches (self);

  if (retouches->len != self->saved->len)
    return TRUE;
  for (guint i = 0; i < retouches->len; i++)
    if (retouches->pdata[i] != self->saved->pdata[i])
      return TRUE;
  return FALSE;
}

LacunaSessionState
lacuna_document_get_state (LacunaDocument *self)
{
  g_autoptr (GPtrArray) retouches = lacuna_document_list_retouches (self);

  if (lacuna_document_has_hole (self) && !lacuna_document_get_resting (self))
    return LACUNA_SESSION_MARKED;
  if (retouches->len == 0)
    return LACUNA_SESSION_UNDONE;
  return lacuna_document_get_modified (self) ? LACUNA_SESSION_FILLED : LACUNA_SESSION_SAVED;
}

gboolean
lacuna_document_get_busy (LacunaDocument *self)
{
  return self->busy;
}

gboolean
lacuna_document_get_filling (LacunaDocument *self)
{
  return self->fill_cancellable != NULL;
}

gboolean
lacuna_document_get_resting (LacunaDocument *self)
{
  return lacuna_history_is_resting (&self->history) && (!self->stroking || self->kind >= LACUNA_STROKE_AVOID);
}

LacunaRaster *
lacuna_document_get_raster (LacunaDocument *self)
{
  return self->raster;
}

LacunaRaster *
lacuna_document_get_steer (LacunaDocument *self, LacunaSteer steer)
{
  return self->steer[steer];
}

gboolean
lacuna_document_has_steer (LacunaDocument *self, LacunaSteer steer)
{
  return self->steer[steer] != NULL && lacuna_raster_get_n_hole (self->steer[steer]) > 0;
}

gboolean
lacuna_document_has_hole (LacunaDocument *self)
{
  return lacuna_raster_get_n_hole (self->raster) > 0;
}

GPtrArray *
lacuna_document_list_retouches (LacunaDocument *self)
{
  return lacuna_history_list_retouches (&self->history, self->history.position);
}

GPtrArray *
lacuna_document_list_before (LacunaDocument *self)
{
  guint first, end;

  lacuna_history_find_variants (&self->history, &first, &end);
  return lacuna_history_list_retouches (&self->history, first);
}

GPtrArray *
lacuna_document_list_variants (LacunaDocument *self, guint *ret_chosen)
{
  GPtrArray *variants = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_retouch_unref);
  guint first, end;

  lacuna_history_find_variants (&self->history, &first, &end);
  for (guint i = first; i < end && lacuna_document_get_resting (self); i++)
    {
      LacunaStep *step = self->history.steps->pdata[i];

      if (step->retouch == NULL)
        continue;
      if (i < self->history.position)
        *ret_chosen = variants->len;
      g_ptr_array_add (variants, lacuna_retouch_ref (step->retouch));
    }
  return variants;
}

const char *
lacuna_document_find_model (LacunaDocument *self, LacunaRetouch *variant)
{
  for (guint i = 0; i < self->history.steps->len; i++)
    {
      const LacunaStep *step = self->history.steps->pdata[i];

      if (step->retouch == variant)
        return step->model;
    }
  return NULL;
}

LacunaRetouch *
lacuna_document_get_coarse (LacunaDocument *self)
{
  LacunaStep *step = lacuna_history_get_last_fill (&self->history);

  return step != NULL ? step->coarse : NULL;
}

LacunaFill *
lacuna_document_get_fill (LacunaDocument *self)
{
  LacunaStep *step = lacuna_history_get_last_fill (&self->history);

  return step != NULL ? step->fill : NULL;
}

GPtrArray *
lacuna_document_get_trust (LacunaDocument *self)
{
  LacunaStep *step = lacuna_history_get_last_fill (&self->history);

  return step != NULL ? step->trust : NULL;
}

void
lacuna_document_notify (LacunaDocument *self, LacunaDocumentProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
lacuna_document_notify_steps (LacunaDocument *self)
{
  for (guint property = PROP_MODIFIED; property <= PROP_RESTING; property++)
    lacuna_document_notify (self, property);
}

void
lacuna_document_emit_coarse (LacunaDocument *self, LacunaRetouch *retouch)
{
  g_signal_emit (self, signals[COARSE], 0, retouch);
}

void
lacuna_document_emit_failed (LacunaDocument *self, const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
emit_mask_changed (LacunaDocument *self, LacunaBox box)
{
  if (box.width > 0)
    g_signal_emit (self, signals[MASK_CHANGED], 0, box.x, box.y, box.width, box.height);
}

static void
emit_steer_changed (LacunaDocument *self, LacunaSteer steer, LacunaBox box)
{
  if (box.width > 0)
    g_signal_emit (self, signals[STEER_CHANGED], 0, (guint) steer, box.x, box.y, box.width, box.height);
}

void
lacuna_document_set_busy (LacunaDocument *self, gboolean busy)
{
  self->busy = busy;
  if (!busy)
    lacuna_document_go_on_closing (self);
  lacuna_document_notify (self, PROP_BUSY);
  lacuna_document_notify (self, PROP_CAN_UNDO);
  lacuna_document_notify (self, PROP_CAN_REDO);
}

void
lacuna_document_push (LacunaDocument *self, LacunaStep *step)
{
  gboolean retouched = step->retouch != NULL, lined;

  if (step->delta != NULL)
    lacuna_document_drop_lines (self, step);
  lined = step->lines != NULL;
  lacuna_history_push (&self->history, step);
  lacuna_document_keep (self);
  if (lined)
    g_signal_emit (self, signals[LINES_CHANGED], 0);
  lacuna_document_notify_steps (self);
  if (retouched)
    g_signal_emit (self, signals[RETOUCHED], 0);
}

void
lacuna_document_push_delta (LacunaDocument *self, const char *title, LacunaDelta *delta)
{
  if (delta == NULL)
    return;
  emit_mask_changed (self, lacuna_raster_apply (self->raster, delta));
  lacuna_document_push (self, lacuna_step_new_mask (title, delta, NULL));
}

void
lacuna_document_push_selection (LacunaDocument *self, const char *title, LacunaDelta *delta, LacunaSelection *selection,
                                gboolean refines, gboolean anew)
{
  LacunaStep *step = lacuna_step_new_mask (title, delta, NULL);

  if (selection != NULL)
    lacuna_step_set_selection (step, selection, refines, anew);
  emit_mask_changed (self, lacuna_raster_apply (self->raster, delta));
  lacuna_document_push (self, step);
}

gboolean
lacuna_document_begin_stroke (LacunaDocument *self, LacunaStrokeKind kind, gboolean keep)
{
  if (self->busy || self->stroking || (kind >= LACUNA_STROKE_AVOID && !need_steer (self, kind - LACUNA_STROKE_AVOID)))
    return FALSE;
  if (kind == LACUNA_STROKE_MARK && !keep && lacuna_document_get_resting (self))
    emit_mask_changed (self, lacuna_stroke_clear (self->raster));
  self->stroking = TRUE;
  self->kind = kind;
  self->n_samples = 0;
  lacuna_document_notify (self, PROP_RESTING);
  return TRUE;
}

/* A shape, to be marked or erased. Returns the box that may have changed. */
typedef LacunaBox (*Shape) (LacunaDocument *self, LacunaRaster *raster, const LacunaSample *samples, guint n_samples,
                            gboolean erase);

/* Draws the samples, joined to the stroke's last one. */
static LacunaBox
draw (LacunaDocument *self, LacunaRaster *raster, const LacunaSample *samples, guint n_samples, gboolean erase)
{
  LacunaBox box, joint = { 0 };

  if (self->n_samples > 0)
    joint = lacuna_stroke_draw (raster, (LacunaSample[]){ self->last, samples[0] }, 2, erase);
  if (self->n_samples > 0 && n_samples == 1)
    return joint;
  box = lacuna_stroke_draw (raster, samples, n_samples, erase);
  if (joint.width > 0 && box.width > 0)
    box = lacuna_box_union (joint, box);
  return box.width > 0 ? box : joint;
}

static LacunaBox
fill_polygon (LacunaDocument *self, LacunaRaster *raster, const LacunaSample *samples, guint n_samples, gboolean erase)
{
  return lacuna_stroke_fill_polygon (raster, samples, n_samples, erase);
}

/* Does what the stroke's kind says, by a shape. */
static void
apply_shape (LacunaDocument *self, Shape shape, const LacunaSample *samples, guint n_samples)
{
  LacunaBox box = { 0 }, steered[LACUNA_N_STEERS] = { { 0 } };

  if (self->kind < LACUNA_STROKE_AVOID)
    box = shape (self, self->raster, samples, n_samples, self->kind == LACUNA_STROKE_ERASE);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (self->kind != LACUNA_STROKE_MARK && self->steer[i] != NULL)
      steered[i] = shape (self, self->steer[i], samples, n_samples, self->kind != LACUNA_STROKE_AVOID + i);
  self->last = samples[n_samples - 1];
  self->n_samples += n_samples;
  emit_mask_changed (self, box);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    emit_steer_changed (self, i, steered[i]);
}

void
lacuna_document_extend_stroke (LacunaDocument *self, const LacunaSample *samples, guint n_samples)
{
  if (self->stroking && n_samples > 0)
    apply_shape (self, draw, samples, n_samples);
}

/* Makes a step of what was drawn since the stroke began. FALSE: nothing changed. */
static gboolean
commit_stroke (LacunaDocument *self, const char *title)
{
  g_autoptr (LacunaDelta) delta = lacuna_raster_commit (self->raster);
  LacunaDelta *steered[LACUNA_N_STEERS] = { NULL };
  gboolean changed = delta != NULL;

  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    {
      steered[i] = self->steer[i] != NULL ? lacuna_raster_commit (self->steer[i]) : NULL;
      changed = changed || steered[i] != NULL;
    }
  self->stroking = FALSE;
  if (changed)
    lacuna_document_push (self, lacuna_step_new_mask (title, delta, steered));
  else
    lacuna_document_notify (self, PROP_RESTING);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    g_clear_pointer (&steered[i], lacuna_delta_unref);
  return changed;
}

void
lacuna_document_end_stroke (LacunaDocument *self)
{
  const char *titles[] = { _ ("Brush"), _ ("Erase"), _ ("Avoid"), _ ("Prefer") };

  if (self->stroking)
    commit_stroke (self, titles[self->kind]);
}

void
lacuna_document_cancel_stroke (LacunaDocument *self)
{
  if (!self->stroking)
    return;
  self->stroking = FALSE;
  emit_mask_changed (self, lacuna_raster_revert (self->raster));
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (self->steer[i] != NULL)
      emit_steer_changed (self, i, lacuna_raster_revert (self->steer[i]));
  lacuna_document_notify (self, PROP_RESTING);
}

gboolean
lacuna_document_mark_polygon (LacunaDocument *self, const LacunaSample *points, guint n_points, LacunaStrokeKind kind,
                              gboolean keep, const char *title)
{
  if (n_points < 3 || !lacuna_document_begin_stroke (self, kind, keep))
    return FALSE;
  apply_shape (self, fill_polygon, points, n_points);
  return commit_stroke (self, title);
}

void
lacuna_document_clear_mask (LacunaDocument *self)
{
  if (!lacuna_document_begin_stroke (self, LACUNA_STROKE_ERASE, TRUE))
    return;
  emit_mask_changed (self, lacuna_stroke_clear (self->raster));
  commit_stroke (self, _ ("Clear"));
}

void
lacuna_document_clear_steer (LacunaDocument *self)
{
  if (!lacuna_document_begin_stroke (self, LACUNA_STROKE_AVOID, TRUE))
    return;
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (self->steer[i] != NULL)
      emit_steer_changed (self, i, lacuna_stroke_clear (self->steer[i]));
  commit_stroke (self, _ ("Clear Sources"));
}

/* Goes one step back or on. FALSE: nothing has changed, as there is no such step, or as something is under way, or
 * for want of memory. */
static gboolean
go (LacunaDocument *self, gboolean back)
{
  LacunaStep *step = back ? lacuna_history_peek_undo (&self->history) : lacuna_history_peek_redo (&self->history);

  if (self->busy || self->stroking || step == NULL || !need_steers (self, step))
    return FALSE;
  if (back)
    lacuna_history_undo (&self->history);
  else
    lacuna_history_redo (&self->history);
  if (step->delta != NULL)
    emit_mask_changed (self, lacuna_raster_apply (self->raster, step->delta));
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    if (step->steer[i] != NULL)
      emit_steer_changed (self, i, lacuna_raster_apply (self->steer[i], step->steer[i]));
  if (step->lines != NULL)
    g_signal_emit (self, signals[LINES_CHANGED], 0);
  lacuna_document_keep (self);
  lacuna_document_notify_steps (self);
  if (step->retouch != NULL)
    g_signal_emit (self, signals[RETOUCHED], 0);
  return TRUE;
}

void
lacuna_document_undo (LacunaDocument *self)
{
  go (self, TRUE);
}

void
lacuna_document_redo (LacunaDocument *self)
{
  go (self, FALSE);
}

void
lacuna_document_choose_variant (LacunaDocument *self, guint variant)
{
  guint chosen, position;
  g_autoptr (GPtrArray) variants = lacuna_document_list_variants (self, &chosen);
  const LacunaStep *wanted = NULL;

  if (self->busy || variant >= variants->len || variant == chosen)
    return;
  for (position = 0; wanted == NULL || wanted->retouch != variants->pdata[variant]; position++)
    wanted = self->history.steps->pdata[position];
  while (self->history.position != position && go (self, self->history.position > position))
    ;
}

static void
redo_variants (LacunaDocument *self)
{
  guint first, end;

  lacuna_history_find_variants (&self->history, &first, &end);
  while (self->history.position < end && go (self, FALSE))
    ;
}

gboolean
lacuna_document_steer (LacunaDocument *self, LacunaSourceEdit edit, LacunaBox place)
{
  const LacunaSample corners[] = { { place.x, place.y, 0 },
                                   { place.x + place.width, place.y, 0 },
                                   { place.x + place.width, place.y + place.height, 0 },
                                   { place.x, place.y + place.height, 0 } };
  const char *titles[] = { _ ("Not This One"), _ ("More of This"), _ ("Copy From Here") };
  LacunaSteer steer = edit == LACUNA_SOURCE_NOT ? LACUNA_STEER_AVOID : LACUNA_STEER_PREFER;

  if (self->busy || self->stroking)
    return FALSE;
  redo_variants (self);
  if (!lacuna_document_begin_stroke (self, LACUNA_STROKE_AVOID + steer, TRUE))
    return FALSE;
  if (edit == LACUNA_SOURCE_ONLY)
    emit_steer_changed (self, steer, lacuna_stroke_clear (self->steer[steer]));
  apply_shape (self, fill_polygon, corners, G_N_ELEMENTS (corners));
  return commit_stroke (self, titles[edit]);
}

static void
lacuna_document_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  LacunaDocument *self = LACUNA_DOCUMENT (object);
  LacunaStep *undo = lacuna_history_peek_undo (&self->history), *redo = lacuna_history_peek_redo (&self->history);

  switch ((LacunaDocumentProperty) property)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, lacuna_document_get_modified (self));
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, undo != NULL && !self->busy);
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, redo != NULL && !self->busy);
      break;
    case PROP_UNDO_TITLE:
      g_value_set_string (value, undo != NULL ? undo->title : NULL);
      break;
    case PROP_REDO_TITLE:
      g_value_set_string (value, redo != NULL ? redo->title : NULL);
      break;
    case PROP_HAS_HOLE:
      g_value_set_boolean (value, lacuna_document_has_hole (self));
      break;
    case PROP_RESTING:
      g_value_set_boolean (value, lacuna_document_get_resting (self));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_FILLING:
      g_value_set_boolean (value, self->fill_cancellable != NULL);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROP_STAGE:
      g_value_set_string (value, self->stage);
      break;
    case PROP_LESSON:
      g_value_set_object (value, self->lesson);
      break;
    case PROP_USE_LEARNT:
      g_value_set_boolean (value, self->use_learnt);
      break;
    case N_PROPERTIES:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
lacuna_document_finalize (GObject *object)
{
  LacunaDocument *self = LACUNA_DOCUMENT (object);

  g_clear_pointer (&self->journal, lacuna_journal_free);
  lacuna_history_clear (&self->history);
  g_clear_pointer (&self->raster, lacuna_raster_free);
  for (LacunaSteer i = 0; i < LACUNA_N_STEERS; i++)
    g_clear_pointer (&self->steer[i], lacuna_raster_free);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_object (&self->original);
  g_clear_object (&self->lesson);
  g_clear_object (&self->former);
  g_free (self->path);
  g_free (self->name);
  g_free (self->note);
  g_free (self->title);
  g_free (self->save_path);
  G_OBJECT_CLASS (lacuna_document_parent_class)->finalize (object);
}

static void
lacuna_document_class_init (LacunaDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lacuna_document_get_property;
  object_class->finalize = lacuna_document_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_TITLE] = g_param_spec_string ("undo-title", NULL, NULL, NULL, flags);
  properties[PROP_REDO_TITLE] = g_param_spec_string ("redo-title", NULL, NULL, NULL, flags);
  properties[PROP_HAS_HOLE] = g_param_spec_boolean ("has-hole", NULL, NULL, FALSE, flags);
  properties[PROP_RESTING] = g_param_spec_boolean ("resting", NULL, NULL, FALSE, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_FILLING] = g_param_spec_boolean ("filling", NULL, NULL, FALSE, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_STAGE] = g_param_spec_string ("stage", NULL, NULL, NULL, flags);
  properties[PROP_LESSON] = g_param_spec_object ("lesson", NULL, NULL, LACUNA_TYPE_LESSON, flags);
  properties[PROP_USE_LEARNT] = g_param_spec_boolean ("use-learnt", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[MASK_CHANGED] = g_signal_new ("mask-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
  signals[STEER_CHANGED]
      = g_signal_new ("steer-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      5, G_TYPE_UINT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
  signals[LINES_CHANGED] = g_signal_new ("lines-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[RETOUCHED]
      = g_signal_new ("retouched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COARSE] = g_signal_new ("coarse", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[KEPT]
      = g_signal_new ("kept", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
lacuna_document_init (LacunaDocument *self)
{
  self->saved = g_ptr_array_new ();
  self->strength = 1;
  lacuna_history_init (&self->history);
}

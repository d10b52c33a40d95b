/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page on which a model is trained: begins, pauses, resumes and ends a training, and keeps its result. `state`
 * decides which widgets are shown, and there is a trainer in every state but STATE_SETUP; the application is held
 * from run() to ended(). All of it runs in the main loop, in which the trainer reports; the training runs in the
 * engine's thread. */
#include "app/pages/training-page.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/pages/curve.h"
#include "app/pages/held-out-strip.h"
#include "app/pages/training-setup.h"
#include "app/services/complain.h"
#include "engine/lacuna.h"

typedef enum {
  STATE_SETUP,
  STATE_RUNNING,
  STATE_PAUSED,
  STATE_OVER,
} State;

struct _LacunaTrainingPage {
  AdwBin parent_instance;

  /* Template widgets */
  AdwToastOverlay     *toasts;
  LacunaTrainingSetup *setup;
  AdwPreferencesGroup *result;
  AdwActionRow        *before_row, *after_row;
  GtkWidget           *start_button, *pause_button, *resume_button, *stop_button, *use_button, *keep_button;
  GtkWidget           *live, *samples_window;
  GtkProgressBar      *bar;
  GtkLabel            *status, *note;
  LacunaCurve         *losses, *critics;
  LacunaHeldOutStrip  *samples;

  /* Owned */
  LacunaServices *services;
  LacunaTrainer  *trainer; /* or NULL */
  LacunaTrainer  *discarded; /* while its offer shows, or NULL */
  AdwToast       *offer; /* borrowed, to bring that back; or NULL */
  GCancellable   *cancellable; /* of its last run, or NULL */
  State           state;
  guint64         stop_at; /* so many steps; 0: nowhere */
};

G_DEFINE_FINAL_TYPE (LacunaTrainingPage, lacuna_training_page, ADW_TYPE_BIN)

static gboolean
is_gone (LacunaTrainingPage *self)
{
  return gtk_widget_get_root (GTK_WIDGET (self)) == NULL;
}

static void
update (LacunaTrainingPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->setup), self->state == STATE_SETUP);
  gtk_widget_set_visible (self->start_button, self->state == STATE_SETUP);
  gtk_widget_set_sensitive (self->start_button, lacuna_training_setup_is_ready (self->setup));
  gtk_widget_set_visible (self->pause_button, self->state == STATE_RUNNING);
  gtk_widget_set_visible (self->resume_button, self->state == STATE_PAUSED);
  gtk_widget_set_visible (self->stop_button, self->state == STATE_RUNNING || self->state == STATE_PAUSED);
  gtk_widget_set_visible (self->live, self->state != STATE_SETUP);
  gtk_widget_set_visible (GTK_WIDGET (self->result), self->state == STATE_OVER);
}

static void
set_state (LacunaTrainingPage *self, State state)
{
  self->state = state;
  update (self);
}

static char *
describe_time (double seconds)
{
  int minutes = ceil (seconds / 60.0);

  return minutes < 120 ? g_strdup_printf (_ ("%d min left"), minutes)
                       : g_strdup_printf (_ ("%d h left"), (minutes + 30) / 60);
}

static char *
describe_report (const LacunaTrainingReport *report)
{
  g_autofree char *time = NULL;

  switch (report->phase)
    {
    case LACUNA_TRAINING_READING:
      return g_strdup_printf (_ ("Reading photos: %u of %u"), report->n_read, report->n_files);
    case LACUNA_TRAINING_PREPARING:
      return g_strdup (_ ("Preparing the device: programs are compiled for it. The first time that takes a minute…"));
    default:
      break;
    }
  if (!isfinite (report->seconds_left))
    return g_strdup_printf (_ ("Step %u of %u"), (guint) report->step, (guint) report->steps);
  time = describe_time (report->seconds_left);
  return g_strdup_printf (_ ("Step %u of %u · %.1f images per second · %s"), (guint) report->step,
                          (guint) report->steps, report->images_per_second, time);
}

static void
add_point (LacunaTrainingPage *self, const LacunaTrainingPoint *point)
{
  lacuna_curve_add (self->losses, point);
  lacuna_curve_add (self->critics, point);
  gtk_widget_set_visible (GTK_WIDGET (self->critics), lacuna_curve_has_points (self->critics));
}

static void
show_report (const LacunaTrainingReport *report, gpointer data)
{
  LacunaTrainingPage *self = data;
  g_autofree char *text = describe_report (report);

  if (is_gone (self))
    return;
  if (self->stop_at > 0 && report->step >= self->stop_at)
    {
      lacuna_trainer_stop (self->trainer);
      /* A second wish would stop the look that the first leads to. */
      self->stop_at = 0;
    }
  gtk_label_set_label (self->status, text);
  if (report->phase == LACUNA_TRAINING_PREPARING)
    gtk_progress_bar_pulse (self->bar);
  else
    gtk_progress_bar_set_fraction (self->bar, report->phase == LACUNA_TRAINING_READING
                                                  ? (double) report->n_read / MAX (1, report->n_files)
                                                  : (double) report->step / MAX (1, report->steps));
  if (report->has_point)
    add_point (self, &report->point);
  if (report->note != NULL)
    gtk_label_set_label (self->note, report->note);
  if (report->note != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
  if (report->samples != NULL)
    {
      lacuna_held_out_strip_show (self->samples, report->samples);
      gtk_widget_set_visible (self->samples_window, TRUE);
    }
}

static void
show_score (AdwActionRow *row, const LacunaTrainingProgress *progress, const LacunaHeldOutScore *score)
{
  g_autofree char *text = g_strdup_printf (
      progress->n_photos > 1 ? _ ("L1 %.3f %% · PSNR %.2f dB, in the holes of photos held out")
                             : _ ("L1 %.3f %% · PSNR %.2f dB, in holes of the photo that was learnt from"),
      score->l1, score->psnr);

  adw_action_row_set_subtitle (row, text);
}

/* Returns a sentence on whether the model fills better. With too few photos held out, it claims nothing. */
static char *
judge (const LacunaTrainingProgress *progress, gboolean is_better)
{
  guint n = progress->n_photos > 1 ? progress->n_held_out : 0;
  g_autofree char *held_out
      = g_strdup_printf (g_dngettext (NULL, "%u photo was held out", "%u photos were held out", n), n);

  if (n == 0)
    return g_strdup (
        _ ("The only photo was learnt from, so it can’t be told whether the new model fills better. See for "
           "yourself."));
  if (n < LACUNA_TRAINING_JUDGES)
    return g_strdup_printf (_ ("%s: too few to tell whether the new model fills better. See for yourself."), held_out);
  if (is_better)
    return g_strdup_printf (_ ("%s: the new model fills better than the one before."), held_out);
  return g_strdup_printf (_ ("%s: the new model is not better than the one before. Learn from more photos, or longer."),
                          held_out);
}

/* Marks the page, or takes its mark back, in what switches between the pages. */
static void
mark (LacunaTrainingPage *self, gboolean needs_attention)
{
  GtkWidget *pages = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_VIEW_STACK);

  adw_view_stack_page_set_needs_attention (adw_view_stack_get_page (ADW_VIEW_STACK (pages), GTK_WIDGET (self)),
                                           needs_attention);
}

/* Sends a notification of how the training went that is over, unless the window is active. */
static void
notify (LacunaTrainingPage *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (GNotification) notification = g_notification_new (_ ("The Training Is Over"));

  if (gtk_window_is_active (window))
    return;
  g_notification_set_body (notification, adw_preferences_group_get_description (self->result));
  g_application_send_notification (G_APPLICATION (gtk_window_get_application (window)), "training", notification);
}

/* Tells the model's figure where it is better, or of the last look that there was at what is not better, and why that
 * is not offered for use. */
static void
show_after (LacunaTrainingPage *self, const LacunaTrainingProgress *progress)
{
  guint last = progress->points->len;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->after_row), progress->looked_at > 0);
  if (progress->best_step > 0)
    {
      show_score (self->after_row, progress, &progress->best);
      return;
    }
  while (last > 0 && isnan (g_array_index (progress->points, LacunaTrainingPoint, last - 1).held_out))
    last--;
  if (last > 0)
    text = g_strdup_printf (_ ("L1 %.3f %%: not better. It can be kept, but is not offered for use."),
                            g_array_index (progress->points, LacunaTrainingPoint, last - 1).held_out);
  adw_action_row_set_subtitle (self->after_row, text);
}

static void
show_result (LacunaTrainingPage *self)
{
  const LacunaTrainingProgress *progress = lacuna_trainer_get_progress (self->trainer);
  gboolean is_better = lacuna_trainer_is_better (self->trainer);
  g_autofree char *verdict = judge (progress, is_better);
  guint n_steps = progress->step;
  g_autofree char *text = g_strdup_printf (g_dngettext (NULL, "%u step", "%u steps", n_steps), n_steps);

  gtk_label_set_label (self->status, text);
  show_score (self->before_row, progress, &progress->before);
  show_after (self, progress);
  adw_preferences_group_set_description (self->result, verdict);
  gtk_widget_set_sensitive (self->use_button, is_better);
  gtk_widget_set_tooltip_text (self->use_button, is_better ? _ ("Keep It, and Fill with It") : _ ("It Is Not Better"));
  /* What was never looked at is in no file yet. */
  gtk_widget_set_sensitive (self->keep_button, progress->looked_at > 0);
  gtk_widget_set_tooltip_text (self->keep_button, is_better ? _ ("Keep It among the Models")
                                                            : _ ("Keep It among the Models, though It Is Not Better"));
  set_state (self, STATE_OVER);
}

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaTrainingPage) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  self->stop_at = 0;
  lacuna_trainer_run_finish (LACUNA_TRAINER (source), result, &error);
  if (is_gone (self))
    return;
  if (error == NULL)
    {
      show_result (self);
      notify (self);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      set_state (self, STATE_PAUSED);
      gtk_label_set_label (self->status, _ ("Paused"));
    }
  else
    {
      g_auto (GStrv) left = lacuna_training_list ();
      const char *name = lacuna_trainer_get_progress (self->trainer)->name;

      set_state (self, g_strv_contains ((const char *const *) left, name) ? STATE_PAUSED : STATE_SETUP);
      lacuna_complain (GTK_WIDGET (self), _ ("The Training Stopped"), error);
    }
  mark (self, !gtk_widget_get_mapped (GTK_WIDGET (self)));
}

/* The application stays until the snapshot is written. */
static void
run (LacunaTrainingPage *self)
{
  lacuna_services_hold (self->services);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  lacuna_trainer_run_async (self->trainer, show_report, self, self->cancellable, ended, g_object_ref (self));
  set_state (self, STATE_RUNNING);
}

static void
clear_live (LacunaTrainingPage *self)
{
  lacuna_curve_clear (self->losses);
  lacuna_curve_clear (self->critics);
  gtk_widget_set_visible (GTK_WIDGET (self->critics), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_widget_set_visible (self->samples_window, FALSE);
  gtk_progress_bar_set_fraction (self->bar, 0.0);
}

static void
start (LacunaTrainingPage *self)
{
  g_autoptr (GError) error = NULL;

  if (self->offer != NULL)
    lacuna_dismiss_toast (self->offer);
  g_clear_object (&self->trainer);
  self->trainer = lacuna_training_setup_make_trainer (self->setup, lacuna_services_get_engine (self->services), &error);
  if (self->trainer == NULL)
    {
      lacuna_complain (GTK_WIDGET (self), _ ("The Training Can't Start"), error);
      return;
    }
  clear_live (self);
  run (self);
}

static void
pause_training (LacunaTrainingPage *self)
{
  gtk_label_set_label (self->status, _ ("Pausing…"));
  g_cancellable_cancel (self->cancellable);
}

static void
resume_training (LacunaTrainingPage *self)
{
  run (self);
}

/* A training looks at how well it does before it stops; one that was paused goes on for that, unless it has just looked:
 * by a step, as what stops it earlier cancels it. */
static void
stop_training (LacunaTrainingPage *self)
{
  const LacunaTrainingProgress *progress = lacuna_trainer_get_progress (self->trainer);

  if (self->state == STATE_PAUSED && progress->looked_at == progress->step)
    show_result (self);
  else if (self->state == STATE_PAUSED)
    {
      self->stop_at = progress->step + 1;
      run (self);
    }
  else if (self->stop_at == 0)
    lacuna_trainer_stop (self->trainer);
}

static void
throw_away (LacunaTrainingPage *self)
{
  if (self->discarded != NULL)
    lacuna_trainer_discard (self->discarded);
  g_clear_object (&self->discarded);
}

static void
discard_ended (AdwToast *toast, gpointer data)
{
  LacunaTrainingPage *self = data;

  self->offer = NULL;
  throw_away (self);
}

static void
discard_undone (AdwToast *toast, gpointer data)
{
  LacunaTrainingPage *self = data;

  self->trainer = g_steal_pointer (&self->discarded);
  show_result (self);
}

static void
discard_model (LacunaTrainingPage *self)
{
  self->discarded = g_steal_pointer (&self->trainer);
  set_state (self, STATE_SETUP);
  self->offer = adw_toast_new (_ ("Training discarded"));
  /* It stays: keys take a while to come there, and what was learnt may be days of training. */
  adw_toast_set_timeout (self->offer, 0);
  adw_toast_set_button_label (self->offer, _ ("Undo"));
  g_signal_connect_object (self->offer, "button-clicked", G_CALLBACK (discard_undone), self, 0);
  g_signal_connect_object (self->offer, "dismissed", G_CALLBACK (discard_ended), self, 0);
  lacuna_show_toast (self->toasts, self->offer);
}

static gboolean
keep_model (LacunaTrainingPage *self)
{
  g_autoptr (GError) error = NULL;

  if (!(lacuna_trainer_is_better (self->trainer) ? lacuna_trainer_keep (self->trainer, &error)
                                                 : lacuna_trainer_keep_worse (self->trainer, &error)))
    {
      lacuna_complain (GTK_WIDGET (self), _ ("The Model Was Not Kept"), error);
      return FALSE;
    }
  g_clear_object (&self->trainer);
  lacuna_training_setup_list_models (self->setup);
  set_state (self, STATE_SETUP);
  return TRUE;
}

static void
use_model (LacunaTrainingPage *self)
{
  g_autofree char *name = g_strdup (lacuna_trainer_get_progress (self->trainer)->name);

  if (keep_model (self))
    g_settings_set_string (lacuna_services_get_settings (self->services), "model", name);
}

/* Shows a training that the last run of the program left: as paused, or as over where no step is left. */
static void
find_unfinished (LacunaTrainingPage *self)
{
  g_auto (GStrv) names = lacuna_training_list ();
  const LacunaTrainingProgress *progress;

  if (self->trainer != NULL || self->discarded != NULL || names[0] == NULL)
    return;
  self->trainer = lacuna_trainer_resume (lacuna_services_get_engine (self->services), names[0], NULL);
  if (self->trainer == NULL)
    return;
  progress = lacuna_trainer_get_progress (self->trainer);
  lacuna_training_setup_show (self->setup, progress);
  clear_live (self);
  for (guint i = 0; i < progress->points->len; i++)
    add_point (self, &g_array_index (progress->points, LacunaTrainingPoint, i));
  gtk_progress_bar_set_fraction (self->bar, (double) progress->step / progress->options.steps);
  if (progress->step >= progress->options.steps && progress->looked_at == progress->step)
    {
      show_result (self);
      return;
    }
  gtk_label_set_label (self->status, _ ("Paused"));
  set_state (self, STATE_PAUSED);
}

gboolean
lacuna_training_page_is_running (LacunaTrainingPage *self)
{
  return self->state == STATE_RUNNING;
}

void
lacuna_training_page_set_services (LacunaTrainingPage *self, LacunaServices *services)
{
  g_set_object (&self->services, services);
}

static void
lacuna_training_page_map (GtkWidget *widget)
{
  LacunaTrainingPage *self = LACUNA_TRAINING_PAGE (widget);

  GTK_WIDGET_CLASS (lacuna_training_page_parent_class)->map (widget);
  mark (self, FALSE);
  if (self->state != STATE_SETUP)
    return;
  lacuna_training_setup_list_models (self->setup);
  find_unfinished (self);
}

static void
lacuna_training_page_dispose (GObject *object)
{
  LacunaTrainingPage *self = LACUNA_TRAINING_PAGE (object);

  throw_away (self);
  g_clear_object (&self->trainer);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (lacuna_training_page_parent_class)->dispose (object);
}

/* The services are released by a training's end, which may come after the page is disposed of. */
static void
lacuna_training_page_finalize (GObject *object)
{
  g_clear_object (&LACUNA_TRAINING_PAGE (object)->services);
  G_OBJECT_CLASS (lacuna_training_page_parent_class)->finalize (object);
}

/* The window closes: what was learnt is written before the program ends. */
static void
lacuna_training_page_unrealize (GtkWidget *widget)
{
  LacunaTrainingPage *self = LACUNA_TRAINING_PAGE (widget);

  if (self->state == STATE_RUNNING)
    g_cancellable_cancel (self->cancellable);
  GTK_WIDGET_CLASS (lacuna_training_page_parent_class)->unrealize (widget);
}

static void
bind_widgets (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, toasts);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, setup);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, result);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, start_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, pause_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, resume_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, stop_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, use_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, keep_button);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, live);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, samples_window);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, bar);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, status);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, note);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, losses);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, critics);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, samples);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, before_row);
  gtk_widget_class_bind_template_child (klass, LacunaTrainingPage, after_row);
}

static void
lacuna_training_page_class_init (LacunaTrainingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_training_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_training_page_finalize;
  widget_class->map = lacuna_training_page_map;
  widget_class->unrealize = lacuna_training_page_unrealize;
  g_type_ensure (LACUNA_TYPE_CURVE);
  g_type_ensure (LACUNA_TYPE_HELD_OUT_STRIP);
  g_type_ensure (LACUNA_TYPE_TRAINING_SETUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/pages/training-page.ui");
  bind_widgets (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, start);
  gtk_widget_class_bind_template_callback (widget_class, pause_training);
  gtk_widget_class_bind_template_callback (widget_class, resume_training);
  gtk_widget_class_bind_template_callback (widget_class, stop_training);
  gtk_widget_class_bind_template_callback (widget_class, use_model);
  gtk_widget_class_bind_template_callback (widget_class, keep_model);
  gtk_widget_class_bind_template_callback (widget_class, discard_model);
}

static void
lacuna_training_page_init (LacunaTrainingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lacuna_curve_set_kind (self->critics, LACUNA_CURVE_CRITICS);
}

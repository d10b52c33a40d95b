/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which something is done to all photos: asks where results go, shows how the queue comes on, and what
 * it remarked. `cancellable` is NULL unless the queue runs, and the application is held meanwhile. All of it runs in
 * the main loop. */
#include "app/window/queue-dialog.h"

#include <glib/gi18n.h>

#include "app/document/result-name.h"
#include "app/services/chooser.h"
#include "app/services/complain.h"

struct _LacunaQueueDialog {
  AdwWindow parent_instance;

  /* Template widgets */
  GtkWidget      *cancel_button, *fill_button, *close_button, *show_button;
  GtkStack       *stack;
  GtkLabel       *summary, *place, *outcome;
  AdwActionRow   *beside_row, *folder_row;
  GtkCheckButton *in_folder;
  GtkProgressBar *progress;
  GtkWidget      *remarks_window;
  GtkListBox     *remarks;

  /* Owned */
  LacunaServices *services;
  LacunaQueue    *queue;
  GCancellable   *cancellable;
  char           *folder; /* where results go; NULL: none was chosen */
  gboolean        marking;
};

G_DEFINE_FINAL_TYPE (LacunaQueueDialog, lacuna_queue_dialog, ADW_TYPE_WINDOW)

static void
show_progress (LacunaQueueDialog *self)
{
  const char *path = lacuna_queue_get_path (self->queue);
  g_autofree char *name = path != NULL ? g_filename_display_basename (path) : NULL;
  g_autofree char *text = NULL;

  gtk_progress_bar_set_fraction (self->progress, lacuna_queue_get_fraction (self->queue));
  if (name == NULL)
    return;
  /* TRANSLATORS: of a queue of photos, the third being “holiday.jpg” */
  text = g_strdup_printf (_ ("Photo %u of %u: “%s”"), lacuna_queue_get_position (self->queue) + 1,
                          lacuna_queue_get_n (self->queue), name);
  gtk_label_set_label (self->place, text);
}

static void
show_run (LacunaQueueDialog *self)
{
  gtk_stack_set_visible_child_name (self->stack, "run");
  gtk_window_set_default_widget (GTK_WINDOW (self), NULL);
  gtk_widget_set_visible (self->fill_button, FALSE);
  show_progress (self);
}

static void
add_remark (LacunaQueueDialog *self, const LacunaRemark *remark)
{
  GtkWidget *row = adw_action_row_new (),
            *icon
            = gtk_image_new_from_icon_name (remark->failed ? "dialog-error-symbolic" : "dialog-information-symbolic");
  g_autofree char *name = g_filename_display_basename (remark->path), *title = g_markup_escape_text (name, -1);
  g_autofree char *text = lacuna_name_files (remark->text), *subtitle = g_markup_escape_text (text, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  remark->failed ? _ ("Failed") : _ ("Note"), -1);
  gtk_list_box_append (self->remarks, row);
}

static char *
describe_outcome (LacunaQueueDialog *self, gboolean cancelled)
{
  guint n = lacuna_queue_get_n_done (self->queue), n_failed = lacuna_queue_get_n_failed (self->queue);
  g_autofree char *done = g_strdup_printf (
      self->marking ? ngettext ("The mask is in %u other photo.", "The mask is in %u other photos.", n)
                    : ngettext ("%u photo was filled and saved.", "%u photos were filled and saved.", n),
      n);
  g_autofree char *failed
      = g_strdup_printf (ngettext ("%u photo stayed as it was.", "%u photos stayed as they were.", n_failed), n_failed);

  return g_strjoin (" ", done,
                    cancelled      ? _ ("Then it was cancelled.")
                    : n_failed > 0 ? failed
                                   : NULL,
                    cancelled && n_failed > 0 ? failed : NULL, NULL);
}

static void
show_done (LacunaQueueDialog *self, gboolean cancelled)
{
  GPtrArray *remarks = lacuna_queue_get_remarks (self->queue);
  g_autofree char *outcome = describe_outcome (self, cancelled);

  gtk_label_set_label (self->outcome, outcome);
  for (guint i = 0; i < remarks->len; i++)
    add_remark (self, remarks->pdata[i]);
  gtk_widget_set_visible (self->remarks_window, remarks->len > 0);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  gtk_widget_set_visible (self->close_button, TRUE);
  gtk_widget_set_visible (self->show_button, lacuna_queue_get_result (self->queue) != NULL);
  gtk_stack_set_visible_child_name (self->stack, "done");
  gtk_window_set_default_widget (GTK_WINDOW (self), self->close_button);
  gtk_widget_grab_focus (self->close_button);
}

static void
folder_shown (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueueDialog) self = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) && gtk_widget_get_visible (GTK_WIDGET (self)))
    lacuna_complain (GTK_WIDGET (self), _ ("The Folder Can't Be Shown"), error);
}

/* The folder of the last result: where each is beside its photo, there may be others. */
static void
show_folder (LacunaQueueDialog *self)
{
  g_autofree char *folder = g_path_get_dirname (lacuna_queue_get_result (self->queue));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri_full (GTK_WINDOW (self), uri, GDK_CURRENT_TIME, NULL, folder_shown, g_object_ref (self));
}

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaQueueDialog) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_queue_finish (LACUNA_QUEUE (source), result, &error);
  lacuna_services_release (self->services);
  g_clear_object (&self->cancellable);
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    show_done (self, error != NULL);
}

/* Holds the application until ended(), so that it outlives its window until the last photo is closed. */
static GCancellable *
begin (LacunaQueueDialog *self)
{
  lacuna_services_hold (self->services);
  self->cancellable = g_cancellable_new ();
  show_run (self);
  return self->cancellable;
}

void
lacuna_queue_dialog_mark (LacunaQueueDialog *self, LacunaMask *mask)
{
  self->marking = TRUE;
  gtk_window_set_title (GTK_WINDOW (self), _ ("Mask for All"));
  lacuna_queue_mark_async (self->queue, mask, begin (self), ended, g_object_ref (self));
}

static void
begin_fill (LacunaQueueDialog *self)
{
  GSettings *settings = lacuna_services_get_settings (self->services);
  g_autofree char *model = g_settings_get_string (settings, "model");

  lacuna_queue_fill_async (
      self->queue, lacuna_services_get_engine (self->services), model, g_settings_get_double (settings, "growth"),
      gtk_check_button_get_active (self->in_folder) ? self->folder : NULL, begin (self), ended, g_object_ref (self));
}

static void
update_place (LacunaQueueDialog *self)
{
  g_autofree char *folder = self->folder != NULL ? g_filename_display_name (self->folder) : NULL;
  g_autofree char *escaped = folder != NULL ? g_markup_escape_text (folder, -1) : NULL;
  g_autofree char *text = folder != NULL ? g_strdup_printf (_ ("In “%s”, by the photo’s own name"), escaped) : NULL;

  adw_action_row_set_subtitle (self->folder_row, text != NULL ? text : _ ("By the photo’s own name"));
  gtk_widget_set_sensitive (self->fill_button, self->folder != NULL || !gtk_check_button_get_active (self->in_folder));
}

static void
folder_chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  LacunaQueueDialog *self = data;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_free (self->folder);
      self->folder = lacuna_chooser_get_path (GTK_FILE_CHOOSER (dialog));
      gtk_check_button_set_active (self->in_folder, self->folder != NULL);
    }
  update_place (self);
  g_object_unref (dialog);
}

static void
ask_folder (LacunaQueueDialog *self)
{
  lacuna_chooser_open (GTK_WINDOW (self), _ ("Folder for the Results"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                       _ ("Photos"), NULL, G_CALLBACK (folder_chosen), self);
}

static void
follow_place (LacunaQueueDialog *self)
{
  if (gtk_check_button_get_active (self->in_folder) && self->folder == NULL)
    ask_folder (self);
  update_place (self);
}

/* Shows how results beside the photos are named, by the example of the first photo. */
static void
describe_rule (LacunaQueueDialog *self)
{
  const char *path = lacuna_queue_get_path (self->queue);
  g_autofree char *result = lacuna_result_name (path, path, NULL);
  g_autofree char *before = g_filename_display_basename (path), *after = g_filename_display_basename (result);
  /* TRANSLATORS: the names of a photo and of what is made of it */
  g_autofree char *rule = g_strdup_printf (_ ("“%s” becomes “%s”"), before, after);
  g_autofree char *escaped = g_markup_escape_text (rule, -1);

  adw_action_row_set_subtitle (self->beside_row, escaped);
}

void
lacuna_queue_dialog_fill (LacunaQueueDialog *self, guint n_marked, guint n_filled)
{
  guint n_left = lacuna_queue_get_n (self->queue) - n_marked - n_filled;
  g_autofree char *marked = g_strdup_printf (ngettext ("%u photo is marked: it is filled and saved.",
                                                       "%u photos are marked: they are filled and saved.", n_marked),
                                             n_marked);
  g_autofree char *filled = g_strdup_printf (
      ngettext ("%u was filled before and is saved.", "%u were filled before and are saved.", n_filled), n_filled);
  g_autofree char *left = g_strdup_printf (
      ngettext ("%u has nothing to fill or to save.", "%u have nothing to fill or to save.", n_left), n_left);
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autofree char *text = NULL;

  if (n_marked > 0)
    g_ptr_array_add (lines, marked);
  if (n_filled > 0)
    g_ptr_array_add (lines, filled);
  if (n_left > 0)
    g_ptr_array_add (lines, left);
  g_ptr_array_add (lines, NULL);
  text = g_strjoinv ("\n", (char **) lines->pdata);
  gtk_label_set_label (self->summary, text);
  gtk_window_set_title (GTK_WINDOW (self), _ ("Fill All Photos"));
  gtk_window_set_default_widget (GTK_WINDOW (self), self->fill_button);
  gtk_window_set_focus (GTK_WINDOW (self), self->fill_button);
  describe_rule (self);
  update_place (self);
}

/* While the queue runs, closing only cancels it; the dialog then tells what was done, and can be closed. */
static gboolean
lacuna_queue_dialog_close_request (GtkWindow *window)
{
  LacunaQueueDialog *self = LACUNA_QUEUE_DIALOG (window);

  if (self->cancellable == NULL)
    return GTK_WINDOW_CLASS (lacuna_queue_dialog_parent_class)->close_request (window);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_set_sensitive (self->cancel_button, FALSE);
  return GDK_EVENT_STOP;
}

/* A queue that is not over keeps the dialog beyond its parent, which GTK would look for at the dialog's end. */
static void
leave (LacunaQueueDialog *self)
{
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
}

LacunaQueueDialog *
lacuna_queue_dialog_new (GtkWindow *parent, LacunaServices *services, LacunaQueue *queue)
{
  LacunaQueueDialog *self = g_object_new (LACUNA_TYPE_QUEUE_DIALOG, "transient-for", parent, NULL);

  self->services = g_object_ref (services);
  self->queue = g_object_ref (queue);
  g_signal_connect_swapped (queue, "progress", G_CALLBACK (show_progress), self);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (leave), self, G_CONNECT_SWAPPED);
  return self;
}

static void
lacuna_queue_dialog_dispose (GObject *object)
{
  LacunaQueueDialog *self = LACUNA_QUEUE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->queue, self);
  G_OBJECT_CLASS (lacuna_queue_dialog_parent_class)->dispose (object);
}

static void
lacuna_queue_dialog_finalize (GObject *object)
{
  LacunaQueueDialog *self = LACUNA_QUEUE_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_object_unref (self->queue);
  g_object_unref (self->services);
  g_free (self->folder);
  G_OBJECT_CLASS (lacuna_queue_dialog_parent_class)->finalize (object);
}

static void
lacuna_queue_dialog_class_init (LacunaQueueDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lacuna_queue_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lacuna_queue_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lacuna_queue_dialog_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/lacuna/Lacuna/ui/window/queue-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, fill_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, show_button);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, place);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, beside_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, in_folder);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, remarks_window);
  gtk_widget_class_bind_template_child (widget_class, LacunaQueueDialog, remarks);
  gtk_widget_class_bind_template_callback (widget_class, begin_fill);
  gtk_widget_class_bind_template_callback (widget_class, ask_folder);
  gtk_widget_class_bind_template_callback (widget_class, follow_place);
  gtk_widget_class_bind_template_callback (widget_class, show_folder);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lacuna_queue_dialog_init (LacunaQueueDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

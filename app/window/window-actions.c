/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The actions of the window, and which of them are enabled. lacuna_window_update_actions() decides the latter anew
 * from the document, devices and pages whenever one of them changes. The application is held while a fill or a
 * lesson is under way. All of it runs in the main loop; the document uses threads. */
#include "app/window/window-private.h"

#include <glib/gi18n.h>

/* A fill whose mean trust is less than this is likely to be wrong by 24 levels (of 255) or more, and learning the
 * photo is offered. None of the fills of the five samples' masks is (.54 to .74); of photos that the model has not
 * seen, 3 of 30 fills of a brushed hole are, and 5 of 27 of a square hole with a quarter of the short side. */
#define POOR_TRUST 0.45

static void
activate_open (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_ask_open (data);
}

static void
activate_open_files (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autofree const char **uris = g_variant_get_strv (parameter, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; uris[i] != NULL; i++)
    g_ptr_array_add (files, g_file_new_for_uri (uris[i]));
  lacuna_window_open_files (data, (GFile **) files->pdata, (int) files->len);
}

static void
activate_open_sample (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *photo, *mask;

  g_variant_get (parameter, "(&s&s)", &photo, &mask);
  lacuna_window_open (data, photo, mask);
}

static void
activate_open_session (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_open_session (data, g_variant_get_string (parameter, NULL));
}

static void
activate_forget_session (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_forget_session (data, g_variant_get_string (parameter, NULL));
}

static void
activate_paste (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_paste (data);
}

static void
activate_save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_save (data);
}

static void
activate_save_as (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_save_as (data, LACUNA_SAVE_PHOTO);
}

static void
activate_save_copy (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_save_as (data, LACUNA_SAVE_COPY);
}

static void
activate_save_patch (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_save_as (data, LACUNA_SAVE_PATCH);
}

static void
activate_cancel_save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lacuna_window_cancel_save (data);
}

static void
activate_close_photo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  if (lacuna_window_ask_about_lesson (self, "win.close-photo", NULL))
    return;
  lacuna_filmstrip_set_photos (self->filmstrip, NULL);
  lacuna_window_set_document (self, NULL);
}

static void
activate_undo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  lacuna_document_undo (self->document);
}

static void
activate_redo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  lacuna_document_redo (self->document);
}

static void
filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  if (!lacuna_document_fill_finish (LACUNA_DOCUMENT (source), result, &error))
    {
      if (g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY))
        lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", error->message);
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        lacuna_window_complain (self, _ ("The Photo Could Not Be Filled"), error);
      return;
    }
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "hints", FALSE);
  for (const char *const *note = lacuna_document_fill_get_notes (result); *note != NULL; note++)
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", *note);
  if (*lacuna_document_fill_get_notes (result) == NULL && lacuna_document_fill_get_trust (result) < POOR_TRUST
      && self->document == LACUNA_DOCUMENT (source))
    lacuna_window_offer_lesson (self);
}

static void
activate_fill (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;
  g_autofree char *model = g_settings_get_string (self->settings, "model");
  LacunaFillOptions options = { .model = model };
  double preparation;

  lacuna_fill_view_conclude (self->fill_view);
  g_object_get (self->services, "preparation", &preparation, NULL);
  lacuna_document_set_preparing (self->document, preparation >= 0);
  /* The application stays until the fill has ended. Closing the photo cancels the fill, which is made anew when the
   * photo is opened. */
  lacuna_services_hold (self->services);
  lacuna_document_fill_async (self->document, lacuna_services_get_engine (self->services), &options, NULL, filled,
                              g_object_ref (self));
}

static void
activate_cancel_fill (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  lacuna_document_cancel_fill (self->document);
}

static void
learnt (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (LacunaWindow) self = data;
  g_autoptr (GError) error = NULL;

  lacuna_services_release (self->services);
  if (lacuna_document_learn_finish (LACUNA_DOCUMENT (source), result, &error))
    lacuna_window_toast (self, LACUNA_DOCUMENT (source), "%s", _ ("This photo is learnt"));
  else if (g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT)
           || g_error_matches (error, LACUNA_ERROR, LACUNA_ERROR_EMPTY))
    lacuna_window_complain (self, _ ("Nothing Was Learnt from This Photo"), error);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lacuna_window_complain (self, _ ("This Photo Could Not Be Learnt"), error);
}

static void
activate_learn_photo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;
  g_autofree char *model = g_settings_get_string (self->settings, "model");

  lacuna_services_hold (self->services);
  lacuna_document_learn_async (self->document, lacuna_services_get_engine (self->services), model, learnt,
                               g_object_ref (self));
}

static void
activate_page (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  adw_view_stack_set_visible_child_name (self->pages, g_variant_get_string (parameter, NULL));
}

static void
activate_check_devices (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LacunaWindow *self = data;

  lacuna_devices_refresh (lacuna_services_get_devices (self->services));
}

static void
enable (LacunaWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

static gboolean
has_retouches (LacunaDocument *document)
{
  g_autoptr (GPtrArray) retouches = lacuna_document_list_retouches (document);

  return retouches->len > 0;
}

void
lacuna_window_update_actions (LacunaWindow *self)
{
  gboolean open = self->document != NULL, busy = FALSE, filling = FALSE, can_undo = FALSE, can_redo = FALSE;
  gboolean has_hole = FALSE, is_filled, has_attention, has_device, seen;

  /* The window is being built or torn down. */
  if (gtk_window_get_application (GTK_WINDOW (self)) == NULL)
    return;
  has_device = lacuna_devices_get_error (lacuna_services_get_devices (self->services)) == NULL;
  seen = g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "fill") == 0;
  if (open)
    g_object_get (self->document, "busy", &busy, "filling", &filling, "can-undo", &can_undo, "can-redo", &can_redo,
                  "has-hole", &has_hole, NULL);
  is_filled = open && has_retouches (self->document);
  has_attention = open && lacuna_document_get_fill (self->document) != NULL;
  enable (self, "save", open && !busy && self->saving == NULL);
  enable (self, "save-as", open && !busy && self->saving == NULL);
  enable (self, "save-copy", open && !busy && self->saving == NULL);
  enable (self, "save-patch", is_filled && !busy && self->saving == NULL);
  enable (self, "save-project", open && !busy && self->saving == NULL);
  enable (self, "cancel-save", self->saving != NULL);
  enable (self, "close-photo", open);
  enable (self, "import-mask", open && !busy);
  enable (self, "export-mask", open && !busy && has_hole);
  enable (self, "export-attention", has_attention);
  enable (self, "export-panes", has_attention);
  enable (self, "export-attention-array", has_attention);
  enable (self, "export-provenance", has_attention);
  enable (self, "undo", open && !busy && seen && can_undo);
  enable (self, "redo", open && !busy && seen && can_redo);
  enable (self, "fill", open && !busy && seen && has_hole && has_device);
  enable (self, "cancel-fill", filling);
  enable (self, "learn-photo", open && seen && has_device && !lacuna_document_get_learning (self->document));
  lacuna_window_update_films (self);
  lacuna_window_check_focus (self);
}

/* lacuna_window_set_document disconnects from the document that was open before. */
static void
follow_document (LacunaWindow *self)
{
  if (self->document != NULL)
    g_signal_connect_swapped (self->document, "notify", G_CALLBACK (lacuna_window_update_actions), self);
  lacuna_window_update_actions (self);
}

void
lacuna_window_init_actions (LacunaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "open", .activate = activate_open },
    { .name = "open-files", .activate = activate_open_files, .parameter_type = "as" },
    { .name = "open-sample", .activate = activate_open_sample, .parameter_type = "(ss)" },
    { .name = "open-session", .activate = activate_open_session, .parameter_type = "s" },
    { .name = "forget-session", .activate = activate_forget_session, .parameter_type = "s" },
    { .name = "paste", .activate = activate_paste },
    { .name = "save", .activate = activate_save },
    { .name = "save-as", .activate = activate_save_as },
    { .name = "save-copy", .activate = activate_save_copy },
    { .name = "save-patch", .activate = activate_save_patch },
    { .name = "cancel-save", .activate = activate_cancel_save },
    { .name = "close-photo", .activate = activate_close_photo },
    { .name = "undo", .activate = activate_undo },
    { .name = "redo", .activate = activate_redo },
    { .name = "fill", .activate = activate_fill },
    { .name = "cancel-fill", .activate = activate_cancel_fill },
    { .name = "learn-photo", .activate = activate_learn_photo },
    { .name = "page", .activate = activate_page, .parameter_type = "s" },
    { .name = "check-devices", .activate = activate_check_devices },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "view", lacuna_fill_view_get_actions (self->fill_view));
  g_signal_connect (self, "notify::document", G_CALLBACK (follow_document), NULL);
}

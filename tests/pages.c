/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests what the window and its pages say and offer: tooltips, rows, shares and names of files. The oracle is what its
 * widgets show. */
#include "tests/in-window.h"

#include "app/pages/options-form.h"
#include "app/pages/training-page.h"
#include "app/pages/training-setup.h"
#include "app/services/complain.h"
#include "app/view/attention/inspector.h"
#include "app/view/attention/legend.h"
#include "app/window/preferences.h"
#include "tests/fake-learner.h"
#include "tests/folder.h"
#include "tests/picture.h"

/* Buttons with an icon alone, and the panes' buttons, whose words can be cut; a menu button's and a window's own buttons
 * aside, which their owners explain. */
static void
check_explained (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  const char *icon, *label;

  if (!GTK_IS_BUTTON (widget) || !gtk_widget_is_visible (widget) || GTK_IS_MENU_BUTTON (parent)
      || GTK_IS_WINDOW_CONTROLS (parent))
    return;
  icon = gtk_button_get_icon_name (GTK_BUTTON (widget));
  label = gtk_widget_has_css_class (widget, "shortens") ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;
  if ((icon != NULL || label != NULL) && gtk_widget_get_tooltip_text (widget) == NULL
      && gtk_widget_get_tooltip_text (parent) == NULL)
    g_error ("The button with the icon or label %s has no tooltip", icon != NULL ? icon : label);
}

static guint n_menus;

/* Menus are opened one after the other: the tooltip of the button would lie over each. */
static void
check_quiet (GtkWidget *widget)
{
  gboolean is_split = ADW_IS_SPLIT_BUTTON (widget);

  if (!(is_split || GTK_IS_MENU_BUTTON (widget)) || !gtk_widget_get_mapped (widget)
      || !gtk_widget_get_has_tooltip (widget))
    return;
  n_menus++;
  if (is_split)
    adw_split_button_popup (ADW_SPLIT_BUTTON (widget));
  else
    gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
  if (gtk_widget_get_has_tooltip (widget))
    g_error ("“%s” lies over the menu", gtk_widget_get_tooltip_text (widget));
  if (is_split)
    adw_split_button_popdown (ADW_SPLIT_BUTTON (widget));
  else
    gtk_menu_button_popdown (GTK_MENU_BUTTON (widget));
  g_assert_true (gtk_widget_get_has_tooltip (widget));
}

static void
find_models_menu (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget) && g_str_has_prefix (gtk_widget_get_tooltip_text (widget) ?: "", "What to Do with"))
    found = widget;
}

/* A model's button, whose tooltip would lie over the menu that it opens. */
static void
check_models_menu (LacunaWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "models");
  do
    {
      g_main_context_iteration (NULL, TRUE);
      found = NULL;
      walk (GTK_WIDGET (window), find_models_menu);
  } while (found == NULL);
  settle ();
  gtk_menu_button_popup (GTK_MENU_BUTTON (found));
  g_assert_false (gtk_widget_get_has_tooltip (found));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (found));
  g_assert_true (gtk_widget_get_has_tooltip (found));
}

static void
test_tooltips (void)
{
  LacunaWindow *window = make_window (1000);

  open_sample (window);
  walk (GTK_WIDGET (window), check_explained);
  n_menus = 0;
  walk (GTK_WIDGET (window), check_quiet);
  g_assert_cmpuint (n_menus, >=, 5);
  check_models_menu (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static guint n_words;

/* Whoever wants the network's own words finds them in Step by Step and in tooltips. */
static void
check_words (GtkWidget *widget)
{
  static const char *const jargon[] = { "attention", "query",  "queries", "key",    "softmax", "entropy",
                                        "flow",      "coarse", "refined", "latent", "tensor" };
  g_autofree char *text = GTK_IS_LABEL (widget) ? g_utf8_casefold (gtk_label_get_text (GTK_LABEL (widget)), -1) : NULL;
  g_auto (GStrv) words = NULL;

  if (text == NULL || !gtk_widget_get_mapped (widget))
    return;
  words = g_str_tokenize_and_fold (text, NULL, NULL);
  n_words += g_strv_length (words);
  for (guint i = 0; i < G_N_ELEMENTS (jargon); i++)
    if (g_strv_contains ((const char *const *) words, jargon[i]))
      g_error ("The inspector says “%s”", text);
}

static void
find_inspector (GtkWidget *widget)
{
  if (LACUNA_IS_INSPECTOR (widget))
    found = widget;
}

/* What the inspector shows is in plain words. */
static void
test_words (void)
{
  LacunaWindow *window = make_window (1366);

  open_sample (window);
  walk (GTK_WIDGET (window), find_inspector);
  g_assert_false (gtk_widget_get_mapped (found));
  gtk_widget_activate_action (gtk_widget_get_parent (found), "view.inspector", NULL);
  WAIT_UNTIL (gtk_widget_get_mapped (found));
  settle ();
  n_words = 0;
  walk (found, check_words);
  g_assert_cmpuint (n_words, >=, 10);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_name (GtkWidget *widget)
{
  if (ADW_IS_ENTRY_ROW (widget))
    found = widget;
}

static const char *title;

static void
find_titled (GtkWidget *widget)
{
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    found = widget;
}

static GtkWidget *
get_titled (LacunaWindow *window, const char *wanted)
{
  title = wanted;
  found = NULL;
  walk (GTK_WIDGET (window), find_titled);
  g_assert_nonnull (found);
  return found;
}

/* Models to begin with are listed as they are shown elsewhere. */
static void
check_base (LacunaWindow *window)
{
  AdwComboRow *row = ADW_COMBO_ROW (get_titled (window, "_Base Model"));
  GtkStringObject *base = adw_combo_row_get_selected_item (row);

  g_assert_nonnull (base);
  g_assert_cmpstr (gtk_string_object_get_string (base), ==, "Default");
}

/* What belongs to adversarial training is shown, and taken, where that is switched on. */
static void
check_adversarial (LacunaWindow *window)
{
  GtkWidget *row = get_titled (window, "Adversarial training (WGAN-GP)");
  GtkWidget *steps = get_titled (window, "Steps before adversarial training");
  GtkWidget *form = gtk_widget_get_ancestor (row, LACUNA_TYPE_OPTIONS_FORM);
  GtkWidget *button = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));
  LacunaTrainingOptions options = { 0 };

  for (gboolean on = FALSE; on <= TRUE; on++)
    {
      gtk_switch_set_active (GTK_SWITCH (button), on);
      g_assert_true (gtk_widget_get_visible (steps) == on);
      lacuna_options_form_get (LACUNA_OPTIONS_FORM (form), &options);
      g_assert_true ((options.warm_up < options.steps) == on);
    }
}

static void
find_spin (GtkWidget *widget)
{
  if (GTK_IS_SPIN_BUTTON (widget))
    found = widget;
}

/* What is no number, or none that there can be, leaves the one that was there. */
static void
check_numbers (LacunaWindow *window)
{
  const char *unfit[] = { "abc", "", "0", "12abc" };

  walk (get_titled (window, "Steps"), find_spin);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (found), 777);
  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (found), unfit[i]);
      gtk_spin_button_update (GTK_SPIN_BUTTON (found));
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (found)), ==, "777");
    }
}

/* A new model can't bear the name that another is shown by. */
static void
test_setup (void)
{
  LacunaWindow *window = make_window (1000);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "training");
  found = NULL;
  walk (GTK_WIDGET (window), find_name);
  g_assert_nonnull (found);
  g_assert_false (gtk_widget_has_css_class (found, "error"));
  gtk_editable_set_text (GTK_EDITABLE (found), "DEFAULT");
  g_assert_true (gtk_widget_has_css_class (found, "error"));
  check_base (window);
  check_adversarial (window);
  check_numbers (window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
find_setup (GtkWidget *widget)
{
  if (LACUNA_IS_TRAINING_SETUP (widget))
    found = widget;
}

static void
find_start (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), "Start the Training") == 0)
    found = widget;
}

static void
find_result (GtkWidget *widget)
{
  if (ADW_IS_PREFERENCES_GROUP (widget)
      && g_strcmp0 (adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (widget)), "Result") == 0)
    found = widget;
}

/* The learner is made once it was told why the device is prepared, and that it is so once. */
static void
look_at_label (GtkLabel *label)
{
  if (strstr (gtk_label_get_label (label), "are compiled for it. The first time that takes a minute") != NULL)
    g_atomic_int_set (&fake_learner_is_held, FALSE);
}

static void
watch_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    g_signal_connect (widget, "notify::label", G_CALLBACK (look_at_label), NULL);
}

static double
picture_bright (int x, int y, int channel)
{
  return 220.0 + (x + y + channel) % 31;
}

/* Has the Training page learn from a folder, and returns what it says of the model then. */
static const char *
get_verdict (LacunaWindow *window, const char *folder)
{
  LacunaTrainingProgress progress = { .name = "judged", .folder = (char *) folder };

  lacuna_training_options_init (&progress.options, LACUNA_PRESET_QUICK, FALSE);
  progress.options.steps = 4;
  progress.options.side = 32;
  progress.options.rate = 0.02;
  progress.options.evaluate_every = 2;
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "training");
  walk (GTK_WIDGET (window), find_setup);
  lacuna_training_setup_show (LACUNA_TRAINING_SETUP (found), &progress);
  g_atomic_int_set (&fake_learner_is_held, TRUE);
  walk (GTK_WIDGET (window), watch_label);
  walk (GTK_WIDGET (window), find_start);
  g_signal_emit_by_name (found, "clicked");
  walk (GTK_WIDGET (window), find_result);
  WAIT_UNTIL (gtk_widget_get_visible (found));
  return adw_preferences_group_get_description (ADW_PREFERENCES_GROUP (found));
}

static void
find_after (GtkWidget *widget)
{
  if (ADW_IS_ACTION_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), "After") == 0)
    found = widget;
}

/* The model's own figure shows, with why that is not offered for use where it is not better. */
static void
check_after (LacunaWindow *window, gboolean is_better)
{
  const char *text;

  walk (GTK_WIDGET (window), find_after);
  text = adw_action_row_get_subtitle (ADW_ACTION_ROW (found));
  g_assert_true (gtk_widget_get_visible (found));
  g_assert_true (g_str_has_prefix (text, "L1 "));
  g_assert_cmpint (strstr (text, "not better") == NULL, ==, is_better);
}

/* Of fifty photos enough are held out to tell whether a model fills better, and of one less too few: these are bright, and
 * one fills brighter. */
static void
test_verdict (void)
{
  static const char *const verdicts[]
      = { "5 photos were held out: the new model is not better than the one before.",
          "5 photos were held out: the new model fills better than the one before.",
          "4 photos were held out: too few to tell whether the new model fills better." };
  g_autofree char *folder = g_dir_make_tmp ("lacuna-pages-XXXXXX", NULL);
  g_autofree char *last = g_build_filename (folder, "49.png", NULL);

  for (int i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.png", i), *path = g_build_filename (folder, name, NULL);
      g_autoptr (LacunaPhoto) photo = picture_make (50 + i, 50, 8, picture_bright);

      g_assert_true (lacuna_photo_save (photo, path, NULL, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      LacunaWindow *window = make_window (1000);

      fake_learner_drift = i == 0 ? -1.0 : 1.0;
      if (i == 2)
        g_remove (last);
      g_assert_true (g_str_has_prefix (get_verdict (window, folder), verdicts[i]));
      check_after (window, i > 0);
      gtk_window_destroy (GTK_WINDOW (window));
    }
  folder_remove (folder);
}

static void
find_row (GtkWidget *widget)
{
  if (ADW_IS_COMBO_ROW (widget))
    found = widget;
}

static void
test_preferences (void)
{
  LacunaServices *services = lacuna_application_get_services (application);
  LacunaDevices *devices = lacuna_services_get_devices (services);
  LacunaPreferences *preferences = lacuna_preferences_new (services);
  GSettings *settings = lacuna_services_get_settings (services);
  g_autofree char *chosen = NULL;
  GListModel *model;

  WAIT_UNTIL (lacuna_devices_get_names (devices)[0] != NULL);
  found = NULL;
  walk (GTK_WIDGET (preferences), find_row);
  g_assert_nonnull (found);
  model = adw_combo_row_get_model (ADW_COMBO_ROW (found));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==,
                    1 + g_strv_length ((char **) lacuna_devices_get_names (devices)));

  adw_combo_row_set_selected (ADW_COMBO_ROW (found), 1);
  chosen = g_settings_get_string (settings, "device");
  g_assert_cmpstr (chosen, ==, lacuna_devices_get_names (devices)[0]);
  adw_combo_row_set_selected (ADW_COMBO_ROW (found), 0);
  g_free (chosen);
  chosen = g_settings_get_string (settings, "device");
  g_assert_cmpstr (chosen, ==, "");
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* The legend of a drawing tells where the rest comes from that its sources leave. */
static void
test_shares (void)
{
  const float some[] = { 0.5f, 0.25f, 0.125f }, all[] = { 0.75f, 0.25f };
  g_autofree char *with_rest = lacuna_legend_describe (LACUNA_ATTENTION_WHERE, some, G_N_ELEMENTS (some));
  g_autofree char *without = lacuna_legend_describe (LACUNA_ATTENTION_WHERE, all, G_N_ELEMENTS (all));

  g_assert_true (g_str_has_suffix (with_rest, "50.0 %, 25.0 %, 12.5 %\nThe other 12.5 % come from many more places."));
  g_assert_true (g_str_has_suffix (without, "75.0 %, 25.0 %"));
}

static void
test_named_files (void)
{
  g_autofree char *own = g_strdup_printf ("“%s/lacuna/probed”", g_get_user_cache_dir ());
  const struct {
    const char *message, *named;
  } cases[] = {
    { "“/home/O’Brien/my photos/one.jpg” is “/c/two.jpg” or “/a/b/three”.", "“one.jpg” is “two.jpg” or “three”." },
    { "„/home/one.jpg“ (/a/two), 「/b/three」, “one/two”, /a/b", "„one.jpg“ (two), 「three」, “one/two”, /a/b" },
    { own, own },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *named = lacuna_name_files (cases[i].message);

      g_assert_cmpstr (named, ==, cases[i].named);
    }
}

int
main (int argc, char **argv)
{
  init_application (&argc, &argv);
  g_test_add_func ("/pages/tooltips", test_tooltips);
  g_test_add_func ("/pages/words", test_words);
  g_test_add_func ("/pages/setup", test_setup);
  g_test_add_func ("/pages/verdict", test_verdict);
  g_test_add_func ("/pages/preferences", test_preferences);
  g_test_add_func ("/pages/named-files", test_named_files);
  g_test_add_func ("/pages/shares", test_shares);
  return run_tests ();
}

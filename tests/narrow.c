/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests windows that are no wider than a phone, with letters of the usual size and half as large again, in English or in
 * the language that is the first argument. The oracle is how wide the window needs to be, and which words are cut. */
#include <libintl.h>
#include <locale.h>
#include <math.h>
#include <unistd.h>

#include "app/view/attention/inspector.h"
#include "app/view/fill-view.h"
#include "app/window/lesson-bar.h"
#include "tests/folder.h"
#include "tests/in-window.h"

#define WIDTH 360
#define LARGE 144 /* dots that an inch has, from which the size of letters follows */

/* Names of files are as long as they are. */
static void
check_whole (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : NULL;

  if (text != NULL && gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0
      && strstr (text, ".jpg") == NULL && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    g_error ("“%s” is cut", text);
}

static GHashTable *mnemonics; /* what each key is for */

/* A row for text has its title twice. */
static void
check_mnemonic (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);
  gpointer key, whose = row != NULL ? row : widget;

  if (!GTK_IS_LABEL (widget) || !gtk_widget_get_mapped (widget)
      || gtk_label_get_mnemonic_keyval (GTK_LABEL (widget)) == GDK_KEY_VoidSymbol)
    return;
  key = GUINT_TO_POINTER (gtk_label_get_mnemonic_keyval (GTK_LABEL (widget)));
  if (g_hash_table_contains (mnemonics, key) && g_hash_table_lookup (mnemonics, key) != whose)
    g_error ("Alt and the key of “%s” mean something else too", gtk_label_get_label (GTK_LABEL (widget)));
  g_hash_table_insert (mnemonics, key, whose);
}

/* No two things that are seen together have the same key. */
static void
check_mnemonics (LacunaWindow *window)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

  mnemonics = taken;
  walk (GTK_WIDGET (window), check_mnemonic);
}

static void
check (LacunaWindow *window)
{
  settle ();
  g_assert_cmpint (get_least_width (window), <=, WIDTH);
  walk (GTK_WIDGET (window), check_whole);
  check_mnemonics (window);
}

static GtkWidget *popover; /* that is popped up */

/* Nothing in a popover is beyond its edges. */
static void
check_inside (GtkWidget *widget)
{
  GtkWidget *contents = gtk_widget_get_first_child (popover);
  graphene_rect_t edges = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (contents), gtk_widget_get_height (contents));
  graphene_rect_t bounds;

  if (!gtk_widget_get_mapped (widget) || widget == popover || widget == contents)
    return;
  g_assert_true (gtk_widget_compute_bounds (widget, contents, &bounds));
  if (!graphene_rect_contains_rect (&edges, &bounds))
    g_error ("%s in a popover is cut", G_OBJECT_TYPE_NAME (widget));
}

static void
check_popover (GtkWidget *widget)
{
  if (!GTK_IS_MENU_BUTTON (widget) || !gtk_widget_get_mapped (widget)
      || GTK_IS_POPOVER_MENU (gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget))))
    return;
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (widget)));
  gtk_popover_popup (GTK_POPOVER (popover));
  settle ();
  walk (popover, check_inside);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
find_view (GtkWidget *widget)
{
  if (LACUNA_IS_FILL_VIEW (widget))
    found = widget;
}

/* The tools that steer have a button that the others lack. */
static void
check_popovers (LacunaWindow *window)
{
  walk (GTK_WIDGET (window), find_view);
  gtk_widget_activate_action (found, "view.tool", "s", "prefer");
  settle ();
  walk (GTK_WIDGET (window), check_popover);
  gtk_widget_activate_action (found, "view.tool", "s", "brush");
}

/* The zoom's digits are at most four. */
static void
check_zoom (LacunaWindow *window)
{
  walk (GTK_WIDGET (window), find_view);
  for (int i = 0; i < 40; i++)
    gtk_widget_activate_action (found, "view.zoom-in", NULL);
  check (window);
  gtk_widget_activate_action (found, "view.zoom-fit", NULL);
}

/* What a fill tells of itself is whole too, whichever stage it is at. */
static void
check_fill (LacunaWindow *window)
{
  LacunaDocument *document = lacuna_window_get_document (window);

  WAIT_UNTIL (is_enabled (window, "fill"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.fill", NULL);
  while (lacuna_document_get_filling (document))
    {
      g_main_context_iteration (NULL, TRUE);
      walk (GTK_WIDGET (window), check_whole);
    }
  check (window);
}

static graphene_rect_t seen; /* where the explanation of trust is, from the inspector's upper edge */

static void
find_trust (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), gettext ("Doubtful")))
    g_assert_true (gtk_widget_compute_bounds (widget, found, &seen));
}

static void
find_inspector (GtkWidget *widget)
{
  if (LACUNA_IS_INSPECTOR (widget))
    found = widget;
}

/* The inspector has room for its buttons alone: what one of them shows is scrolled to. It opens with the pane of which it
 * tells. */
static void
check_inspector (LacunaWindow *window)
{
  LacunaPane pane;

  walk (GTK_WIDGET (window), find_view);
  g_object_set (found, "inspector", FALSE, "pane", LACUNA_PANE_PHOTO, NULL);
  gtk_widget_activate_action (found, "view.inspector", NULL);
  g_object_get (found, "pane", &pane, NULL);
  g_assert_cmpint (pane, ==, LACUNA_PANE_ATTENTION);
  settle ();
  gtk_widget_activate_action (found, "view.attention", "s", "confidence");
  settle ();
  walk (GTK_WIDGET (window), find_inspector);
  seen = GRAPHENE_RECT_INIT (0, -1, 0, 0);
  walk (GTK_WIDGET (window), find_trust);
  g_assert_cmpfloat (seen.origin.y, >=, 0);
  g_assert_cmpfloat (seen.origin.y + seen.size.height, <=, gtk_widget_get_height (found));
  gtk_widget_activate_action (found, "view.attention", "s", "where");
  walk (GTK_WIDGET (window), find_view);
  gtk_widget_activate_action (found, "view.inspector", NULL);
  g_object_get (found, "pane", &pane, NULL);
  g_assert_cmpint (pane, ==, LACUNA_PANE_PHOTO);
}

/* A toast with a button is no wider than the window either. */
static void
check_toast (LacunaWindow *window)
{
  g_autofree char *text = g_strnfill (400, 'a');

  lacuna_window_toast (window, NULL, "%s", text);
  settle ();
  settle ();
  g_assert_cmpint (get_least_width (window), <=, WIDTH);
}

static guint n_presets;

static void
count_preset (GtkWidget *widget)
{
  n_presets += GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
               && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), gettext ("Quick look"));
}

/* Names of presets, of which a list alone has some, are in the language of the rest. */
static void
check_presets (LacunaWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "training");
  settle ();
  n_presets = 0;
  walk (GTK_WIDGET (window), count_preset);
  g_assert_cmpuint (n_presets, ==, 1);
}

static void
test_narrow (gconstpointer data)
{
  const char *pages[] = { "training", "models", "fill" };
  GSettings *settings = lacuna_services_get_settings (lacuna_application_get_services (application));
  LacunaWindow *window;

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", GPOINTER_TO_INT (data) * 1024, NULL);
  g_settings_set_int (settings, "window-height", 640);
  g_settings_set_boolean (settings, "inspector", TRUE);
  window = make_window (WIDTH);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      check (window);
    }
  open_sample (window);
  check (window);
  check_zoom (window);
  check_popovers (window);
  check_fill (window);
  check_inspector (window);
  check_toast (window);
  check_presets (window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_settings_reset (settings, "inspector");
  g_settings_reset (settings, "window-height");
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

static void
find_lesson_bar (GtkWidget *widget)
{
  if (LACUNA_IS_LESSON_BAR (widget))
    found = widget;
}

static int lowest; /* lower edge of the page's tabs */

static void
find_tabs (GtkWidget *widget)
{
  graphene_rect_t bounds;

  if (!ADW_IS_VIEW_SWITCHER_BAR (widget))
    return;
  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (gtk_widget_get_root (widget)), &bounds));
  lowest = ceil (bounds.origin.y + bounds.size.height);
}

static int
get_lowest (LacunaWindow *window)
{
  settle ();
  walk (GTK_WIDGET (window), find_tabs);
  return lowest;
}

/* What is offered, or told of a lesson, leaves all else its place in the lowest window too. */
static void
test_low (void)
{
  GSettings *settings = lacuna_services_get_settings (lacuna_application_get_services (application));
  LacunaWindow *window;

  g_settings_set_int (settings, "window-height", WIDTH);
  window = make_window (WIDTH);
  open_sample (window);
  walk (GTK_WIDGET (window), find_lesson_bar);
  lacuna_lesson_bar_offer (LACUNA_LESSON_BAR (found));
  g_assert_cmpint (get_lowest (window), <=, WIDTH);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.learn-photo", NULL);
  g_assert_cmpint (get_lowest (window), <=, WIDTH);
  lacuna_document_cancel_learning (lacuna_window_get_document (window));
  gtk_window_destroy (GTK_WINDOW (window));
  g_settings_reset (settings, "window-height");
}

/* Where a system has C.UTF-8 alone it stands in for the language's own locale, as without one libc translates nothing. */
static void
speak (const char *language, const char *folder)
{
  g_autofree char *name = g_strconcat (language, ".UTF-8", NULL), *locale = g_build_filename (folder, name, NULL);
  g_autofree char *catalogues = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "..", "data", "po", NULL);

  g_assert_cmpint (symlink ("/usr/lib/locale/C.utf8", locale), ==, 0);
  g_setenv ("LOCPATH", folder, TRUE);
  g_setenv ("LC_ALL", name, TRUE);
  g_setenv ("LANGUAGE", language, TRUE);
  g_assert_nonnull (setlocale (LC_ALL, ""));
  bindtextdomain ("lacuna", catalogues);
  bind_textdomain_codeset ("lacuna", "UTF-8");
  textdomain ("lacuna");
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("lacuna-narrow-XXXXXX", NULL);
  int status;

  if (argc > 1 && argv[1][0] != '-')
    speak (argv[1], folder);
  init_application (&argc, &argv);
  g_test_add_data_func ("/narrow/usual", GINT_TO_POINTER (96), test_narrow);
  g_test_add_data_func ("/narrow/large", GINT_TO_POINTER (LARGE), test_narrow);
  g_test_add_func ("/narrow/low", test_low);
  status = run_tests ();
  folder_remove (folder);
  return status;
}

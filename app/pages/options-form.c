/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pages/options-form.h"

#include <glib/gi18n.h>

/* Names of members of LacunaTrainingOptions, as these describe themselves. */
static const struct {
  const char *name, *title;
  double      least, most, step;
  guint       digits;
} rows[] = {
  { "steps", N_ ("Steps"), 1, 1000000, 100, 0 },
  { "batch", N_ ("Batch size"), 1, 64, 1, 0 },
  { "parts", N_ ("Gradient accumulation: parts of a batch"), 1, 64, 1, 0 },
  { "side", N_ ("Crop size in pixels"), 32, 256, 16, 0 },
  { "least_side", N_ ("Smallest crop size in pixels (0: all alike)"), 0, 256, 16, 0 },
  { "rate", N_ ("Learning rate (Adam)"), 1e-6, 1e-2, 1e-5, 6 },
  { "rise", N_ ("Learning rate warm-up in steps"), 0, 10000, 10, 0 },
  { "fall", N_ ("Cosine decay: share of the steps"), 0, 1, 0.05, 2 },
  { "last_rate", N_ ("Final learning rate as a share of the highest"), 0, 1, 0.05, 2 },
  { "first_layer", N_ ("Frozen layers"), 0, 41, 1, 0 },
  { "warm_up", N_ ("Steps before adversarial training"), 0, 1000000, 100, 0 },
  { "critic_steps", N_ ("Critic iterations per generator step"), 1, 20, 1, 0 },
  { "adversarial", N_ ("Weight of the critics in the loss"), 0, 1, 0.0005, 4 },
  { "average_decay", N_ ("Decay of the weights’ moving average (EMA)"), 0, 0.9999, 0.001, 4 },
  { "discount", N_ ("Spatial discount γ"), 0.5, 1, 0.01, 2 },
  { "reconstruction", N_ ("Weight of the known pixels’ loss"), 0, 10, 0.1, 2 },
  { "mixed", N_ ("Share of the sample photos mixed in"), 0, 0.9, 0.05, 2 },
  { "evaluate_every", N_ ("Evaluation interval in steps"), 1, 10000, 10, 0 },
  { "patience", N_ ("Early stopping: evaluations without gain (0: off)"), 0, 1000, 1, 0 },
  { "seed", N_ ("Random seed"), 0, G_MAXUINT, 1, 0 },
};

/* Rows that only adversarial training has, and with how many steps before it that begins never. */
#define FIRST_ADVERSARIAL 10
#define LAST_ADVERSARIAL 12
#define NEVER 100000000

/* The kinds of holes to learn from, in the order of the row's choices. */
static const LacunaHoleKinds holes[]
    = { LACUNA_HOLE_ALL_KINDS, LACUNA_HOLE_RECTANGLES, LACUNA_HOLE_STROKES | LACUNA_HOLE_BLOBS };

struct _LacunaOptionsForm {
  AdwExpanderRow parent_instance;
  GtkSpinButton *spins[G_N_ELEMENTS (rows)];
  GtkWidget     *rows[G_N_ELEMENTS (rows)];
  GtkSwitch     *adversarial;
  AdwComboRow   *holes;
};

G_DEFINE_FINAL_TYPE (LacunaOptionsForm, lacuna_options_form, ADW_TYPE_EXPANDER_ROW)

static GtkSpinButton *
add_spin (LacunaOptionsForm *self, guint i)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (rows[i].least, rows[i].most, rows[i].step);

  /* What is no number within the range leaves the value as it was. */
  gtk_spin_button_set_update_policy (GTK_SPIN_BUTTON (spin), GTK_UPDATE_IF_VALID);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), rows[i].digits);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 9);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (spin, _ (rows[i].title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (rows[i].title), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (rows[i].title));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  self->rows[i] = row;
  return GTK_SPIN_BUTTON (spin);
}

static void
follow_switch (LacunaOptionsForm *self)
{
  for (guint i = FIRST_ADVERSARIAL; i <= LAST_ADVERSARIAL; i++)
    gtk_widget_set_visible (self->rows[i], gtk_switch_get_active (self->adversarial));
}

static GtkSwitch *
add_switch (LacunaOptionsForm *self)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Adversarial training (WGAN-GP)"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Adversarial training (WGAN-GP)"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_signal_connect_object (button, "notify::active", G_CALLBACK (follow_switch), self, G_CONNECT_SWAPPED);
  return GTK_SWITCH (button);
}

static AdwComboRow *
add_holes (LacunaOptionsForm *self)
{
  GtkWidget *row = adw_combo_row_new ();
  const char *choices[] = { _ ("Both"), _ ("Rectangles"), _ ("Strokes"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Holes"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  return ADW_COMBO_ROW (row);
}

void
lacuna_options_form_set (LacunaOptionsForm *self, const LacunaTrainingOptions *options)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_spin_button_set_value (self->spins[i], lacuna_training_options_get_number (options, rows[i].name));
  gtk_switch_set_active (self->adversarial, options->warm_up < options->steps);
  if (options->warm_up >= options->steps)
    gtk_spin_button_set_value (self->spins[FIRST_ADVERSARIAL], 0);
  follow_switch (self);
  for (guint i = 0; i < G_N_ELEMENTS (holes); i++)
    if (holes[i] == options->holes)
      adw_combo_row_set_selected (self->holes, i);
}

void
lacuna_options_form_get (LacunaOptionsForm *self, LacunaTrainingOptions *options)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    lacuna_training_options_set_number (options, rows[i].name, gtk_spin_button_get_value (self->spins[i]));
  if (!gtk_switch_get_active (self->adversarial))
    options->warm_up = NEVER;
  options->holes = holes[adw_combo_row_get_selected (self->holes)];
}

static void
lacuna_options_form_class_init (LacunaOptionsFormClass *klass)
{
}

static void
lacuna_options_form_init (LacunaOptionsForm *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (i == FIRST_ADVERSARIAL)
        self->adversarial = add_switch (self);
      self->spins[i] = add_spin (self, i);
    }
  self->holes = add_holes (self);
}

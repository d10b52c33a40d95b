/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words, equations and numbers that tell what a step of the attention does. texts[] has an element for each
 * LacunaAttentionStep; a const string that is returned is not to be freed, any other is the caller's. There is no
 * state. All of it runs in the main loop. */
#include "app/view/attention/step-text.h"

#include <glib/gi18n.h>

typedef struct {
  const char *title, *equation, *paper, *sentence;
} Text;

static const Text texts[LACUNA_N_ATTENTION_STEPS] = {
  [LACUNA_ATTENTION_STEP_PATCH] = {
    N_ ("Patches"), "f(x,y) ∈ ℝ^(3·3·C)",
    N_ ("Yu et al. 2018, section 4.1, “Match and attend”"),
    N_ ("Of each place of the hole the network compares a patch: 3 × 3 cells with what it has learnt to see in them, its C "
        "features. They lie over these pixels, which the coarse stage made."),
  },
  [LACUNA_ATTENTION_STEP_SIMILARITY] = {
    N_ ("Similarity"), "s(x,y,x′,y′) = ⟨f(x,y)/‖f(x,y)‖, b(x′,y′)/‖b(x′,y′)‖⟩",
    N_ ("Yu et al. 2018, section 4.1, “Match and attend”"),
    N_ ("It is compared with every patch b of the known part: the cosine of the angle between the two is 1 where they are "
        "alike. The brighter, the more similar."),
  },
  [LACUNA_ATTENTION_STEP_PROPAGATION] = {
    N_ ("Propagation"), "ŝ(x,y,x′,y′) = Σ s(x+i,y,x′+i,y′), i = −1, 0, 1",
    N_ ("Yu et al. 2018, section 4.1, “Attention propagation”; the authors’ program does it before the softmax"),
    N_ ("Neighbours are to copy from neighbours: to each score are added those of the places beside it, left and right, for "
        "the patches beside that one; then the same above and below."),
  },
  [LACUNA_ATTENTION_STEP_SOFTMAX] = {
    N_ ("Softmax"), "s*(x,y,x′,y′) = exp(λŝ(x,y,x′,y′)) / Σ exp(λŝ(x,y,·,·)), λ = 10",
    N_ ("Yu et al. 2018, section 4.1, “Match and attend”"),
    N_ ("The sums become shares, which are together 1. As they are large, the best patches take nearly all."),
  },
  [LACUNA_ATTENTION_STEP_PASTE] = {
    N_ ("Paste"), "y = ¼ Σ s*(x,y,x′,y′) · b(x′,y′)",
    N_ ("Yu et al. 2018, section 4.1, “Match and attend”: the deconvolution"),
    N_ ("The known patches are laid over the place, each with its share; each point lies under four of them, hence ¼. The "
        "network pastes features: of the pixels they lie over, the mean is on the left, and what it made of all on the "
        "right."),
  },
};

static const Text *
get_text (LacunaExplanation *self)
{
  return &texts[lacuna_explanation_get_step (self)];
}

char *
lacuna_step_text_get_title (LacunaExplanation *self)
{
  /* TRANSLATORS: a step's number, how many there are, and its name */
  return g_strdup_printf (_ ("%d of %d: %s"), lacuna_explanation_get_step (self) + 1, LACUNA_N_ATTENTION_STEPS,
                          _ (get_text (self)->title));
}

const char *
lacuna_step_text_get_equation (LacunaExplanation *self)
{
  return get_text (self)->equation;
}

const char *
lacuna_step_text_get_paper (LacunaExplanation *self)
{
  return _ (get_text (self)->paper);
}

const char *
lacuna_step_text_get_sentence (LacunaExplanation *self)
{
  LacunaAttentionStep step = lacuna_explanation_get_step (self);
  LacunaAttentionQuery *query = lacuna_explanation_get_query (self);

  if (query == NULL)
    return _ ("There is no attention to go through. It is not kept when a photo is closed: fill, or fill again.");
  if (step != LACUNA_ATTENTION_STEP_PATCH && lacuna_attention_query_get_values (query, step) == NULL)
    return _ (
        "What this step began with was not kept, as the fill has too many holes. Fill this one by itself to see it.");
  return _ (get_text (self)->sentence);
}

static char *
describe_patch (LacunaAttentionQuery *query)
{
  int columns = lacuna_region_get_grid_width (lacuna_attention_query_get_region (query));
  int cell = lacuna_attention_query_get_cell (query), n = lacuna_attention_query_get_n_features (query);
  LacunaBox box = lacuna_attention_query_get_box (query, LACUNA_ATTENTION_STEP_PATCH, cell);
  g_autofree char *place
      /* TRANSLATORS: the number of a cell from left to right, and from above; then a point of the photo */
      = g_strdup_printf (_ ("Column %d and row %d of the cells, around %d, %d of the photo."), cell % columns + 1,
                         cell / columns + 1, box.x + box.width / 2, box.y + box.height / 2);
  g_autofree char *features = NULL;

  if (n == 0)
    return g_steal_pointer (&place);
  /* TRANSLATORS: how many features, and how many numbers they are together; then the length of that vector */
  features
      = g_strdup_printf (_ ("C = %d, %d numbers; ‖f‖ = %.2f."), n, 9 * n, lacuna_attention_query_get_length (query));
  return g_strconcat (place, " ", features, NULL);
}

/* Returns a sentence on how the shares are spread. */
static char *
describe_shares (LacunaAttentionQuery *query)
{
  const LacunaRegion *region = lacuna_attention_query_get_region (query);
  const float *shares = lacuna_attention_query_get_values (query, LACUNA_ATTENTION_STEP_SOFTMAX);
  int n = lacuna_region_get_grid_width (region) * lacuna_region_get_grid_height (region), n_large = 0;
  double sum = 0;

  for (int key = 0; key < n; key++)
    {
      sum += shares[key];
      n_large += shares[key] >= 0.01f;
    }
  return g_strdup_printf (
      _ ("Sum of all shares: %.4f. Shares of 1 %% or more: %d; the list adds up those of neighbours."), sum, n_large);
}

char *
lacuna_step_text_get_numbers (LacunaExplanation *self)
{
  LacunaAttentionStep step = lacuna_explanation_get_step (self);
  LacunaAttentionQuery *query = lacuna_explanation_get_query (self);
  float least, largest;
  int n;

  if (query == NULL)
    return g_strdup ("");
  if (step == LACUNA_ATTENTION_STEP_PATCH)
    return describe_patch (query);
  if (lacuna_attention_query_get_values (query, step) == NULL)
    return g_strdup ("");
  if (step >= LACUNA_ATTENTION_STEP_SOFTMAX)
    return describe_shares (query);
  n = lacuna_attention_query_get_range (query, step, &least, &largest);
  if (step == LACUNA_ATTENTION_STEP_PROPAGATION)
    return g_strdup_printf (_ ("Known patches: %d, with sums from %.2f to %.2f."), n, least, largest);
  return g_strdup_printf (
      _ ("Known patches: %d, from %.3f to %.3f. The authors’ program leaves f undivided: its scores are "
         "‖f‖ = %.2f times these."),
      n, least, largest, lacuna_attention_query_get_length (query));
}

char *
lacuna_step_text_format (LacunaExplanation *self, float value)
{
  LacunaAttentionStep step = lacuna_explanation_get_step (self);

  if (step >= LACUNA_ATTENTION_STEP_SOFTMAX)
    /* TRANSLATORS: the share that a known patch has, with its neighbours, in what was rebuilt from it */
    return g_strdup_printf (_ ("%.1f %%"), 100 * value);
  return g_strdup_printf (step == LACUNA_ATTENTION_STEP_SIMILARITY ? "%.3f" : "%.2f", value);
}

char *
lacuna_step_text_describe (LacunaExplanation *self)
{
  g_autofree char *title = lacuna_step_text_get_title (self), *numbers = lacuna_step_text_get_numbers (self);
  g_autoptr (GString) text = g_string_new (title);
  guint n;
  const LacunaSource *sources = lacuna_explanation_get_sources (self, &n);
  gboolean are_shares = lacuna_explanation_get_step (self) >= LACUNA_ATTENTION_STEP_SOFTMAX;

  g_string_append_printf (text, ". %s %s", lacuna_step_text_get_sentence (self), numbers);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = lacuna_step_text_format (self, sources[i].value);

      g_string_append (text, i == 0 ? " " : "; ");
      /* TRANSLATORS: first a share in percent; below a number that a step of the attention gives a patch; then a point of
       * the photo */
      g_string_append_printf (text, are_shares ? _ ("%s from around %d, %d") : _ ("%s around %d, %d"), value,
                              sources[i].box.x + sources[i].box.width / 2,
                              sources[i].box.y + sources[i].box.height / 2);
    }
  if (n > 0)
    g_string_append_c (text, '.');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

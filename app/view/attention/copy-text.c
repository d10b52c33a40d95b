/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/copy-text.h"

#include <glib/gi18n.h>
#include <math.h>

/* Shares from this on are all of it. */
#define ALL 0.995f

static char *
describe_place (const LacunaSource *copy)
{
  int x = copy->box.x + copy->box.width / 2, y = copy->box.y + copy->box.height / 2;

  if (copy->box.width == 0)
    return copy->value >= ALL ? g_strdup (_ ("Made up by the network"))
                              : g_strdup_printf (_ ("%.0f %% made up by the network"), 100 * copy->value);
  if (copy->value >= ALL)
    /* TRANSLATORS: a point of the photo */
    return g_strdup_printf (_ ("Copied from around %d, %d"), x, y);
  /* TRANSLATORS: a share in percent; then a point of the photo */
  return g_strdup_printf (_ ("%.0f %% copied from around %d, %d"), 100 * copy->value, x, y);
}

char *
lacuna_copy_text_describe (const LacunaSource *copy, const char *separator)
{
  const char *turns[] = { NULL, _ ("Turned right by 90°"), _ ("Turned by 180°"), _ ("Turned left by 90°") };
  const char *changes[] = {
    /* TRANSLATORS: these are how a copy was changed */
    copy->transform & LACUNA_TRANSFORMED_MIRRORED ? _ ("Mirrored") : NULL,
    turns[copy->transform % LACUNA_TRANSFORMED_MIRRORED],
    copy->transform & LACUNA_TRANSFORMED_LARGER ? _ ("Enlarged") : NULL,
    copy->transform & LACUNA_TRANSFORMED_SMALLER ? _ ("Made smaller") : NULL,
  };
  g_autofree char *place = describe_place (copy);
  GString *text = g_string_new (place);

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (changes[i] != NULL)
      g_string_append_printf (text, "%s%s", separator, changes[i]);
  return g_string_free (text, FALSE);
}

/* Sums over the filled pixels of all boxes. */
typedef struct {
  double pixels, copied, invented, distance, misfit;
} Sums;

/* Returns the mean of what a report has by that name; 0 where it has none. */
static double
look_up_mean (GVariant *fill, const char *name)
{
  g_autoptr (GVariant) spread = g_variant_lookup_value (fill, name, G_VARIANT_TYPE_VARDICT);
  double mean = 0;

  if (spread != NULL)
    g_variant_lookup (spread, "mean", "d", &mean);
  return mean;
}

/* FALSE: the fill was not measured. */
static gboolean
add_fill (Sums *sums, GVariant *fill)
{
  guint64 pixels;
  double copied, invented;

  if (!g_variant_lookup (fill, "pixels", "t", &pixels) || !g_variant_lookup (fill, "copied", "d", &copied)
      || !g_variant_lookup (fill, "invented", "d", &invented))
    return FALSE;
  sums->pixels += pixels;
  sums->copied += copied * pixels;
  sums->invented += invented * pixels;
  sums->distance += look_up_mean (fill, "distance") * copied * pixels;
  sums->misfit += look_up_mean (fill, "misfit") * copied * pixels;
  return TRUE;
}

static char *
describe_sums (const Sums *sums)
{
  g_autofree char *shares
      = g_strdup_printf (_ ("%.0f %% of it is copied from the photo, and %.0f %% made up by the network."),
                         100 * sums->copied / sums->pixels, 100 * sums->invented / sums->pixels);
  g_autofree char *distance = NULL, *misfit = NULL;
  guint away;

  if (sums->copied == 0)
    return g_steal_pointer (&shares);
  away = (guint) lrint (sums->distance / sums->copied);
  distance = g_strdup_printf (ngettext ("What was copied lies %u pixel away on average.",
                                        "What was copied lies %u pixels away on average.", away),
                              away);
  misfit = g_strdup_printf (_ ("The surroundings there and here differ by %.1f of 255 levels on average: the less, the "
                               "better it fits."),
                            sums->misfit / sums->copied);
  return g_strjoin (" ", shares, distance, misfit, NULL);
}

char *
lacuna_copy_text_sum_up (GVariant *report)
{
  Sums sums = { 0 };

  for (gsize i = 0; i < g_variant_n_children (report); i++)
    {
      g_autoptr (GVariant) fill = g_variant_get_child_value (report, i);

      if (!add_fill (&sums, fill))
        return g_strdup (_ ("How much of it was copied can't be told of a hole this large."));
    }
  return describe_sums (&sums);
}

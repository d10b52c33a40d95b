/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what “lacuna eval” measured, as a table or as a JSON object. A mean is over the photos for which its figure
 * is finite; where there is none, it is printed as “-” or null. The report is borrowed and never changed. The main
 * thread runs all of it. */
#include "app/command/eval-report.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stddef.h>
#include <sys/resource.h>

#include "app/command/command.h"

typedef LacunaEvalMeasure Measure;

typedef struct {
  const char *name;
  gsize offset; /* bytes from the start of a Measure */
  gboolean geometric;
} Figure;

#define FIGURE(title, member)                                                                                          \
  {                                                                                                                    \
    .name = title, .offset = offsetof (Measure, member)                                                                \
  }

#define TAIL 0.9      /* the share of the photos whose texture error is no greater than what is told */
#define LEAST_WIDTH 9 /* characters of a column */

static const Figure hole_figures[] = {
  FIGURE ("l1", score.hole.l1),
  FIGURE ("l2", score.hole.l2),
  FIGURE ("psnr", score.hole.psnr),
  FIGURE ("ssim", score.hole.ssim),
  FIGURE ("tv", score.tv),
  FIGURE ("texture", score.texture),
  FIGURE ("low", score.low),
  { .name = "sharpness", .offset = offsetof (Measure, score.sharpness), .geometric = TRUE },
  FIGURE ("noise", score.noise),
  FIGURE ("seam", score.seam),
  FIGURE ("edge", score.edge),
};
static const Figure whole_figures[] = {
  FIGURE ("l1", score.whole.l1),
  FIGURE ("l2", score.whole.l2),
  FIGURE ("psnr", score.whole.psnr),
  FIGURE ("ssim", score.whole.ssim),
};
static const Figure seconds_figure = FIGURE ("seconds", seconds);

/* Returns the mean over the photos for which the figure is defined; NaN: it is for none. */
static double
get_mean (const Measure *measures, guint n, const Figure *figure)
{
  double sum = 0.0;
  guint n_defined = 0;

  for (guint i = 0; i < n; i++)
    {
      double value = *(const double *) ((const char *) &measures[i] + figure->offset);

      if (!isfinite (value))
        continue;
      sum += figure->geometric ? log (MAX (value, G_MINDOUBLE)) : value;
      n_defined++;
    }
  return figure->geometric ? exp (sum / n_defined) : sum / n_defined;
}

static int
compare_texture (gconstpointer a, gconstpointer b)
{
  double x = ((const Measure *) a)->score.texture, y = ((const Measure *) b)->score.texture;

  return (x > y) - (x < y);
}

/* The quantile of the texture error, between the two photos that are next to it by their distance. */
static double
get_tail (const Measure *measures, guint n)
{
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof *measures);
  double at = TAIL * (n - 1);
  guint below = (guint) at, above = MIN (below + 1, n - 1);
  double low, high;

  g_array_append_vals (sorted, measures, n);
  g_array_sort (sorted, compare_texture);
  low = g_array_index (sorted, Measure, below).score.texture;
  high = g_array_index (sorted, Measure, above).score.texture;
  return low + (at - below) * (high - low);
}

/* Returns the mean as a maybe of a double, which is nothing (null in JSON) where it is not a number. */
static GVariant *
describe_figure (const Measure *measures, guint n, const Figure *figure)
{
  double value = get_mean (measures, n, figure);

  return g_variant_new_maybe (G_VARIANT_TYPE_DOUBLE, isfinite (value) ? g_variant_new_double (value) : NULL);
}

static GVariant *
describe_figures (const Measure *measures, guint n, const Figure *figures, guint n_figures)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < n_figures; i++)
    g_variant_builder_add (&builder, "{sv}", figures[i].name, describe_figure (measures, n, &figures[i]));
  return g_variant_builder_end (&builder);
}

/* Returns the means over n photos. name: the photo's if it is one alone, or NULL. */
static GVariant *
describe (const Measure *measures, guint n, const char *name)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (name != NULL)
    {
      g_autofree char *photo = g_filename_display_name (name);

      g_variant_builder_add (&builder, "{sv}", "photo", g_variant_new_string (photo));
    }
  g_variant_builder_add (&builder, "{sv}", "hole",
                         describe_figures (measures, n, hole_figures, G_N_ELEMENTS (hole_figures)));
  g_variant_builder_add (&builder, "{sv}", "whole",
                         describe_figures (measures, n, whole_figures, G_N_ELEMENTS (whole_figures)));
  g_variant_builder_add (&builder, "{sv}", "seconds", describe_figure (measures, n, &seconds_figure));
  return g_variant_builder_end (&builder);
}

/* Adds what there is of a model to an object. */
static void
describe_model (GVariantBuilder *builder, const LacunaEvalReport *self, guint model)
{
  const Measure *measures = self->measures + model * self->n_photos;
  GVariantBuilder photos = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < self->n_photos; i++)
    g_variant_builder_add_value (&photos, describe (&measures[i], 1, self->photos[i]));
  g_variant_builder_add (builder, "{sv}", "photos", g_variant_builder_end (&photos));
  g_variant_builder_add (builder, "{sv}", "mean", describe (measures, self->n_photos, NULL));
  g_variant_builder_add (builder, "{sv}", "texture_tail", g_variant_new_double (get_tail (measures, self->n_photos)));
}

static GVariant *
describe_models (const LacunaEvalReport *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < self->n_models; i++)
    {
      GVariantBuilder model = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      g_autofree char *name = g_filename_display_name (self->models[i]);

      g_variant_builder_add (&model, "{sv}", "model", g_variant_new_string (name));
      describe_model (&model, self, i);
      g_variant_builder_add_value (&builder, g_variant_builder_end (&model));
    }
  return g_variant_builder_end (&builder);
}

static guint64
get_peak_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (guint64) usage.ru_maxrss * 1024;
}

void
lacuna_eval_report_print_json (const LacunaEvalReport *self)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (self->n_models > 1)
    g_variant_builder_add (&builder, "{sv}", "models", describe_models (self));
  else
    describe_model (&builder, self, 0);
  g_variant_builder_add (&builder, "{sv}", "peak_memory", g_variant_new_uint64 (get_peak_memory ()));
  lacuna_command_print_json (g_variant_builder_end (&builder));
}

/* Prints text at the right end of a column of that width, in characters. */
static void
print_cell (const char *text, glong width)
{
  g_print (" %*s%s", (int) MAX (width - g_utf8_strlen (text, -1), 0), "", text);
}

static void
print_value (double value, glong width)
{
  g_autofree char *text = isfinite (value) ? g_strdup_printf ("%.3f", value) : g_strdup ("-");

  print_cell (text, width);
}

static void
print_row (const Measure *measures, guint n, const char *name)
{
  g_print ("%-32.32s", name);
  for (guint i = 0; i < G_N_ELEMENTS (hole_figures); i++)
    print_value (get_mean (measures, n, &hole_figures[i]), LEAST_WIDTH);
  print_value (get_mean (measures, n, &seconds_figure), LEAST_WIDTH);
  g_print ("\n");
}

/* A row for each photo. */
static void
print_photos (const LacunaEvalReport *self)
{
  g_print ("%-32s", "");
  for (guint i = 0; i < G_N_ELEMENTS (hole_figures); i++)
    print_cell (hole_figures[i].name, LEAST_WIDTH);
  print_cell (seconds_figure.name, LEAST_WIDTH);
  g_print ("\n");
  for (guint i = 0; i < self->n_photos; i++)
    {
      g_autofree char *name = g_filename_display_name (self->photos[i]);

      print_row (&self->measures[i], 1, name);
    }
  print_row (self->measures, self->n_photos, _ ("mean"));
  g_print (_ ("texture, 90th percentile: %.3f\n"), get_tail (self->measures, self->n_photos));
}

/* A row for each figure; figure: NULL, for the texture's tail. */
static void
print_across (const LacunaEvalReport *self, const char *name, const Figure *figure, const glong *widths)
{
  g_print ("%-12s", name);
  for (guint i = 0; i < self->n_models; i++)
    {
      const Measure *measures = self->measures + i * self->n_photos;

      print_value (figure != NULL ? get_mean (measures, self->n_photos, figure) : get_tail (measures, self->n_photos),
                   widths[i]);
    }
  g_print ("\n");
}

static void
print_models (const LacunaEvalReport *self)
{
  g_autofree glong *widths = g_new (glong, self->n_models);

  g_print ("%-12s", "");
  for (guint i = 0; i < self->n_models; i++)
    {
      g_autofree char *name = g_filename_display_name (self->models[i]);

      widths[i] = MAX (g_utf8_strlen (name, -1), LEAST_WIDTH);
      print_cell (name, widths[i]);
    }
  g_print ("\n");
  for (guint i = 0; i < G_N_ELEMENTS (hole_figures); i++)
    print_across (self, hole_figures[i].name, &hole_figures[i], widths);
  print_across (self, "texture 90%", NULL, widths);
  print_across (self, seconds_figure.name, &seconds_figure, widths);
  g_print (ngettext ("mean of %u photo\n", "means of %u photos\n", self->n_photos), self->n_photos);
}

void
lacuna_eval_report_print (const LacunaEvalReport *self)
{
  g_autofree char *memory = g_format_size_full (get_peak_memory (), G_FORMAT_SIZE_IEC_UNITS);

  if (self->n_models > 1)
    print_models (self);
  else
    print_photos (self);
  g_print (_ ("peak memory: %s\n"), memory);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command “lacuna explain”: fills a photo with its scores kept, and saves a figure of where the fill came from.
 * The figure shows one region, which filled all of the points that were named. The main thread runs all of it, and
 * waits in lacuna_engine_fill() while the engine's thread fills. */
#include <glib/gi18n.h>
#include <stdio.h>

#include "app/command/command.h"
#include "app/command/file-use.h"
#include "app/command/fill-choices.h"
#include "app/command/interrupt.h"
#include "app/figure/figure-file.h"
#include "app/figure/figure.h"

typedef struct {
  char    *output;
  char   **points;
  gboolean json;
  char   **operands;
  LacunaFillChoices choices;
} Options;

static const char *const description = N_ (
    "Draws a figure of how a hole was filled: the photo with the hole, the coarse result, the filled photo, and the\n"
    "attention, with the points X,Y of the hole and the patches of the photo that each was rebuilt from.\n"
    "\n"
    "Example:\n"
    "  lacuna explain beach.jpg beach.mask.png --point 120,80 --point 150,90 -o figure.pdf");

static void
options_clear (Options *self)
{
  g_free (self->output);
  g_strfreev (self->points);
  g_strfreev (self->operands);
  lacuna_fill_choices_clear (&self->choices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Returns an array of LacunaFigurePoint. NULL: one of the texts is no point, which was said. */
static GArray *
read_points (char **texts)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (LacunaFigurePoint));

  for (char **text = texts; text != NULL && *text != NULL; text++)
    {
      LacunaFigurePoint point;
      char rest;

      if (sscanf (*text, "%d,%d%c", &point.x, &point.y, &rest) != 2)
        {
          lacuna_command_reject (_ ("“%s” is no point: --point X,Y with two whole numbers."), *text);
          return NULL;
        }
      g_array_append_val (points, point);
    }
  return g_steal_pointer (&points);
}

static gboolean
is_filled (const LacunaRegion *region, LacunaFigurePoint point)
{
  LacunaBox hole = *lacuna_region_get_hole (region);
  g_autoptr (GBytes) bytes = lacuna_region_dup_array (region, LACUNA_REGION_MASK);
  const guint8 *mask = g_bytes_get_data (bytes, NULL);

  if (lacuna_box_intersection (hole, (LacunaBox){ point.x, point.y, 1, 1 }).width == 0)
    return FALSE;
  return point.y >= hole.y && point.y < hole.y + hole.height
         && mask[(gsize) (point.y - hole.y) * hole.width + point.x - hole.x] != 0;
}

/* The region that fills the points, or the first where there are none. FALSE: no one fills them all. */
static gboolean
find_region (LacunaFill *fill, GArray *points, guint *ret_region, GError **error)
{
  for (guint r = 0; r < lacuna_fill_get_n_regions (fill); r++)
    {
      guint n = 0;

      while (n < points->len
             && is_filled (lacuna_fill_get_region (fill, r), g_array_index (points, LacunaFigurePoint, n)))
        n++;
      if (n == points->len)
        {
          *ret_region = r;
          return TRUE;
        }
    }
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
               _ ("No window of the fill fills all of these points: name points of one hole."));
  return FALSE;
}

/* Whether the figure is none of what it is drawn from. */
static gboolean
check_files (const Options *options)
{
  g_autoptr (LacunaFileUse) use = lacuna_file_use_new ();
  g_autoptr (GPtrArray) steering = lacuna_steer_list_files (&options->choices.steer);
  const char *wanted = options->choices.model;
  g_autofree char *model = wanted != NULL ? lacuna_models_find (wanted, NULL) : NULL;

  lacuna_file_use_read (use, options->operands[0]);
  lacuna_file_use_read (use, options->operands[1]);
  lacuna_file_use_read (use, model);
  for (guint i = 0; i < steering->len; i++)
    lacuna_file_use_read (use, steering->pdata[i]);
  lacuna_file_use_write (use, options->output);
  return lacuna_file_use_check (use, NULL);
}

static GVariant *
describe_sources (GVariant *sources)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  LacunaBox patch;
  double share;
  GVariantIter iter;

  g_variant_iter_init (&iter, sources);
  while (g_variant_iter_next (&iter, "(iiiid)", &patch.x, &patch.y, &patch.width, &patch.height, &share))
    g_variant_builder_add_parsed (&builder, "{'x': <%i>, 'y': <%i>, 'width': <%i>, 'height': <%i>, 'share': <%d>}",
                                  patch.x, patch.y, patch.width, patch.height, share);
  return g_variant_builder_end (&builder);
}

/* Prints the points with the sources that the figure shows of each. */
static void
print_json (const LacunaRegion *region, GArray *points)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < points->len; i++)
    {
      LacunaFigurePoint point = g_array_index (points, LacunaFigurePoint, i);
      g_autoptr (GVariant) sources = lacuna_explain_list_sources (region, &(LacunaBox){ point.x, point.y, 1, 1 });

      g_variant_builder_add_parsed (&builder, "{'x': <%i>, 'y': <%i>, 'sources': <%@aa{sv}>}", point.x, point.y,
                                    describe_sources (sources));
    }
  lacuna_command_print_json (g_variant_new_parsed ("{'points': <%@aa{sv}>}", g_variant_builder_end (&builder)));
}

static gboolean
explain (const Options *options, GArray *points, GError **error)
{
  g_autoptr (GCancellable) cancellable = lacuna_interrupt_new ();
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (options->choices.device, 0);
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (options->operands[0], cancellable, error);
  g_autoptr (LacunaMask) marked = photo != NULL ? lacuna_mask_load (options->operands[1], photo, error) : NULL;
  g_autoptr (LacunaMask) mask = marked != NULL ? lacuna_fill_choices_grow (&options->choices, marked, error) : NULL;
  g_auto (LacunaSteer) steer = { 0 };
  LacunaFillOptions fill_options = { .keep_scores = TRUE };
  g_autoptr (LacunaFill) fill = NULL;
  guint region;

  if (mask == NULL || !lacuna_fill_choices_read (&options->choices, photo, &steer, &fill_options, error))
    return FALSE;
  fill = lacuna_engine_fill (engine, photo, mask, &fill_options, NULL, NULL, cancellable, error);
  if (fill == NULL || !find_region (fill, points, &region, error)
      || !lacuna_figure_save (fill, region, photo, (const LacunaFigurePoint *) (gpointer) points->data, points->len,
                              options->output, error))
    return FALSE;
  if (options->json)
    print_json (lacuna_fill_get_region (fill, region), points);
  return TRUE;
}

LacunaExit
lacuna_command_explain (int argc, char **argv)
{
  g_auto (Options) options = { .choices = LACUNA_FILL_CHOICES_INIT };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Figure to write: .svg, .pdf or .png"), N_ ("OUT") },
    { "point", 'p', 0, G_OPTION_ARG_STRING_ARRAY, &options.points, N_ ("A point of the hole; may be repeated"), "X,Y" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print the sources of each point as a JSON object"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.operands, NULL, N_ ("PHOTO MASK") },
    { NULL },
  };
  g_autofree GOptionEntry *joined = lacuna_fill_choices_join (&options.choices, entries);
  g_autoptr (GArray) points = NULL;
  g_autoptr (GError) error = NULL;

  if (!lacuna_command_parse (&argc, &argv, joined, NULL, N_ ("Draws where a fill comes from."), description))
    return LACUNA_EXIT_WRONG_USE;
  if (options.operands == NULL || g_strv_length (options.operands) != 2)
    return lacuna_command_reject (_ ("A photo and its mask are needed."));
  if (options.output == NULL || !lacuna_figure_file_check (options.output))
    return lacuna_command_reject (_ ("Where to draw is missing: -o with a name that ends in .svg, .pdf or .png."));
  if (!lacuna_fill_choices_check (&options.choices))
    return LACUNA_EXIT_WRONG_USE;
  points = read_points (options.points);
  if (points == NULL || !check_files (&options))
    return LACUNA_EXIT_WRONG_USE;
  if (explain (&options, points, &error))
    return LACUNA_EXIT_DONE;
  if (error->domain == LACUNA_STEER_ERROR)
    return lacuna_command_reject ("%s", error->message);
  lacuna_command_complain ("%s", error->message);
  return LACUNA_EXIT_FAILED;
}

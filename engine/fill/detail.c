/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage at the photo's resolution (engine/fill/DETAIL.md): matches levels from coarse to fine, each from the
 * offsets of the coarser one and the coarsest from the attention's best keys, and has seam.c make pixels of the finest.
 * No more than two levels have their buffers at a time. It runs on the engine's thread. */
#include "engine/fill/detail.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/detail-keep.h"
#include "engine/fill/edges.h"
#include "engine/fill/lines.h"
#include "engine/fill/matching.h"
#include "engine/fill/region-private.h"
#include "engine/fill/seam.h"
#include "engine/fill/structure.h"

#define CHANNELS 3
#define COARSER 2 /* levels beyond the network's */
#define COARSER_WITHOUT_GUIDE 4 /* where large pieces have to be found by themselves */
#define LEAST_SIDE 24
#define LEAST_SOURCES 16
#define LARGEST_SIDE G_MAXINT16 /* of a window: offsets are 16 bits */
#define COLOUR 20.0f  /* weights of the guide at the coarsest of these levels, halved with each finer one */
#define ACTIVITY 10.0f
#define SURE 20.0f       /* levels that the guide may be off where it has those weights */
#define MOST_STRENGTH 4.0f /* of the colours where it is surer */
#define TOLERANCE 0.7f     /* of activity, standard deviations */
#define RELUCTANCE 4000.0f /* to copy what is not preferred at a pull of a half, as those weights */
#define MOST_RELUCTANCE 1e7f
#define SEAM_SHARE 0.2 /* of the progress */
#define PLAIN_RADIUS 2
#define PLAIN (25.0f / 127.5f) /* of the network's values: 25 levels */
#define HELD_SHARE (1.0 / 16) /* of the hole's thickness: pixels around a line whose targets are held */

struct _LacunaDetail {
  LacunaContext *context;
  LacunaKernel *halve, *known, *valid, *stretch;
  LacunaMatching *matching;
  LacunaSeam *seam;
};

typedef struct {
  LacunaDetail *detail;
  LacunaRegion *region;
  guint halvings; /* of the finest level */
  LacunaPhoto *photo;
  LacunaMask *mask;
  const LacunaSteering *steering;
  LacunaDetailBase *base;
  LacunaDetailProgress progress;
  gpointer data;

  gboolean goes_on;   /* from the base, at the network's scale */
  gboolean base_only; /* ends there, once that has been filled in */

  LacunaAtlas atlas;
  GPtrArray *levels; /* of LacunaLevel, the finest first; NULL for what is finer yet */
  GVariant *lines;   /* those drawn across the hole, then edges that were found; NULL: none */
  guint n_drawn;
  GPtrArray *nodes;  /* of GArray of LacunaNode: of each level's lines; empty where there are none */
  LacunaBuffer *guide;
  float *error, *deviation; /* of it, at the network's scale */
  int source_x, source_y; /* a place of the coarsest level whose patch is known */
} DetailRun;

LacunaDetail *
lacuna_detail_new (LacunaContext *context, GError **error)
{
  g_autoptr (LacunaDetail) self = g_new0 (LacunaDetail, 1);

  self->context = g_object_ref (context);
  if ((self->halve = lacuna_kernel_new (context, "scale", "halve", NULL, error)) == NULL
      || (self->known = lacuna_kernel_new (context, "scale", "known", NULL, error)) == NULL
      || (self->valid = lacuna_kernel_new (context, "scale", "valid", NULL, error)) == NULL
      || (self->stretch = lacuna_kernel_new (context, "scale", "stretch", NULL, error)) == NULL
      || (self->matching = lacuna_matching_new (context, error)) == NULL
      || (self->seam = lacuna_seam_new (context, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
lacuna_detail_free (LacunaDetail *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->halve, lacuna_kernel_unref);
  g_clear_pointer (&self->known, lacuna_kernel_unref);
  g_clear_pointer (&self->valid, lacuna_kernel_unref);
  g_clear_pointer (&self->stretch, lacuna_kernel_unref);
  g_clear_pointer (&self->matching, lacuna_matching_free);
  g_clear_pointer (&self->seam, lacuna_seam_free);
  g_object_unref (self->context);
  g_free (self);
}

static void
detail_run_clear (DetailRun *self)
{
  g_clear_pointer (&self->levels, g_ptr_array_unref);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
  g_clear_pointer (&self->guide, lacuna_buffer_unref);
  g_free (self->error);
  g_free (self->deviation);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DetailRun, detail_run_clear)

/* Whether a fill is told what to copy from. */
static gboolean
is_told_where (const LacunaSteering *steering)
{
  return steering->avoid != NULL || steering->prefer != NULL;
}

static gboolean
has_drawn_lines (const LacunaRegion *region, const LacunaSteering *steering)
{
  return steering->lines != NULL && lacuna_lines_cross (steering->lines, region);
}

/* Whether another fill of the region may go on from one with such a steering, or it from another. */
static gboolean
may_go_on (const LacunaRegion *region, const LacunaSteering *steering)
{
  return steering->transforms == 0 && !has_drawn_lines (region, steering);
}

static LacunaLevel *
get_level (DetailRun *run, guint l)
{
  return g_ptr_array_index (run->levels, l);
}

static gboolean
make_images (DetailRun *run, GError **error)
{
  LacunaContext *context = run->detail->context;
  LacunaRegion *region = run->region;
  guint top = region->halvings + (run->steering->without_guide ? COARSER_WITHOUT_GUIDE : COARSER);

  while (top > run->halvings && MIN (region->box.width, region->box.height) >> top < LEAST_SIDE)
    top--;
  for (guint l = 0; l < run->halvings; l++)
    g_ptr_array_add (run->levels, NULL);
  for (guint l = run->halvings; l <= top; l++)
    {
      LacunaLevel *level = lacuna_level_new (region, &run->atlas, l, error);

      if (level == NULL)
        return FALSE;
      g_ptr_array_add (run->levels, level);
    }
  if (!lacuna_level_read_photo (get_level (run, run->halvings), context, region->box, run->photo, run->mask,
                                run->steering, error))
    return FALSE;
  for (guint l = run->halvings + 1; l <= top; l++)
    {
      LacunaLevel *fine = get_level (run, l - 1), *level = get_level (run, l);

      level->image = lacuna_buffer_new (context, (gsize) 4 * level->width * level->height, error);
      if (level->image == NULL
          || !lacuna_kernel_launch (run->detail->halve, level->height, 1, 1, error, LACUNA_BUFFER_ARG (fine->image),
                                    LACUNA_BUFFER_ARG (level->image), LACUNA_INT_ARG (level->width)))
        return FALSE;
    }
  return TRUE;
}

/* Finds what each level copies along the lines, from the coarsest level on. */
static gboolean
follow_lines (DetailRun *run, GError **error)
{
  if (run->lines == NULL)
    return TRUE;
  g_ptr_array_set_size (run->nodes, run->levels->len);
  for (guint l = run->levels->len; l-- > run->halvings;)
    {
      run->nodes->pdata[l] = lacuna_structure_find (get_level (run, l), l, run->region->box, run->lines,
                                                    l + 1 < run->nodes->len ? run->nodes->pdata[l + 1] : NULL,
                                                    l >= run->region->halvings ? run->n_drawn : 0, error);
      if (run->nodes->pdata[l] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Returns how far from a line's nodes targets are held at level l, in its pixels. */
static int
get_held_radius (DetailRun *run, guint l)
{
  return MAX ((int) ldexp (HELD_SHARE * run->region->thickness, -(int) l), 1);
}

/* Whether all that is known around a pixel at the network's scale has its colour, so that what lies beside the line
 * does: beside a pole's one edge is its other one. */
static gboolean
is_plain (const LacunaRegion *region, gsize at)
{
  gsize n = (gsize) region->width * region->height;
  const float *input = region->input;
  int column = (int) (at % region->width), row = (int) (at / region->width);

  for (int y = MAX (row - PLAIN_RADIUS, 0); y <= MIN (row + PLAIN_RADIUS, region->height - 1); y++)
    for (int x = MAX (column - PLAIN_RADIUS, 0); x <= MIN (column + PLAIN_RADIUS, region->width - 1); x++)
      {
        gsize i = (gsize) y * region->width + x;

        for (int c = 0; c < CHANNELS && input[LACUNA_PLANE_MASK * n + i] == 0.0f; c++)
          if (fabsf (input[c * n + i] - input[c * n + at]) > PLAIN)
            return FALSE;
      }
  return TRUE;
}

/* Makes a copy of the network's input in which what is copied along the lines is known, or just shown where it is not
 * plain. */
static gboolean
draw_lines (DetailRun *run, float **ret_input, GError **error)
{
  const LacunaRegion *region = run->region;
  LacunaLevel *level = get_level (run, region->halvings);
  gsize n = (gsize) region->width * region->height, size = LACUNA_N_PLANES * n * sizeof (float);
  g_autofree float *input = g_try_malloc (size);
  g_autofree gint16 *offsets
      = lacuna_structure_spread (run->nodes->pdata[region->halvings], level, LACUNA_PATCH_RADIUS);

  if (input == NULL || offsets == NULL)
    {
      lacuna_error_set_memory (error, _ ("what lies along the lines"));
      return FALSE;
    }
  memcpy (input, region->input, size);
  for (gsize i = 0; i < lacuna_level_get_n_targets (level); i++)
    {
      int x = level->box.x + (int) (i % level->box.width), y = level->box.y + (int) (i / level->box.width);
      gsize at = (gsize) y * region->width + x;
      gsize from = at + (gssize) offsets[2 * i + 1] * region->width + offsets[2 * i];

      if (offsets[2 * i] == LACUNA_NO_OFFSET || y >= region->height || input[LACUNA_PLANE_MASK * n + at] == 0.0f)
        continue;
      for (int c = 0; c < CHANNELS; c++)
        input[c * n + at] = region->input[c * n + from];
      input[LACUNA_PLANE_MASK * n + at] = is_plain (region, from) ? 0.0f : LACUNA_GUIDE_SHOWN;
    }
  *ret_input = g_steal_pointer (&input);
  return TRUE;
}

static gboolean
make_guide (DetailRun *run, GError **error)
{
  guint halvings = run->region->halvings;
  gsize row = (gsize) 4 * run->region->width, n = row * lacuna_atlas_get_rows (&run->atlas, halvings);
  g_autofree float *drawn = NULL;
  g_autoptr (LacunaGuide) guide = NULL;
  guint8 *pixels;

  if (run->nodes->len > halvings && halvings >= run->halvings && !draw_lines (run, &drawn, error))
    return FALSE;
  guide = lacuna_guide_new (run->region, drawn, run->base != NULL ? &run->base->guide : NULL);
  pixels = guide != NULL ? g_try_realloc (guide->pixels, n) : NULL;
  if (pixels == NULL)
    {
      lacuna_error_set_memory (error, _ ("the detail's guide"));
      return FALSE;
    }
  guide->pixels = pixels;
  lacuna_atlas_draw (&run->atlas, halvings, FALSE, pixels);
  run->error = g_steal_pointer (&guide->error);
  run->deviation = g_steal_pointer (&guide->deviation);
  run->guide = lacuna_buffer_new (run->detail->context, n, error);
  return run->guide != NULL && lacuna_buffer_write (run->guide, 0, pixels, n, error);
}

/* Writes how much each target of level l heeds the guide's colours and its activity: little at the border, whose own
 * colours tell, and nothing at all in the variant without a guide. Both are means of what might be, which may look like
 * nothing that is known, and what follows such a mean is in splinters: so they count less, colours next to nothing, where
 * the guide is likely to be wrong; and where the rim is partly plain and partly not, the fill may be either. */
static gboolean
write_strength (DetailRun *run, guint l, GError **error)
{
  LacunaLevel *level = get_level (run, l);
  const LacunaRegion *region = run->region;
  gsize n = lacuna_level_get_n_targets (level);
  double scale = ldexp (1.0, (int) l - (int) region->halvings);
  g_autofree float *strength = g_try_new (float, 3 * n);

  if (strength == NULL)
    {
      lacuna_error_set_memory (error, _ ("the guide's strength"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      int x = MIN ((int) ((level->box.x + (int) (i % level->box.width) + 0.5) * scale), region->width - 1);
      int y = MIN ((int) ((level->box.y + (int) (i / level->box.width) + 0.5) * scale), region->height - 1);
      gsize at = (gsize) y * region->width + x;
      float heed = run->steering->without_guide ? 0.0f : 1.0f - level->confidence[i];
      float sure = SURE / MAX (run->error[at], 1.0f);

      sure *= sure;
      strength[3 * i] = heed * MIN (sure * sure * sure, MOST_STRENGTH);
      strength[3 * i + 1] = heed * MIN (sure, 1.0f);
      strength[3 * i + 2] = TOLERANCE * run->deviation[at];
    }
  return lacuna_buffer_write (level->strength, 0, strength, 3 * n * sizeof (float), error);
}

/* Makes the buffers of level l, with its sources and its guide. */
static gboolean
open_level (DetailRun *run, guint l, GError **error)
{
  LacunaDetail *self = run->detail;
  LacunaLevel *level = get_level (run, l);

  if (!lacuna_level_make_buffers (level, self->context, error) || !write_strength (run, l, error))
    return FALSE;
  /* The guide's memory holds rows of known pixels first. */
  return lacuna_kernel_launch (self->known, level->height, 1, 1, error, LACUNA_BUFFER_ARG (level->image),
                               LACUNA_BUFFER_ARG (level->guide), LACUNA_INT_ARG (level->width))
         && lacuna_kernel_launch (self->valid, level->height, 1, 1, error, LACUNA_BUFFER_ARG (level->guide),
                                  LACUNA_BUFFER_ARG (level->valid), LACUNA_INT_ARG (level->width),
                                  LACUNA_INT_ARG (level->height))
         && lacuna_kernel_launch (self->stretch, level->height, 1, 1, error, LACUNA_BUFFER_ARG (run->guide),
                                  LACUNA_BUFFER_ARG (level->guide), LACUNA_INT_ARG (level->width),
                                  LACUNA_INT_ARG (run->region->width),
                                  LACUNA_INT_ARG (lacuna_atlas_get_rows (&run->atlas, run->region->halvings)),
                                  LACUNA_FLOAT_ARG (ldexpf (1.0f, (int) l - (int) run->region->halvings)));
}

/* Lists the places of a level whose patches are known, as x + y·width. */
static gboolean
list_sources (LacunaLevel *level, guint8 *valid, GArray *sources, GError **error)
{
  gsize n = (gsize) level->width * level->height;

  if (!lacuna_buffer_read_bytes (level->valid, valid, n, 4, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (valid[i])
      {
        gint32 at = i;

        g_array_append_val (sources, at);
      }
  return TRUE;
}

/* Writes where the attention takes the place (x, y) of a level from: the same place of its best key. */
static void
follow_attention (const LacunaRegion *region, guint l, int x, int y, int *ret_x, int *ret_y)
{
  double cells = ldexp (1.0, (int) l - (int) region->halvings) / LACUNA_CELL; /* a pixel */
  int column = MIN ((int) ((x + 0.5) * cells), region->grid_width - 1);
  int row = MIN ((int) ((y + 0.5) * cells), region->grid_height - 1);
  int key = region->index[row * region->grid_width + column];

  *ret_x = x + (int) lrint ((key % region->grid_width - column) / cells);
  *ret_y = y + (int) lrint ((key / region->grid_width - row) / cells);
}

/* Writes the coarsest level's first offsets: the attention's, in all copies by turns, and random ones where they don't
 * lead to a source. Where the fill goes on from another, that one's come before these. */
static gboolean
start (DetailRun *run, guint l, const guint8 *valid, GArray *sources, GError **error)
{
  LacunaLevel *level = get_level (run, l);
  gsize n = lacuna_level_get_n_targets (level);
  g_autofree gint16 *offsets = g_try_new (gint16, 2 * n);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  if (offsets == NULL)
    {
      lacuna_error_set_memory (error, _ ("the detail's offsets"));
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      int x = level->box.x + (int) (i % level->box.width), y = level->box.y + (int) (i / level->box.width), to_x, to_y;

      offsets[2 * i] = offsets[2 * i + 1] = LACUNA_NO_OFFSET;
      if (level->confidence[i] == 0.0f)
        continue;
      follow_attention (run->region, l, x, y, &to_x, &to_y);
      lacuna_atlas_show (&run->atlas, l, (guint) (x + 7 * y) % run->atlas.n, to_x, to_y, &to_x, &to_y);
      if (to_x < 0 || to_y < 0 || to_x >= level->width || to_y >= level->height || !valid[to_y * level->width + to_x])
        {
          gint32 at = g_array_index (sources, gint32, g_rand_int_range (random, 0, sources->len));

          to_x = at % level->width;
          to_y = at / level->width;
        }
      offsets[2 * i] = to_x - x;
      offsets[2 * i + 1] = to_y - y;
    }
  if (run->goes_on && l == run->region->halvings && !lacuna_detail_base_start (run->base, level, valid, offsets, error))
    return FALSE;
  return lacuna_buffer_write (level->offsets, 0, offsets, 2 * n * sizeof (gint16), error);
}

/* Targets on a line keep the offsets that were found for it, as far as those lead to sources. */
static gboolean
hold_lines (DetailRun *run, guint l, GError **error)
{
  LacunaLevel *level = get_level (run, l);
  gsize n = lacuna_level_get_n_targets (level), n_window = (gsize) level->width * level->height;
  g_autofree gint16 *held = NULL, *offsets = NULL;
  g_autofree guint8 *valid = NULL;

  if (run->nodes->len == 0 || ((GArray *) run->nodes->pdata[l])->len == 0)
    return TRUE;
  held = lacuna_structure_spread (run->nodes->pdata[l], level, get_held_radius (run, l));
  offsets = g_try_new (gint16, 2 * n);
  valid = g_try_malloc (n_window);
  if (held == NULL || offsets == NULL || valid == NULL)
    {
      lacuna_error_set_memory (error, _ ("what lies along the lines"));
      return FALSE;
    }
  if (!lacuna_buffer_read_bytes (level->valid, valid, n_window, 4, error)
      || !lacuna_level_read_offsets (level, level->offsets, LACUNA_PATCH_RADIUS, offsets, error))
    return FALSE;
  lacuna_level_hold (level, held, valid, offsets);
  return lacuna_buffer_write (level->offsets, 0, offsets, 2 * n * sizeof (gint16), error)
         && lacuna_buffer_write (level->hole, 0, level->pixels, n, error)
         && lacuna_buffer_write (level->trust, 0, level->confidence, n * sizeof (float), error);
}

/* Opens the coarsest level that has sources, or the network's where the fill goes on from another, and starts there.
 * *ret_level: it, or -1 where none has any. */
static gboolean
start_coarsest (DetailRun *run, int *ret_level, GError **error)
{
  int first = run->goes_on ? (int) run->region->halvings : (int) run->levels->len - 1;

  for (int l = first; l >= (int) run->halvings; l--)
    {
      LacunaLevel *level = get_level (run, l);
      g_autofree guint8 *valid = g_try_malloc ((gsize) level->width * level->height);
      g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (gint32));

      if (valid == NULL)
        lacuna_error_set_memory (error, _ ("the places to copy from"));
      if (valid == NULL || !open_level (run, l, error) || !list_sources (level, valid, sources, error))
        return FALSE;
      if (sources->len >= LEAST_SOURCES)
        {
          gint32 at = g_array_index (sources, gint32, sources->len / 2);

          run->source_x = at % level->width;
          run->source_y = at / level->width;
          *ret_level = l;
          return start (run, l, valid, sources, error) && hold_lines (run, l, error);
        }
      lacuna_level_close (level);
    }
  *ret_level = -1;
  return TRUE;
}

/* Returns what a source that is not preferred costs more, in levels squared, where the guide's weights are whole. */
static float
get_reluctance (const LacunaSteering *steering)
{
  if (steering->prefer == NULL || steering->pull >= 1.0f)
    return 0.0f;
  return MIN (RELUCTANCE * steering->pull / (1.0f - steering->pull), MOST_RELUCTANCE);
}

static LacunaSearch
plan_search (DetailRun *run, int l, int top)
{
  LacunaLevel *level = get_level (run, l);
  int side = MAX (level->width, level->height), network = run->region->halvings, finest = run->halvings;
  int n = (int) run->atlas.n; /* as many times as much is searched at first */
  int coarsest = run->goes_on ? (int) run->levels->len - 1 : top;
  int finer = MIN (0, l - MIN (coarsest, network + COARSER));
  /* Down to the network's scale until offsets hardly change; finer levels only follow. */
  LacunaSearch search = { .iterations = l == top ? 40 : l >= network ? 12 : l > finest ? 2 : 1,
                          .passes = l == top ? 2 * n : l >= network ? 6 : 1,
                          .first_passes = l == top ? 4 * n : 0,
                          .first_step = l >= network || l == top ? 4 : 2,
                          .radius = l == top ? side : l >= network ? MAX (side / 4, 4) : 3,
                          .colour = ldexpf (COLOUR, finer),
                          .activity = ldexpf (ACTIVITY, finer),
                          .reluctance = ldexpf (get_reluctance (run->steering), finer),
                          .spread = l >= network || l == top,
                          .seed = 100 * l };

  /* Most of what is gone on from stays. */
  if (run->goes_on && l == top)
    {
      search.iterations = 2;
      search.passes = search.first_passes = 6;
    }
  return search;
}

/* Patches that are matched on a level, each time counted. */
static double
get_work (DetailRun *run, int l, int top)
{
  LacunaSearch search = plan_search (run, l, top);

  return (double) lacuna_level_get_n_targets (get_level (run, l))
         * (search.first_passes + search.iterations * search.passes);
}

/* Keeps what was matched on a level for fills that go on from it. */
static gboolean
keep_base (DetailRun *run, int l, GError **error)
{
  const LacunaSteering *steering = run->steering;

  if (run->base == NULL || l != (int) run->region->halvings || is_told_where (steering)
      || !may_go_on (run->region, steering))
    return TRUE;
  return lacuna_detail_base_keep (run->base, run->region, run->halvings, steering->without_guide, get_level (run, l),
                                  error);
}

static gboolean
match_levels (DetailRun *run, int top, GError **error)
{
  double total = 0.0, done = 0.0;
  int finest = MAX (run->halvings, run->base_only ? run->region->halvings : 0);

  for (int l = finest; l <= top; l++)
    total += get_work (run, l, top);
  for (int l = top; l >= finest; l--)
    {
      LacunaLevel *level = get_level (run, l);
      LacunaSearch search = plan_search (run, l, top);

      if (l < top)
        {
          LacunaLevel *coarse = get_level (run, l + 1);

          run->source_x = 2 * run->source_x + 1;
          run->source_y = 2 * run->source_y + 1;
          if (!open_level (run, l, error)
              || !lacuna_matching_refine (run->detail->matching, coarse, level, run->source_x, run->source_y, error)
              || !hold_lines (run, l, error))
            return FALSE;
          lacuna_level_close (coarse);
          g_clear_pointer (&coarse->image, lacuna_buffer_unref);
        }
      if (!lacuna_matching_run (run->detail->matching, level, &search, error) || !keep_base (run, l, error))
        return FALSE;
      done += get_work (run, l, top);
      run->progress ((1.0 - SEAM_SHARE) * done / total, run->data);
    }
  return TRUE;
}

static void
unref_nodes (gpointer data)
{
  if (data != NULL)
    g_array_unref (data);
}

gboolean
lacuna_detail_takes (const LacunaRegion *region, LacunaTransforms transforms)
{
  LacunaAtlas atlas;

  lacuna_atlas_init (&atlas, region, transforms);
  return MAX (region->box.width, lacuna_atlas_get_rows (&atlas, 0)) <= LARGEST_SIDE;
}

gboolean
lacuna_detail_goes_on (const LacunaRegion *region, const LacunaSteering *steering)
{
  return is_told_where (steering) && may_go_on (region, steering);
}

/* Returns the edges that the region's input tells of, which the base may have. */
static GVariant *
find_edges (DetailRun *run)
{
  LacunaDetailBase *base = run->base;
  GVariant *edges;

  if (base != NULL && base->has_edges)
    return base->edges != NULL ? g_variant_ref (base->edges) : NULL;
  edges = lacuna_edges_find (run->region);
  if (base != NULL)
    {
      base->has_edges = TRUE;
      base->edges = edges != NULL ? g_variant_ref (edges) : NULL;
    }
  return edges;
}

/* Takes the lines that are followed: those that are drawn, then the edges that were found elsewhere. */
static void
take_lines (DetailRun *run)
{
  LacunaRegion *region = run->region;
  GVariant *drawn = has_drawn_lines (region, run->steering) ? run->steering->lines : NULL;
  g_autoptr (GVariant) found = find_edges (run);

  g_clear_pointer (&region->edges, g_variant_unref);
  region->edges = lacuna_lines_leave (found, drawn, region, 2.0 * HELD_SHARE * region->thickness);
  run->lines = lacuna_lines_join (drawn, region->edges);
  run->n_drawn = drawn != NULL ? g_variant_n_children (drawn) : 0;
}

/* Takes the lines that are followed, and matches all levels that are asked for. *ret_top: the coarsest of them, or -1
 * where there is nothing to copy. */
static gboolean
match_all (DetailRun *run, int *ret_top, GError **error)
{
  LacunaRegion *region = run->region;

  run->levels = g_ptr_array_new_with_free_func ((GDestroyNotify) lacuna_level_free);
  run->nodes = g_ptr_array_new_with_free_func (unref_nodes);
  lacuna_atlas_init (&run->atlas, region, run->steering->transforms);
  run->goes_on = run->base != NULL && lacuna_detail_goes_on (region, run->steering)
                 && lacuna_detail_base_is_of (run->base, region, run->halvings, run->steering->without_guide);
  take_lines (run);
  return make_images (run, error) && follow_lines (run, error) && make_guide (run, error)
         && start_coarsest (run, ret_top, error) && (*ret_top < 0 || match_levels (run, *ret_top, error));
}

gboolean
lacuna_detail_run (LacunaDetail *self, LacunaRegion *region, guint halvings, LacunaPhoto *photo, LacunaMask *mask,
                   const LacunaSteering *steering, LacunaDetailBase *base, LacunaDetailProgress progress, gpointer data,
                   GError **error)
{
  g_auto (DetailRun) run = { self, region, halvings, photo, mask, steering, base, progress, data };
  int top;

  if (!lacuna_detail_takes (region, steering->transforms))
    return TRUE;
  if (!match_all (&run, &top, error)
      || (top >= 0
          && !lacuna_detail_keep (region, get_level (&run, halvings), self->seam, photo, mask, steering, error)))
    return FALSE;
  if (top >= 0)
    progress (1.0, data);
  return TRUE;
}

gboolean
lacuna_detail_make_base (LacunaDetail *self, LacunaRegion *region, guint halvings, LacunaPhoto *photo, LacunaMask *mask,
                         const LacunaSteering *steering, LacunaDetailBase *base, LacunaDetailProgress progress,
                         gpointer data, GError **error)
{
  g_auto (DetailRun) run = { self, region, halvings, photo, mask, steering, base, progress, data, .base_only = TRUE };
  int top;

  return !lacuna_detail_takes (region, steering->transforms) || match_all (&run, &top, error);
}

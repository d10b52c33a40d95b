/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Propagates structure along lines (Sun, Yuan, Jia and Shum 2005), on the host: dynamic programming chooses for all nodes
 * of a line at once which patch each is copied from, among those that the coarser level's choice leaves, or all that are
 * known of the line. A patch that is offered is wholly known and may be copied; of the device only the level's image is
 * read. It runs on the engine's thread. */
#include "engine/fill/structure.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/lines.h"

#define CHANNELS 3
#define RADIUS LACUNA_PATCH_RADIUS
#define AREA ((2 * RADIUS + 1) * (2 * RADIUS + 1))
#define STEP 2      /* between nodes, and between places that they may be copied from */
#define MOST 160    /* of these */
#define BELT 1      /* pixels around what the coarser level says */
#define SHAPE 30.0f /* levels squared that a pixel's distance from the line costs */
#define BORDER 2.0f /* what the known around is worth, beside what neighbours say of each other */

/* What is seen of a level: rows of its window around the lines. */
typedef struct {
  LacunaLevel *level;
  int top, bottom;
  guint8 *pixels; /* four bytes */
} Ground;

typedef struct {
  int x, y;    /* of the window */
  guint place; /* of the line, near by */
  float shape; /* cost of how the line goes there */
} Candidate;

/* A line at a level. */
typedef struct {
  const Ground *ground;
  guint line;
  double scale;      /* pixels of the photo a place */
  GArray *points;    /* of LacunaLinePoint */
  GArray *nodes;     /* of guint: places in the hole, STEP apart */
  GPtrArray *chosen; /* of GArray of Candidate: of each node */
} Chain;

static void
ground_clear (Ground *self)
{
  g_free (self->pixels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ground, ground_clear)

static void
chain_clear (Chain *self)
{
  g_clear_pointer (&self->points, g_array_unref);
  g_clear_pointer (&self->nodes, g_array_unref);
  g_clear_pointer (&self->chosen, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static const LacunaLinePoint *
get_point (const Chain *self, guint place)
{
  return &g_array_index (self->points, LacunaLinePoint, place);
}

static const guint8 *
get_pixel (const Ground *self, int x, int y)
{
  return self->pixels + 4 * ((gsize) (y - self->top) * self->level->width + x);
}

static gboolean
has_patch (const Ground *self, int x, int y)
{
  return x >= RADIUS && x + RADIUS < self->level->width && y >= self->top + RADIUS && y + RADIUS < self->bottom;
}

static gboolean
is_source (const Ground *self, int x, int y)
{
  if (!has_patch (self, x, y))
    return FALSE;
  for (int v = y - RADIUS; v <= y + RADIUS; v++)
    for (int u = x - RADIUS; u <= x + RADIUS; u++)
      if (get_pixel (self, u, v)[CHANNELS] < LACUNA_OTHER)
        return FALSE;
  return TRUE;
}

static gboolean
is_hole (const LacunaLevel *level, int x, int y)
{
  x -= level->box.x;
  y -= level->box.y;
  return x >= 0 && y >= 0 && x < level->box.width && y < level->box.height
         && level->pixels[(gsize) y * level->box.width + x] != 0;
}

static float
differ (const guint8 *a, const guint8 *b)
{
  int sum = 0;

  for (int c = 0; c < CHANNELS; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

/* Returns what it costs to copy the patch around (x, y) from q: how far q's pixels are from those of the patch that are
 * known, and how differently the line goes at both places. */
static float
get_own_cost (const Chain *self, int x, int y, const Candidate *q)
{
  const Ground *ground = self->ground;
  float sum = 0.0f;

  for (int v = -RADIUS; v <= RADIUS; v++)
    for (int u = -RADIUS; u <= RADIUS; u++)
      {
        const guint8 *pixel = get_pixel (ground, x + u, y + v);

        if (pixel[CHANNELS] >= LACUNA_BARRED)
          sum += differ (pixel, get_pixel (ground, q->x + u, q->y + v));
      }
  return BORDER * sum / AREA + q->shape;
}

/* Returns how far two neighbours' patches are from each other where they overlap. */
static float
get_pair_cost (const Chain *self, const LacunaLinePoint *a, const Candidate *from_a, const LacunaLinePoint *b,
               const Candidate *from_b)
{
  const Ground *ground = self->ground;
  int across = (int) b->x - (int) a->x, down = (int) b->y - (int) a->y, n = 0;
  float sum = 0.0f;

  if (from_b->x - from_a->x == across && from_b->y - from_a->y == down)
    return 0.0f;
  for (int v = MAX (-RADIUS, down - RADIUS); v <= MIN (RADIUS, down + RADIUS); v++)
    for (int u = MAX (-RADIUS, across - RADIUS); u <= MIN (RADIUS, across + RADIUS); u++)
      {
        sum += differ (get_pixel (ground, from_a->x + u, from_a->y + v),
                       get_pixel (ground, from_b->x + u - across, from_b->y + v - down));
        n++;
      }
  return n > 0 ? sum / n : 0.0f;
}

/* Offers (x, y), which lies near that place of the line, to a node. */
static void
offer (const Chain *self, GArray *candidates, guint node, int x, int y, guint place)
{
  const LacunaLinePoint *point = get_point (self, node), *nearest = NULL;
  Candidate offered = { x, y, place };
  float least = INFINITY, east, south;

  if (!is_source (self->ground, x, y))
    return;
  for (guint i = 0; i < candidates->len; i++)
    if (g_array_index (candidates, Candidate, i).x == x && g_array_index (candidates, Candidate, i).y == y)
      return;
  for (guint i = place - MIN (place, 2 * STEP); i < MIN (place + 2 * STEP + 1, self->points->len); i++)
    {
      const LacunaLinePoint *other = get_point (self, i);
      float across = (x + point->x - floor (point->x)) - other->x, down = (y + point->y - floor (point->y)) - other->y;

      if (across * across + down * down < least)
        {
          least = across * across + down * down;
          nearest = other;
          offered.place = i;
        }
    }
  east = point->east - nearest->east;
  south = point->south - nearest->south;
  offered.shape = SHAPE * (least + RADIUS * RADIUS * (east * east + south * south));
  g_array_append_val (candidates, offered);
}

/* Offers known places of all the line to a node. */
static void
offer_line (const Chain *self, GArray *candidates, guint node)
{
  guint step = STEP;

  while (self->points->len / step > MOST)
    step += STEP;
  for (guint i = node % step; i < self->points->len; i += step)
    offer (self, candidates, node, (int) get_point (self, i)->x, (int) get_point (self, i)->y, i);
}

/* Offers the places around those of the line that the nearest nodes of the coarser level are copied from. */
static void
offer_refined (const Chain *self, GArray *candidates, guint node, GArray *coarse)
{
  for (guint i = 0; coarse != NULL && i < coarse->len; i++)
    {
      const LacunaNode *like = &g_array_index (coarse, LacunaNode, i);
      double place = (like->from + node * self->scale - like->at) / self->scale;
      const LacunaLinePoint *from;

      if (like->line != self->line || fabs (like->at - node * self->scale) > 2 * STEP * self->scale)
        continue;
      place = CLAMP (place, 0.0, self->points->len - 1.0);
      from = get_point (self, (guint) place);
      for (int v = -BELT; v <= BELT; v++)
        for (int u = -BELT; u <= BELT; u++)
          offer (self, candidates, node, (int) from->x + u, (int) from->y + v, (guint) place);
    }
}

/* Finds the nodes of a line, each with what it may be copied from. anew: that may be anywhere on the line, not just where
 * the coarser level's choice leads. */
static void
find_candidates (Chain *self, GArray *coarse, gboolean anew)
{
  self->nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  self->chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < self->points->len; i += STEP)
    {
      const LacunaLinePoint *point = get_point (self, i);
      g_autoptr (GArray) candidates = NULL;

      if (!is_hole (self->ground->level, (int) floor (point->x), (int) floor (point->y))
          || !has_patch (self->ground, (int) point->x, (int) point->y))
        continue;
      candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
      offer_refined (self, candidates, i, coarse);
      if (anew || candidates->len == 0)
        offer_line (self, candidates, i);
      if (candidates->len == 0)
        continue;
      g_array_append_val (self->nodes, i);
      g_ptr_array_add (self->chosen, g_steal_pointer (&candidates));
    }
}

/* Finds the least cost up to each candidate of node k, and which candidate of the node before leads there. total: those
 * of the node before, then of this one. */
static void
advance (const Chain *self, guint k, GArray *total, GArray *came)
{
  guint node = g_array_index (self->nodes, guint, k), before = k > 0 ? g_array_index (self->nodes, guint, k - 1) : 0;
  GArray *own = self->chosen->pdata[k], *others = k > 0 ? self->chosen->pdata[k - 1] : NULL;
  const LacunaLinePoint *point = get_point (self, node);
  g_autoptr (GArray) last = g_array_copy (total);

  g_array_set_size (total, own->len);
  g_array_set_size (came, own->len);
  for (guint i = 0; i < own->len; i++)
    {
      const Candidate *candidate = &g_array_index (own, Candidate, i);
      float least = k > 0 ? INFINITY : 0.0f;
      guint from = 0;

      for (guint j = 0; others != NULL && j < others->len; j++)
        {
          float cost = g_array_index (last, float, j);

          if (cost < least && node - before <= STEP)
            cost += get_pair_cost (self, get_point (self, before), &g_array_index (others, Candidate, j), point,
                                   candidate);
          if (cost < least)
            {
              least = cost;
              from = j;
            }
        }
      g_array_index (total, float, i) = least + get_own_cost (self, (int) point->x, (int) point->y, candidate);
      g_array_index (came, guint, i) = from;
    }
}

static guint
find_least (GArray *total)
{
  guint best = 0;

  for (guint i = 1; i < total->len; i++)
    if (g_array_index (total, float, i) < g_array_index (total, float, best))
      best = i;
  return best;
}

static void
add_node (const Chain *self, guint k, guint chosen, GArray *nodes)
{
  guint node = g_array_index (self->nodes, guint, k);
  const LacunaLinePoint *point = get_point (self, node);
  const Candidate *from = &g_array_index ((GArray *) self->chosen->pdata[k], Candidate, chosen);
  LacunaNode added = { self->line, node * self->scale, (int) point->x, (int) point->y };

  added.dx = from->x - added.x;
  added.dy = from->y - added.y;
  added.from = from->place * self->scale;
  g_array_append_val (nodes, added);
}

/* Chooses the candidates that cost least together, and adds the nodes, the line's last first. */
static void
choose (const Chain *self, GArray *nodes)
{
  g_autoptr (GPtrArray) ways = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) total = g_array_new (FALSE, FALSE, sizeof (float));
  guint chosen;

  for (guint k = 0; k < self->nodes->len; k++)
    {
      g_ptr_array_add (ways, g_array_new (FALSE, FALSE, sizeof (guint)));
      advance (self, k, total, ways->pdata[k]);
    }
  chosen = find_least (total);
  for (guint k = self->nodes->len; k-- > 0;)
    {
      add_node (self, k, chosen, nodes);
      chosen = g_array_index ((GArray *) ways->pdata[k], guint, chosen);
    }
}

/* Reads the rows of the level's image that the lines' patches take, and a patch's radius more. */
static gboolean
read_ground (Ground *self, GPtrArray *lines, GError **error)
{
  LacunaLevel *level = self->level;
  double least = level->window_height, most = 0.0;
  gsize row = (gsize) 4 * level->width;

  for (guint i = 0; i < lines->len; i++)
    for (guint k = 0; k < ((GArray *) lines->pdata[i])->len; k++)
      {
        const LacunaLinePoint *point = &g_array_index ((GArray *) lines->pdata[i], LacunaLinePoint, k);

        least = MIN (least, point->y);
        most = MAX (most, point->y);
      }
  self->top = CLAMP ((int) least - 2 * RADIUS, 0, level->window_height - 1);
  self->bottom = CLAMP ((int) most + 2 * RADIUS, self->top + 1, level->window_height);
  self->pixels = g_try_malloc ((self->bottom - self->top) * row);
  if (self->pixels != NULL)
    return lacuna_buffer_read (level->image, self->top * row, self->pixels, (self->bottom - self->top) * row, error);
  lacuna_error_set_memory (error, _ ("what lies along the lines"));
  return FALSE;
}

GArray *
lacuna_structure_find (LacunaLevel *level, guint l, LacunaBox box, GVariant *lines, GArray *coarse, guint n_anew,
                       GError **error)
{
  g_auto (Ground) ground = { .level = level };
  g_autoptr (GPtrArray) sampled = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (LacunaNode));

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    g_ptr_array_add (sampled, lacuna_lines_sample (lines, i, box, l));
  if (!read_ground (&ground, sampled, error))
    return NULL;
  for (guint i = 0; i < sampled->len; i++)
    {
      g_auto (Chain) chain
          = { .ground = &ground, .line = i, .scale = ldexp (1.0, l), .points = g_array_ref (sampled->pdata[i]) };

      find_candidates (&chain, coarse, i < n_anew);
      if (chain.nodes->len > 0)
        choose (&chain, nodes);
    }
  return g_steal_pointer (&nodes);
}

gint16 *
lacuna_structure_spread (GArray *nodes, const LacunaLevel *level, int radius)
{
  LacunaBox box = level->box;
  gsize n = (gsize) box.width * box.height;
  g_autofree gint16 *offsets = g_try_new (gint16, 2 * n);
  g_autofree int *nearest = g_try_new (int, n);
  g_autofree guint *owner = g_try_new (guint, n);

  if (offsets == NULL || nearest == NULL || owner == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      offsets[2 * i] = offsets[2 * i + 1] = LACUNA_NO_OFFSET;
      nearest[i] = G_MAXINT;
    }
  for (guint k = 0; k < nodes->len; k++)
    {
      const LacunaNode *node = &g_array_index (nodes, LacunaNode, k);

      for (int y = MAX (node->y - radius, box.y); y <= MIN (node->y + radius, box.y + box.height - 1); y++)
        for (int x = MAX (node->x - radius, box.x); x <= MIN (node->x + radius, box.x + box.width - 1); x++)
          {
            gsize i = (gsize) (y - box.y) * box.width + x - box.x;
            int distance = (x - node->x) * (x - node->x) + (y - node->y) * (y - node->y);

            if (distance > radius * radius + radius || distance >= nearest[i]
                || (nearest[i] < G_MAXINT && owner[i] != node->line))
              continue;
            owner[i] = node->line;
            nearest[i] = distance;
            offsets[2 * i] = node->dx;
            offsets[2 * i + 1] = node->dy;
          }
    }
  return g_steal_pointer (&offsets);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The algorithm of Boykov and Kolmogorov (min-cut.h): a tree grows from either terminal, where they meet flow is sent,
 * and what that cuts off is adopted or set free. A node of a tree hangs on a terminal, or on a parent through a tie
 * that can still carry flow; an orphan is neither, for the time of the adoption. A cut is run once and used by one
 * thread. It runs on the worker of the window that selects. */
#include "engine/select/min-cut.h"

#define SLOTS LACUNA_MIN_CUT_SLOTS
#define NONE (-1)
#define PATIENCE 256 /* paths from one look at the cancellable to the next */

/* What a node hangs on: the slot of its parent, or one of these. */
enum { TERMINAL = SLOTS, ORPHAN, FREE };

typedef struct {
  gint32  neighbours[SLOTS]; /* NONE: none */
  gint32  residuals[SLOTS];  /* towards the neighbour */
  gint32  pull;              /* left towards the source (positive) or the sink */
  gint32  next;              /* in the queue of active nodes; itself: the last one; NONE: not in it */
  gint32  after;             /* among the orphans */
  guint32 time, distance;    /* when the way to the terminal was last seen, and how long it was then */
  guint8  parent;
  guint8  is_sink;           /* of the tree that grows from the sink */
} Node;

struct _LacunaMinCut {
  Node   *nodes;
  guint   n_nodes;
  gint32  first, last;               /* of the queue */
  gint32  first_orphan, last_orphan;
  guint32 time;
  gint64  flow;
};

LacunaMinCut *
lacuna_min_cut_new (guint n_nodes)
{
  Node *nodes = g_try_new (Node, MAX (1, n_nodes));
  LacunaMinCut *self;

  if (nodes == NULL)
    return NULL;
  self = g_new0 (LacunaMinCut, 1);
  self->nodes = nodes;
  self->n_nodes = n_nodes;
  self->first = self->last = self->first_orphan = NONE;
  for (guint i = 0; i < n_nodes; i++)
    {
      nodes[i] = (Node){ .next = NONE, .parent = FREE };
      for (guint slot = 0; slot < SLOTS; slot++)
        nodes[i].neighbours[slot] = NONE;
    }
  return self;
}

void
lacuna_min_cut_free (LacunaMinCut *self)
{
  if (self == NULL)
    return;
  g_free (self->nodes);
  g_free (self);
}

void
lacuna_min_cut_pull (LacunaMinCut *self, guint node, gint32 capacity)
{
  Node *it = &self->nodes[node];

  /* What is pulled both ways flows from the source to the sink at once. */
  if ((it->pull > 0) != (capacity > 0))
    self->flow += MIN (ABS (it->pull), ABS (capacity));
  it->pull += capacity;
}

void
lacuna_min_cut_join (LacunaMinCut *self, guint a, guint slot, guint b, gint32 capacity)
{
  self->nodes[a].neighbours[slot] = b;
  self->nodes[a].residuals[slot] = capacity;
  self->nodes[b].neighbours[LACUNA_MIN_CUT_OPPOSITE (slot)] = a;
  self->nodes[b].residuals[LACUNA_MIN_CUT_OPPOSITE (slot)] = capacity;
}

static void
activate (LacunaMinCut *self, gint32 i)
{
  if (self->nodes[i].next != NONE)
    return;
  self->nodes[i].next = i;
  if (self->last != NONE)
    self->nodes[self->last].next = i;
  else
    self->first = i;
  self->last = i;
}

/* Takes the next node that is active and still in a tree from the queue. NONE: there is none. */
static gint32
take_active (LacunaMinCut *self)
{
  while (self->first != NONE)
    {
      gint32 i = self->first;
      Node *node = &self->nodes[i];

      if (node->next == i)
        self->first = self->last = NONE;
      else
        self->first = node->next;
      node->next = NONE;
      if (node->parent != FREE)
        return i;
    }
  return NONE;
}

/* Returns what the tie through slot can still carry away from the source: from the node, or to it in the sink's
 * tree. */
static inline gint32 *
get_residual (LacunaMinCut *self, Node *node, guint slot, gboolean outwards)
{
  return outwards ? &node->residuals[slot]
                  : &self->nodes[node->neighbours[slot]].residuals[LACUNA_MIN_CUT_OPPOSITE (slot)];
}

static void
hang (Node *node, guint slot, const Node *parent)
{
  node->parent = slot;
  node->is_sink = parent->is_sink;
  node->time = parent->time;
  node->distance = parent->distance + 1;
}

/* Grows the tree from node i on. Returns the slot in which it meets the other tree, SLOTS where it does not. */
static guint
grow (LacunaMinCut *self, gint32 i)
{
  Node *node = &self->nodes[i];

  for (guint slot = 0; slot < SLOTS; slot++)
    {
      gint32 j = node->neighbours[slot];
      Node *other;

      if (j == NONE || *get_residual (self, node, slot, !node->is_sink) == 0)
        continue;
      other = &self->nodes[j];
      if (other->parent == FREE)
        {
          hang (other, LACUNA_MIN_CUT_OPPOSITE (slot), node);
          activate (self, j);
        }
      else if (other->is_sink != node->is_sink)
        return slot;
      /* A shorter way to the terminal keeps the paths short. */
      else if (other->time <= node->time && other->distance > node->distance)
        hang (other, LACUNA_MIN_CUT_OPPOSITE (slot), node);
    }
  return SLOTS;
}

/* Returns the least that the way from a node to its terminal can still carry. */
static gint32
measure (LacunaMinCut *self, gint32 i, gint32 least)
{
  for (Node *node = &self->nodes[i];; node = &self->nodes[node->neighbours[node->parent]])
    {
      if (node->parent == TERMINAL)
        return MIN (least, ABS (node->pull));
      least = MIN (least, *get_residual (self, node, node->parent, node->is_sink));
    }
}

static void
orphan_first (LacunaMinCut *self, gint32 i)
{
  self->nodes[i].parent = ORPHAN;
  self->nodes[i].after = self->first_orphan;
  if (self->first_orphan == NONE)
    self->last_orphan = i;
  self->first_orphan = i;
}

static void
orphan_last (LacunaMinCut *self, gint32 i)
{
  if (self->first_orphan == NONE)
    {
      orphan_first (self, i);
      return;
    }
  self->nodes[i].parent = ORPHAN;
  self->nodes[i].after = NONE;
  self->nodes[self->last_orphan].after = i;
  self->last_orphan = i;
}

static void
push (LacunaMinCut *self, gint32 i, gint32 amount)
{
  for (;;)
    {
      Node *node = &self->nodes[i];
      gint32 parent, *residual;

      if (node->parent == TERMINAL)
        {
          node->pull += node->is_sink ? amount : -amount;
          if (node->pull == 0)
            orphan_first (self, i);
          return;
        }
      parent = node->neighbours[node->parent];
      residual = get_residual (self, node, node->parent, node->is_sink);
      *get_residual (self, node, node->parent, !node->is_sink) += amount;
      *residual -= amount;
      if (*residual == 0)
        orphan_first (self, i);
      i = parent;
    }
}

/* Sends all that it can carry along the path through slot of node i. */
static void
augment (LacunaMinCut *self, gint32 i, guint slot)
{
  gint32 j = self->nodes[i].neighbours[slot];
  gint32 source = self->nodes[i].is_sink ? j : i, sink = self->nodes[i].is_sink ? i : j;
  guint out = self->nodes[i].is_sink ? LACUNA_MIN_CUT_OPPOSITE (slot) : slot;
  Node *from = &self->nodes[source];
  gint32 amount = measure (self, sink, measure (self, source, from->residuals[out]));

  from->residuals[out] -= amount;
  self->nodes[sink].residuals[LACUNA_MIN_CUT_OPPOSITE (out)] += amount;
  push (self, source, amount);
  push (self, sink, amount);
  self->flow += amount;
}

/* Returns how far a node is from its terminal, G_MAXUINT32 where the way ends at an orphan. What is seen on the way is
 * kept. */
static guint32
find_distance (LacunaMinCut *self, gint32 start)
{
  guint32 distance = 0;
  gint32 i = start;

  for (;; i = self->nodes[i].neighbours[self->nodes[i].parent])
    {
      Node *node = &self->nodes[i];

      if (node->time == self->time)
        {
          distance += node->distance;
          break;
        }
      distance++;
      if (node->parent == TERMINAL)
        {
          node->time = self->time;
          node->distance = 1;
          break;
        }
      if (node->parent == ORPHAN)
        return G_MAXUINT32;
    }
  for (guint32 left = distance; self->nodes[start].time != self->time; left--)
    {
      self->nodes[start].time = self->time;
      self->nodes[start].distance = left;
      start = self->nodes[start].neighbours[self->nodes[start].parent];
    }
  return distance;
}

/* No parent was found: the node leaves its tree, and its children are orphans. */
static void
set_free (LacunaMinCut *self, Node *node)
{
  for (guint slot = 0; slot < SLOTS; slot++)
    {
      gint32 j = node->neighbours[slot];
      Node *other = j != NONE ? &self->nodes[j] : NULL;

      if (j == NONE || other->parent == FREE || other->is_sink != node->is_sink)
        continue;
      if (*get_residual (self, node, slot, node->is_sink) > 0)
        activate (self, j);
      if (other->parent == LACUNA_MIN_CUT_OPPOSITE (slot))
        orphan_last (self, j);
    }
  node->parent = FREE;
}

static void
adopt (LacunaMinCut *self, gint32 i)
{
  Node *node = &self->nodes[i];
  guint32 best = G_MAXUINT32;
  guint parent = FREE;

  for (guint slot = 0; slot < SLOTS; slot++)
    {
      gint32 j = node->neighbours[slot];
      guint32 distance;

      if (j == NONE || self->nodes[j].is_sink != node->is_sink || self->nodes[j].parent == FREE
          || *get_residual (self, node, slot, node->is_sink) == 0)
        continue;
      distance = find_distance (self, j);
      if (distance >= best)
        continue;
      best = distance;
      parent = slot;
    }
  if (parent == FREE)
    {
      set_free (self, node);
      return;
    }
  node->parent = parent;
  node->time = self->time;
  node->distance = best + 1;
}

static void
begin (LacunaMinCut *self)
{
  for (guint i = 0; i < self->n_nodes; i++)
    {
      Node *node = &self->nodes[i];

      if (node->pull == 0)
        continue;
      node->is_sink = node->pull < 0;
      node->parent = TERMINAL;
      node->distance = 1;
      activate (self, i);
    }
}

gboolean
lacuna_min_cut_run (LacunaMinCut *self, GCancellable *cancellable)
{
  gint32 i = NONE;

  begin (self);
  for (;;)
    {
      guint slot;

      if (i == NONE || self->nodes[i].parent == FREE)
        i = take_active (self);
      if (i == NONE)
        return !g_cancellable_is_cancelled (cancellable);
      slot = grow (self, i);
      if (slot == SLOTS)
        {
          i = NONE;
          continue;
        }
      if (++self->time % PATIENCE == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;
      augment (self, i, slot);
      while (self->first_orphan != NONE)
        {
          gint32 orphan = self->first_orphan;

          self->first_orphan = self->nodes[orphan].after;
          adopt (self, orphan);
        }
    }
}

gboolean
lacuna_min_cut_is_inside (const LacunaMinCut *self, guint node)
{
  return self->nodes[node].parent != FREE && !self->nodes[node].is_sink;
}

gint64
lacuna_min_cut_get_flow (const LacunaMinCut *self)
{
  return self->flow;
}

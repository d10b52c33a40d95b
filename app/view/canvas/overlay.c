/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws the hole, or what steers a fill, as tinted tiles over the photo. All tiles are of one level, style and
 * growth, and are dropped when one of these changes; a tile is drawn again only within its `damage`. The raster is
 * borrowed. All of it runs in the main loop. */
#include "app/view/canvas/overlay.h"

#include <string.h>

#define TILE LACUNA_OVERLAY_TILE
/* Samples a side that tell a pixel's share of hole at coarse levels. */
#define SAMPLES 2
#define HALF 126
#define DASH 4

/* Magenta: a hue that few photos have. */
static const guint8 tint[3] = { 0xf0, 0x28, 0xa0 };
/* Blue for what is avoided, green for what is preferred; stripes and dots tell them apart too. */
static const guint8 avoid[3] = { 0x18, 0x60, 0xf0 };
static const guint8 prefer[3] = { 0x10, 0xa0, 0x48 };
#define HATCH 8
#define DOT 5 /* the square of its radius */
#define FILL_ALPHA 105
#define EDGE_ALPHA 240
/* Opacity of the band by which the hole grows, and of its rim. */
#define BAND_ALPHA 50
#define RIM_ALPHA 150
/* Classes of a pixel, as lacuna_grow() sets them. */
#define HOLE 255
#define GROWN 1

typedef struct {
  GdkTexture *texture; /* NULL: no hole there */
  guint8     *pixels;  /* R, G, B, A, not premultiplied, which GTK 4.8 converts fastest; NULL: nothing was drawn yet */
  LacunaBox   damage;  /* pixels of the tile to draw again */
} Tile;

struct _LacunaOverlay {
  LacunaRaster      *raster;
  LacunaOverlayStyle style;
  int                level, growth;
  GHashTable        *tiles; /* column + row << 16 → Tile, of that level */
};

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  g_clear_object (&tile->texture);
  g_free (tile->pixels);
  g_free (tile);
}

LacunaOverlay *
lacuna_overlay_new (LacunaRaster *raster)
{
  LacunaOverlay *self = g_new0 (LacunaOverlay, 1);

  self->raster = raster;
  self->tiles = g_hash_table_new_full (NULL, NULL, NULL, tile_free);
  return self;
}

void
lacuna_overlay_free (LacunaOverlay *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->tiles);
  g_free (self);
}

void
lacuna_overlay_set_style (LacunaOverlay *self, LacunaOverlayStyle style)
{
  if (self->style == style)
    return;
  self->style = style;
  g_hash_table_remove_all (self->tiles);
}

void
lacuna_overlay_set_growth (LacunaOverlay *self, int growth)
{
  if (self->growth == growth)
    return;
  self->growth = growth;
  g_hash_table_remove_all (self->tiles);
}

/* Returns the growth in pixels of the level, at least one, so that it can be seen; 0: the hole does not grow. */
static double
get_growth (LacunaOverlay *self)
{
  return self->growth > 0 ? MAX (1, self->growth / (double) (1 << self->level)) : 0;
}

/* Returns how many pixels of the level a change reaches: the outline lies one further than the growth. */
static int
get_reach (LacunaOverlay *self)
{
  return (int) get_growth (self) + 1;
}

static LacunaBox
widen (LacunaBox box, int by)
{
  return (LacunaBox){ box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by };
}

/* Returns the box of the whole raster at a level. */
static LacunaBox
level_box (LacunaOverlay *self, int level)
{
  int round_up = (1 << level) - 1;

  return (LacunaBox){ 0, 0, (lacuna_raster_get_width (self->raster) + round_up) >> level,
                      (lacuna_raster_get_height (self->raster) + round_up) >> level };
}

static LacunaBox
tile_box (LacunaOverlay *self, int level, int column, int row)
{
  return lacuna_box_intersection ((LacunaBox){ column * TILE, row * TILE, TILE, TILE }, level_box (self, level));
}

void
lacuna_overlay_damage (LacunaOverlay *self, LacunaBox box)
{
  GHashTableIter iter;
  gpointer key, value;
  int left = box.x >> self->level, right = ((box.x + box.width) >> self->level) + 1;
  int top = box.y >> self->level, bottom = ((box.y + box.height) >> self->level) + 1;
  LacunaBox changed = widen ((LacunaBox){ left, top, right - left, bottom - top }, get_reach (self));

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint id = GPOINTER_TO_UINT (key);
      Tile *tile = value;
      LacunaBox damage = lacuna_box_intersection (tile_box (self, self->level, id & 0xffff, id >> 16), changed);

      if (damage.width > 0 && damage.height > 0)
        tile->damage = tile->damage.width > 0 ? lacuna_box_union (tile->damage, damage) : damage;
    }
}

/* Sums samples of one row of the raster into the shares of pixels from x on. */
static void
add_row (LacunaOverlay *self, int x, int n_pixels, int y, guint8 weight, guint8 *shares)
{
  int width = lacuna_raster_get_width (self->raster), side = 1 << self->level, step = MAX (1, side / SAMPLES);
  const guint8 *row = lacuna_raster_get_pixels (self->raster) + (gsize) y * lacuna_raster_get_stride (self->raster);
  int first = MAX (0, x), end = MIN (x + n_pixels, width / side);

  for (int i = first; i < end; i++)
    for (int at = i * side + step / 2; at < (i + 1) * side; at += step)
      shares[i - x] += row[at] & weight;
  /* The last column of an odd width is cut off. */
  for (int at = end * side + step / 2; end < x + n_pixels && at < width; at += step)
    shares[end - x] += row[at] & weight;
}

/* The share of hole, 0 to 255, of each pixel of box at the level. */
static void
measure (LacunaOverlay *self, LacunaBox box, guint8 *ret_shares)
{
  int height = lacuna_raster_get_height (self->raster), side = 1 << self->level;
  int step = MAX (1, side / SAMPLES), n = side / step;
  /* Pixels of the raster are 255 or 0: n² of the weight add up to no more than 255. */
  guint8 weight = 255 / (n * n);

  memset (ret_shares, 0, (gsize) box.width * box.height);
  for (int y = MAX (0, box.y); y < box.y + box.height; y++)
    for (int at = y * side + step / 2; at < MIN (height, (y + 1) * side); at += step)
      add_row (self, box.x, box.width, at, weight, ret_shares + (gsize) (y - box.y) * box.width);
}

/* Returns the class of each pixel of box: HOLE, what the hole grows by, or 0. */
static guint8 *
classify (LacunaOverlay *self, LacunaBox box, const guint8 *shares)
{
  gsize n = (gsize) box.width * box.height;
  guint8 *classes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    classes[i] = shares[i] >= HALF ? HOLE : 0;
  if (self->growth > 0)
    lacuna_grow (classes, box.width, box.width, box.height, get_growth (self));
  return classes;
}

static gboolean
is_edge (const guint8 *classes, int stride, guint8 least)
{
  return classes[0] >= least
         && (classes[-1] < least || classes[1] < least || classes[-stride] < least || classes[stride] < least);
}

/* Whether a pixel lies on a dot. The dots of each row lie between those of the row above. */
static gboolean
is_dot (int x, int y)
{
  int dx = (x + y / HATCH % 2 * (HATCH / 2)) % HATCH - HATCH / 2, dy = y % HATCH - HATCH / 2;

  return dx * dx + dy * dy <= DOT;
}

/* Returns the opacity of a pixel within the edge, 0 to 255. */
static guint
get_alpha (LacunaOverlay *self, int x, int y, guint8 share, guint8 class)
{
  switch (self->style)
    {
    case LACUNA_OVERLAY_TINT:
      return MAX (share * FILL_ALPHA / 255, class != 0 ? BAND_ALPHA : 0);
    case LACUNA_OVERLAY_AVOID:
      return share * ((x + y) % HATCH < 2 ? EDGE_ALPHA : FILL_ALPHA / 2) / 255;
    case LACUNA_OVERLAY_PREFER:
      return share * (is_dot (x, y) ? EDGE_ALPHA : FILL_ALPHA / 2) / 255;
    case LACUNA_OVERLAY_OUTLINE:
    default:
      return 0;
    }
}

static void
put (guint8 *pixel, const guint8 color[3], guint alpha)
{
  memcpy (pixel, color, 3);
  pixel[3] = alpha;
}

/* Draws box of the tile from shares and classes of reach, which holds it and its surroundings. */
static void
paint (LacunaOverlay *self, LacunaBox tile, LacunaBox box, LacunaBox reach, const guint8 *shares, const guint8 *classes,
       guint8 *pixels)
{
  static const guint8 dashes[2][3] = { { 0xff, 0xff, 0xff }, { 0x30, 0x10, 0x28 } };
  gboolean outline = self->style == LACUNA_OVERLAY_OUTLINE;
  const guint8 *color = self->style == LACUNA_OVERLAY_AVOID    ? avoid
                        : self->style == LACUNA_OVERLAY_PREFER ? prefer
                                                               : tint;

  for (int y = box.y; y < box.y + box.height; y++)
    for (int x = box.x; x < box.x + box.width; x++)
      {
        gsize at = (gsize) (y - reach.y) * reach.width + x - reach.x;
        guint8 *pixel = pixels + ((gsize) (y - tile.y) * tile.width + x - tile.x) * 4;
        gboolean rim = is_edge (classes + at, reach.width, GROWN);

        if (outline && rim)
          put (pixel, dashes[((x + y) / DASH) & 1], EDGE_ALPHA);
        else if (!outline && is_edge (classes + at, reach.width, HOLE))
          put (pixel, color, EDGE_ALPHA);
        else if (!outline && rim)
          put (pixel, color, RIM_ALPHA);
        else
          put (pixel, color, get_alpha (self, x, y, shares[at], classes[at]));
      }
}

static gboolean
is_empty (const guint8 *shares, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (shares[i] != 0)
      return FALSE;
  return TRUE;
}

static void
redraw (LacunaOverlay *self, Tile *tile, LacunaBox box)
{
  LacunaBox damage = tile->damage, reach = widen (damage, get_reach (self));
  g_autofree guint8 *shares = g_malloc ((gsize) reach.width * reach.height), *classes = NULL;
  gsize size = (gsize) box.width * box.height * 4;
  g_autoptr (GBytes) bytes = NULL;

  measure (self, reach, shares);
  tile->damage = (LacunaBox){ 0 };
  if (tile->pixels == NULL && is_empty (shares, (gsize) reach.width * reach.height))
    return;
  if (tile->pixels == NULL)
    tile->pixels = g_malloc0 (size);
  classes = classify (self, reach, shares);
  paint (self, box, damage, reach, shares, classes, tile->pixels);
  bytes = g_bytes_new (tile->pixels, size);
  g_clear_object (&tile->texture);
  tile->texture = gdk_memory_texture_new (box.width, box.height, GDK_MEMORY_R8G8B8A8, bytes, (gsize) box.width * 4);
}

GdkTexture *
lacuna_overlay_get_tile (LacunaOverlay *self, int level, int column, int row)
{
  LacunaBox box = tile_box (self, level, column, row);
  LacunaBox covered = widen ((LacunaBox){ box.x << level, box.y << level, box.width << level, box.height << level },
                             MAX (self->growth, self->growth > 0 ? 1 << level : 0));
  gpointer key = GUINT_TO_POINTER ((guint) column | (guint) row << 16);
  Tile *tile;

  if (level != self->level)
    {
      g_hash_table_remove_all (self->tiles);
      self->level = level;
    }
  tile = g_hash_table_lookup (self->tiles, key);
  if (tile == NULL)
    {
      tile = g_new0 (Tile, 1);
      tile->damage = box;
      g_hash_table_insert (self->tiles, key, tile);
    }
  if (tile->damage.width > 0 && (tile->pixels != NULL || lacuna_raster_may_hold (self->raster, covered)))
    redraw (self, tile, box);
  return tile->texture;
}

#include "app/overlay.h"

#include <string.h>

#define TILE LACUNA_OVERLAY_TILE
/* Samples a side that tell a pixel's share of hole at coarse levels. */
#define SAMPLES 2
#define HALF 126
#define DASH 4

/* Magenta: a hue that few photos have. */
static const guint8 tint[3] = { 0xf0, 0x28, 0xa0 };
static const guint8 avoid[3] = { 0x18, 0x60, 0xf0 };
#define HATCH 8
#define FILL_ALPHA 105
#define EDGE_ALPHA 240

typedef struct {
  GdkTexture *texture; /* NULL: no hole there */
  guint8     *pixels;  /* R, G, B, A, not premultiplied, which GTK 4.8 converts fastest; NULL: nothing was drawn yet */
  LacunaBox   damage;  /* pixels of the tile to draw again */
} Tile;

struct _LacunaOverlay {
  LacunaRaster      *raster;
  LacunaOverlayStyle style;
  int                level;
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

/* Width and height of the raster at a level. */
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
  /* An outline reaches one pixel further than what changed. */
  int left = (box.x >> self->level) - 1, right = ((box.x + box.width) >> self->level) + 2;
  int top = (box.y >> self->level) - 1, bottom = ((box.y + box.height) >> self->level) + 2;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint id = GPOINTER_TO_UINT (key);
      Tile *tile = value;
      LacunaBox damage = lacuna_box_intersection (tile_box (self, self->level, id & 0xffff, id >> 16),
                                                  (LacunaBox){ left, top, right - left, bottom - top });

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

/* Of what is within the edge. */
static guint
get_alpha (LacunaOverlay *self, int x, int y, guint8 share)
{
  gboolean line = (x + y) % HATCH < 2;

  switch (self->style)
    {
    case LACUNA_OVERLAY_TINT:
      return share * FILL_ALPHA / 255;
    case LACUNA_OVERLAY_AVOID:
      return share * (line ? EDGE_ALPHA : FILL_ALPHA / 2) / 255;
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

/* Draws box of the tile from shares, which reach one pixel further on all sides. */
static void
paint (LacunaOverlay *self, LacunaBox tile, LacunaBox box, const guint8 *shares, guint8 *pixels)
{
  static const guint8 dashes[2][3] = { { 0xff, 0xff, 0xff }, { 0x30, 0x10, 0x28 } };
  const guint8 *color = self->style == LACUNA_OVERLAY_AVOID ? avoid : tint;
  int stride = box.width + 2;

  for (int y = 0; y < box.height; y++)
    for (int x = 0; x < box.width; x++)
      {
        const guint8 *share = shares + (y + 1) * stride + x + 1;
        guint8 *pixel = pixels + ((gsize) (box.y + y - tile.y) * tile.width + box.x + x - tile.x) * 4;
        gboolean edge = share[0] >= HALF
                        && (share[-1] < HALF || share[1] < HALF || share[-stride] < HALF || share[stride] < HALF);

        if (edge && self->style == LACUNA_OVERLAY_OUTLINE)
          put (pixel, dashes[((box.x + x + box.y + y) / DASH) & 1], EDGE_ALPHA);
        else if (edge)
          put (pixel, color, EDGE_ALPHA);
        else
          put (pixel, color, get_alpha (self, box.x + x, box.y + y, share[0]));
      }
}

static void
redraw (LacunaOverlay *self, Tile *tile, LacunaBox box)
{
  LacunaBox reach = { tile->damage.x - 1, tile->damage.y - 1, tile->damage.width + 2, tile->damage.height + 2 };
  g_autofree guint8 *shares = g_malloc ((gsize) reach.width * reach.height);
  gsize size = (gsize) box.width * box.height * 4;
  g_autoptr (GBytes) bytes = NULL;

  if (tile->pixels == NULL)
    tile->pixels = g_malloc0 (size);
  measure (self, reach, shares);
  paint (self, box, tile->damage, shares, tile->pixels);
  bytes = g_bytes_new (tile->pixels, size);
  g_clear_object (&tile->texture);
  tile->texture = gdk_memory_texture_new (box.width, box.height, GDK_MEMORY_R8G8B8A8, bytes,
                                          (gsize) box.width * 4);
  tile->damage = (LacunaBox){ 0 };
}

GdkTexture *
lacuna_overlay_get_tile (LacunaOverlay *self, int level, int column, int row)
{
  LacunaBox box = tile_box (self, level, column, row);
  LacunaBox covered = { box.x << level, box.y << level, box.width << level, box.height << level };
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

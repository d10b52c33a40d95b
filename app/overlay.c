#include "app/overlay.h"

#include <string.h>

#define TILE LACUNA_OVERLAY_TILE
/* Samples a side that tell a pixel's share of hole at coarse levels. */
#define MAX_SAMPLES 4
#define DASH 4

/* Magenta: a hue that few photos have. */
static const guint8 tint[3] = { 0xf0, 0x28, 0xa0 };
#define FILL_ALPHA 105
#define EDGE_ALPHA 240

typedef struct {
  GdkTexture *texture; /* NULL: no hole there */
  guint8     *pixels;  /* R, G, B, A, premultiplied; NULL: nothing was drawn yet */
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

/* The share of hole, 0 to 255, of each pixel of box at the level. */
static void
measure (LacunaOverlay *self, LacunaBox box, guint8 *ret_shares)
{
  int width = lacuna_raster_get_width (self->raster), height = lacuna_raster_get_height (self->raster);
  const guint8 *pixels = lacuna_raster_get_pixels (self->raster);
  int stride = lacuna_raster_get_stride (self->raster);
  int side = 1 << self->level, step = MAX (1, side / MAX_SAMPLES), n = side / step;

  for (int y = box.y; y < box.y + box.height; y++)
    for (int x = box.x; x < box.x + box.width; x++)
      {
        guint sum = 0;

        for (int i = 0; i < n * n; i++)
          {
            int at_x = x * side + i % n * step + step / 2;
            int at_y = y * side + i / n * step + step / 2;

            if (at_x >= 0 && at_y >= 0 && at_x < width && at_y < height)
              sum += pixels[(gsize) at_y * stride + at_x];
          }
        *ret_shares++ = sum / (n * n);
      }
}

static void
put (guint8 *pixel, const guint8 color[3], guint alpha)
{
  for (int band = 0; band < 3; band++)
    pixel[band] = color[band] * alpha / 255;
  pixel[3] = alpha;
}

/* Draws box of the tile from shares, which reach one pixel further on all sides. */
static void
paint (LacunaOverlay *self, LacunaBox tile, LacunaBox box, const guint8 *shares, guint8 *pixels)
{
  static const guint8 dashes[2][3] = { { 0xff, 0xff, 0xff }, { 0x30, 0x10, 0x28 } };
  int stride = box.width + 2;

  for (int y = 0; y < box.height; y++)
    for (int x = 0; x < box.width; x++)
      {
        const guint8 *share = shares + (y + 1) * stride + x + 1;
        guint8 *pixel = pixels + ((gsize) (box.y + y - tile.y) * tile.width + box.x + x - tile.x) * 4;
        gboolean edge = share[0] >= 128
                        && (share[-1] < 128 || share[1] < 128 || share[-stride] < 128 || share[stride] < 128);

        if (edge && self->style == LACUNA_OVERLAY_OUTLINE)
          put (pixel, dashes[((box.x + x + box.y + y) / DASH) & 1], EDGE_ALPHA);
        else if (edge)
          put (pixel, tint, EDGE_ALPHA);
        else
          put (pixel, tint, self->style == LACUNA_OVERLAY_TINT ? share[0] * FILL_ALPHA / 255 : 0);
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
  tile->texture = gdk_memory_texture_new (box.width, box.height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes,
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

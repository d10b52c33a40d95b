/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mask with a byte for each pixel, in tiles, whose changes are deltas with a bit for each pixel. `counts` and
 * n_hole tell the last commit, and `before` has the bits that the tiles touched since had then. A raster has no
 * lock: the main loop changes a document's, and a GTask's thread reads it only while that document is busy. A delta
 * never changes, and any thread may use it. */
#include "app/document/raster.h"

#include <string.h>

#define TILE LACUNA_RASTER_TILE
#define TILE_BYTES (TILE * TILE / 8)

struct _LacunaRaster {
  int         width, height, stride;
  int         columns, rows; /* how many tiles there are across and down */
  guint8     *pixels;
  guint32    *counts;        /* by tile: pixels in the hole at the last commit */
  gsize       n_hole;
  GHashTable *before;        /* tile → its bits at the last commit, for tiles touched since */
};

typedef struct {
  guint   tile;
  guint8  bits[TILE_BYTES];
} Change;

struct _LacunaDelta {
  gatomicrefcount ref_count;
  GPtrArray      *changes; /* of Change, by tile */
};

LacunaRaster *
lacuna_raster_new (int width, int height)
{
  LacunaRaster *self = g_new0 (LacunaRaster, 1);

  self->width = width;
  self->height = height;
  self->stride = (width + 7) & ~7;
  self->columns = (width + TILE - 1) / TILE;
  self->rows = (height + TILE - 1) / TILE;
  self->pixels = g_try_malloc0_n (height, self->stride);
  if (self->pixels == NULL)
    {
      g_free (self);
      return NULL;
    }
  self->counts = g_new0 (guint32, self->columns * self->rows);
  self->before = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
lacuna_raster_free (LacunaRaster *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->before);
  g_free (self->counts);
  g_free (self->pixels);
  g_free (self);
}

int
lacuna_raster_get_width (const LacunaRaster *self)
{
  return self->width;
}

int
lacuna_raster_get_height (const LacunaRaster *self)
{
  return self->height;
}

int
lacuna_raster_get_stride (const LacunaRaster *self)
{
  return self->stride;
}

guint8 *
lacuna_raster_get_pixels (LacunaRaster *self)
{
  return self->pixels;
}

gsize
lacuna_raster_get_n_hole (const LacunaRaster *self)
{
  return self->n_hole;
}

static LacunaBox
tile_box (const LacunaRaster *self, guint tile)
{
  LacunaBox box = { (int) tile % self->columns * TILE, (int) tile / self->columns * TILE, TILE, TILE };

  return lacuna_box_intersection (box, (LacunaBox){ 0, 0, self->width, self->height });
}

static gboolean
tile_may_hold (const LacunaRaster *self, guint tile)
{
  return self->counts[tile] > 0 || g_hash_table_contains (self->before, GUINT_TO_POINTER (tile));
}

gboolean
lacuna_raster_may_hold (const LacunaRaster *self, LacunaBox box)
{
  box = lacuna_box_intersection (box, (LacunaBox){ 0, 0, self->width, self->height });
  if (box.width == 0 || box.height == 0)
    return FALSE;
  for (int row = box.y / TILE; row <= (box.y + box.height - 1) / TILE; row++)
    for (int column = box.x / TILE; column <= (box.x + box.width - 1) / TILE; column++)
      if (tile_may_hold (self, row * self->columns + column))
        return TRUE;
  return FALSE;
}

static void
box_add (LacunaBox *box, LacunaBox more)
{
  *box = box->width == 0 ? more : lacuna_box_union (*box, more);
}

LacunaBox
lacuna_raster_get_extent (const LacunaRaster *self)
{
  LacunaBox extent = { 0 };

  for (int tile = 0; tile < self->columns * self->rows; tile++)
    if (tile_may_hold (self, tile))
      box_add (&extent, tile_box (self, tile));
  return extent;
}

/* Bit i of a byte is pixel i of eight: the product gathers the bytes' top bits
 * into its top byte. */
static void
pack (const LacunaRaster *self, guint tile, guint8 bits[TILE_BYTES])
{
  LacunaBox box = tile_box (self, tile);

  memset (bits, 0, TILE_BYTES);
  for (int y = 0; y < box.height; y++)
    {
      const guint8 *row = self->pixels + (gsize) (box.y + y) * self->stride + box.x;

      for (int x = 0; x < box.width; x += 8)
        {
          guint64 eight;

          memcpy (&eight, row + x, 8);
          eight = GUINT64_FROM_LE (eight) & G_GUINT64_CONSTANT (0x8080808080808080);
          bits[(y * TILE + x) / 8] = eight * G_GUINT64_CONSTANT (0x0002040810204081) >> 56;
        }
    }
}

static void
flip (LacunaRaster *self, guint tile, const guint8 bits[TILE_BYTES])
{
  LacunaBox box = tile_box (self, tile);

  for (int y = 0; y < box.height; y++)
    {
      guint8 *row = self->pixels + (gsize) (box.y + y) * self->stride + box.x;

      for (int x = 0; x < box.width; x++)
        row[x] ^= (bits[(y * TILE + x) / 8] >> (x & 7) & 1) * 255;
    }
}

static guint
count (const guint8 bits[TILE_BYTES])
{
  guint n = 0;

  for (guint i = 0; i < TILE_BYTES; i += 8)
    {
      guint64 many;

      memcpy (&many, bits + i, 8);
      n += __builtin_popcountll (many);
    }
  return n;
}

static void
recount (LacunaRaster *self, guint tile)
{
  guint8 bits[TILE_BYTES];

  pack (self, tile, bits);
  self->n_hole -= self->counts[tile];
  self->counts[tile] = count (bits);
  self->n_hole += self->counts[tile];
}

LacunaBox
lacuna_raster_touch (LacunaRaster *self, LacunaBox box)
{
  box = lacuna_box_intersection (box, (LacunaBox){ 0, 0, self->width, self->height });
  if (box.width == 0 || box.height == 0)
    return (LacunaBox){ 0 };
  for (int row = box.y / TILE; row <= (box.y + box.height - 1) / TILE; row++)
    for (int column = box.x / TILE; column <= (box.x + box.width - 1) / TILE; column++)
      {
        guint tile = row * self->columns + column;

        if (!g_hash_table_contains (self->before, GUINT_TO_POINTER (tile)))
          {
            guint8 *bits = g_malloc (TILE_BYTES);

            pack (self, tile, bits);
            g_hash_table_insert (self->before, GUINT_TO_POINTER (tile), bits);
          }
      }
  return box;
}

/* Returns the bits in which a tile differs from `bits`; NULL: in none. */
static Change *
change_new (const LacunaRaster *self, guint tile, const guint8 bits[TILE_BYTES])
{
  g_autofree Change *change = g_new (Change, 1);
  guint8 differs = 0;

  change->tile = tile;
  pack (self, tile, change->bits);
  for (guint i = 0; i < TILE_BYTES; i++)
    differs |= change->bits[i] ^= bits[i];
  return differs ? g_steal_pointer (&change) : NULL;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *first = *(const Change *const *) a, *second = *(const Change *const *) b;

  return first->tile < second->tile ? -1 : first->tile > second->tile;
}

static LacunaDelta *
delta_new (GPtrArray *changes)
{
  LacunaDelta *self;

  if (changes->len == 0)
    return NULL;
  self = g_new (LacunaDelta, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->changes = g_ptr_array_ref (changes);
  g_ptr_array_sort (changes, compare_changes);
  return self;
}

LacunaDelta *
lacuna_raster_commit (LacunaRaster *self)
{
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key, bits;

  g_hash_table_iter_init (&iter, self->before);
  while (g_hash_table_iter_next (&iter, &key, &bits))
    {
      Change *change = change_new (self, GPOINTER_TO_UINT (key), bits);

      if (change == NULL)
        continue;
      g_ptr_array_add (changes, change);
      recount (self, change->tile);
    }
  g_hash_table_remove_all (self->before);
  return delta_new (changes);
}

LacunaBox
lacuna_raster_apply (LacunaRaster *self, const LacunaDelta *delta)
{
  LacunaBox changed = { 0 };

  for (guint i = 0; i < delta->changes->len; i++)
    {
      const Change *change = delta->changes->pdata[i];

      flip (self, change->tile, change->bits);
      recount (self, change->tile);
      box_add (&changed, tile_box (self, change->tile));
    }
  return changed;
}

guint8 *
lacuna_raster_copy (LacunaRaster *self, LacunaBox box)
{
  guint8 *pixels = g_try_malloc_n (box.height, box.width);

  for (int y = 0; pixels != NULL && y < box.height; y++)
    memcpy (pixels + (gsize) y * box.width, self->pixels + (gsize) (box.y + y) * self->stride + box.x, box.width);
  return pixels;
}

void
lacuna_raster_apply_to_copy (const LacunaRaster *self, const LacunaDelta *delta, LacunaBox box, guint8 *pixels)
{
  for (guint i = 0; i < delta->changes->len; i++)
    {
      const Change *change = delta->changes->pdata[i];
      LacunaBox tile = tile_box (self, change->tile), common = lacuna_box_intersection (tile, box);

      for (int y = common.y; y < common.y + common.height; y++)
        for (int x = common.x; x < common.x + common.width; x++)
          {
            guint bit = (y - tile.y) * TILE + x - tile.x;

            pixels[(gsize) (y - box.y) * box.width + x - box.x] ^= (change->bits[bit / 8] >> (bit & 7) & 1) * 255;
          }
    }
}

LacunaBox
lacuna_raster_revert (LacunaRaster *self)
{
  g_autoptr (LacunaDelta) delta = lacuna_raster_commit (self);

  return delta == NULL ? (LacunaBox){ 0 } : lacuna_raster_apply (self, delta);
}

LacunaMask *
lacuna_raster_to_mask (LacunaRaster *self)
{
  g_autofree guint8 *rows = NULL;

  if (self->stride == self->width)
    return lacuna_mask_new (self->width, self->height, self->pixels);
  rows = g_try_malloc_n (self->height, self->width);
  if (rows == NULL)
    return NULL;
  for (int y = 0; y < self->height; y++)
    memcpy (rows + (gsize) y * self->width, self->pixels + (gsize) y * self->stride, self->width);
  return lacuna_mask_new (self->width, self->height, rows);
}

static void
pack_mask (const LacunaRaster *self, guint tile, LacunaMask *mask, LacunaBox place, guint8 bits[TILE_BYTES])
{
  LacunaBox box = tile_box (self, tile), common = lacuna_box_intersection (box, place);
  const guint8 *pixels = lacuna_mask_get_pixels (mask);

  memset (bits, 0, TILE_BYTES);
  for (int y = common.y; y < common.y + common.height; y++)
    for (int x = common.x; x < common.x + common.width; x++)
      if (pixels[(gsize) (y - place.y) * place.width + x - place.x])
        bits[((y - box.y) * TILE + x - box.x) / 8] |= 1 << ((x - box.x) & 7);
}

LacunaDelta *
lacuna_raster_compare (LacunaRaster *self, LacunaMask *mask, int x, int y)
{
  LacunaBox place = { x, y, lacuna_mask_get_width (mask), lacuna_mask_get_height (mask) };
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);

  for (int tile = 0; tile < self->columns * self->rows; tile++)
    {
      guint8 bits[TILE_BYTES];
      Change *change;

      pack_mask (self, tile, mask, place, bits);
      change = change_new (self, tile, bits);
      if (change != NULL)
        g_ptr_array_add (changes, change);
    }
  return delta_new (changes);
}

LacunaDelta *
lacuna_delta_ref (LacunaDelta *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_delta_unref (LacunaDelta *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->changes);
  g_free (self);
}

GVariant *
lacuna_delta_serialize (const LacunaDelta *self)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uay)"));
  for (guint i = 0; i < self->changes->len; i++)
    {
      const Change *change = self->changes->pdata[i];

      g_variant_builder_add (&builder, "(u@ay)", change->tile,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, change->bits, TILE_BYTES, 1));
    }
  return g_variant_builder_end (&builder);
}

LacunaDelta *
lacuna_delta_deserialize (GVariant *variant, int width, int height)
{
  guint n_tiles = (guint) ((width + TILE - 1) / TILE) * ((height + TILE - 1) / TILE);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  guint32 tile;
  GVariant *bytes;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE ("a(uay)")))
    return NULL;
  g_variant_iter_init (&iter, variant);
  while (g_variant_iter_loop (&iter, "(u@ay)", &tile, &bytes))
    {
      gsize size;
      const guint8 *bits = g_variant_get_fixed_array (bytes, &size, 1);
      Change *change;

      if (tile >= n_tiles || size != TILE_BYTES)
        {
          g_variant_unref (bytes);
          return NULL;
        }
      change = g_new (Change, 1);
      change->tile = tile;
      memcpy (change->bits, bits, TILE_BYTES);
      g_ptr_array_add (changes, change);
    }
  return delta_new (changes);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photo at its own and at every halved size, in tiles. Each pixel of a level is the mean of 2×2 pixels of the one
 * before; a retouched pyramid owns the tiles that retouches change, and takes all others from its base. Nothing but
 * the cache of textures ever changes. lacuna_pyramid_new() and lacuna_pyramid_retouch() run in a GTask's thread
 * (app/view/pane-pictures.c); tiles and thumbnails are for the main loop alone. */
#include "app/view/canvas/pyramid.h"

#include <math.h>
#include <string.h>

#define TILE LACUNA_PYRAMID_TILE
#define MAX_LEVELS 16
/* Textures kept: twice what a 4K screen shows of the least favourable level. */
#define MAX_TEXTURES 288

typedef struct {
  int     width, height;
  guint8 *pixels; /* NULL for level 0, which the photo holds */
} Level;

struct _LacunaPyramid {
  gatomicrefcount ref_count;
  LacunaPyramid  *base;  /* NULL: no retouches */
  GHashTable     *tiles; /* key → GBytes of a tile's pixels, for retouched tiles; NULL: no retouches */
  LacunaPhoto    *photo;
  int             bands; /* bytes of a pixel here: 3, or 4 with premultiplied alpha */
  Level           levels[MAX_LEVELS];
  int             n_levels;

  GHashTable     *textures; /* key → GdkTexture */
  GQueue          recent;   /* keys of the base's textures, the latest first */
};

static gpointer
make_key (int level, int column, int row)
{
  return GSIZE_TO_POINTER (((gsize) level << 48 | (gsize) row << 24 | (gsize) column) + 1);
}

static guint8
multiply (guint value, guint alpha)
{
  return (value * alpha + 127) / 255;
}

/* Reads pixels [x, x + n) of row y of the photo, as 8 bits. */
static void
read_photo (LacunaPhoto *photo, int x, int y, int n, guint8 *ret_pixels)
{
  int bands = lacuna_photo_get_bands (photo), bytes = lacuna_photo_get_depth (photo) / 8;
  gsize first = ((gsize) y * lacuna_photo_get_width (photo) + x) * bands;
  const guint8 *from = (const guint8 *) lacuna_photo_get_pixels (photo) + first * bytes;
  int green = bands >= 3 ? bytes : 0, blue = 2 * green, alpha = (bands - 1) * bytes;

  if (bands == 3 && bytes == 1)
    {
      memcpy (ret_pixels, from, (gsize) n * 3);
      return;
    }
  /* The upper eight of 16 bits are read. */
  if (bytes == 2 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    from++;
  for (int i = 0; i < n; i++, from += bands * bytes)
    {
      *ret_pixels++ = bands % 2 == 0 ? multiply (from[0], from[alpha]) : from[0];
      *ret_pixels++ = bands % 2 == 0 ? multiply (from[green], from[alpha]) : from[green];
      *ret_pixels++ = bands % 2 == 0 ? multiply (from[blue], from[alpha]) : from[blue];
      if (bands % 2 == 0)
        *ret_pixels++ = from[alpha];
    }
}

/* Writes the means of 2×2 pixels of two rows; the last column stands for the one beyond an odd width. */
static void
halve_rows (const guint8 *upper, const guint8 *lower, int width, int bands, guint8 *ret_row)
{
  for (int x = 0; x < width / 2; x++, upper += 2 * bands, lower += 2 * bands)
    for (int band = 0; band < bands; band++)
      *ret_row++ = (upper[band] + upper[band + bands] + lower[band] + lower[band + bands] + 2) >> 2;
  if (width % 2 == 1)
    for (int band = 0; band < bands; band++)
      *ret_row++ = (upper[band] + lower[band] + 1) >> 1;
}

static void
read_base (LacunaPyramid *self, int level, int x, int y, int n, guint8 *ret_pixels)
{
  const Level *from = &self->levels[level];

  if (level == 0)
    read_photo (self->photo, x, y, n, ret_pixels);
  else
    memcpy (ret_pixels, from->pixels + ((gsize) y * from->width + x) * self->bands, (gsize) n * self->bands);
}

static gboolean
build_level (LacunaPyramid *self, int i)
{
  const Level *finer = &self->levels[i - 1];
  Level *level = &self->levels[i];
  g_autofree guint8 *rows = g_try_malloc_n (finer->width, 2 * self->bands);

  level->width = (finer->width + 1) / 2;
  level->height = (finer->height + 1) / 2;
  level->pixels = g_try_malloc_n ((gsize) level->width * level->height, self->bands);
  if (rows == NULL || level->pixels == NULL)
    return FALSE;
  for (int y = 0; y < level->height; y++)
    {
      guint8 *lower = rows + (gsize) finer->width * self->bands;

      read_base (self, i - 1, 0, 2 * y, finer->width, rows);
      read_base (self, i - 1, 0, MIN (2 * y + 1, finer->height - 1), finer->width, lower);
      halve_rows (rows, lower, finer->width, self->bands, level->pixels + (gsize) y * level->width * self->bands);
    }
  return TRUE;
}

static LacunaPyramid *
pyramid_new (void)
{
  LacunaPyramid *self = g_new0 (LacunaPyramid, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->textures = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  return self;
}

LacunaPyramid *
lacuna_pyramid_new (LacunaPhoto *photo)
{
  g_autoptr (LacunaPyramid) self = pyramid_new ();

  self->photo = g_object_ref (photo);
  self->bands = lacuna_photo_get_bands (photo) % 2 == 0 ? 4 : 3;
  self->levels[0] = (Level){ lacuna_photo_get_width (photo), lacuna_photo_get_height (photo), NULL };
  self->n_levels = 1;
  while (MAX (self->levels[self->n_levels - 1].width, self->levels[self->n_levels - 1].height) > TILE
         && self->n_levels < MAX_LEVELS)
    if (!build_level (self, self->n_levels++))
      return NULL;
  return g_steal_pointer (&self);
}

LacunaPyramid *
lacuna_pyramid_ref (LacunaPyramid *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
lacuna_pyramid_unref (LacunaPyramid *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear (&self->recent);
  g_hash_table_unref (self->textures);
  g_clear_pointer (&self->tiles, g_hash_table_unref);
  if (self->base == NULL)
    for (int i = 0; i < self->n_levels; i++)
      g_free (self->levels[i].pixels);
  g_clear_pointer (&self->base, lacuna_pyramid_unref);
  g_clear_object (&self->photo);
  g_free (self);
}

static LacunaBox
tile_box (LacunaPyramid *self, int level, int column, int row)
{
  LacunaBox box = { column * TILE, row * TILE, TILE, TILE };

  return lacuna_box_intersection (box, (LacunaBox){ 0, 0, self->levels[level].width, self->levels[level].height });
}

static guint8 *
copy_base_tile (LacunaPyramid *base, int level, LacunaBox box)
{
  guint8 *pixels = g_malloc ((gsize) box.width * box.height * base->bands);

  for (int y = 0; y < box.height; y++)
    read_base (base, level, box.x, box.y + y, box.width, pixels + (gsize) y * box.width * base->bands);
  return pixels;
}

static void
paste_patch (guint8 *pixels, int bands, LacunaBox tile, LacunaRetouch *retouch, guint patch)
{
  LacunaBox box = lacuna_retouch_get_box (retouch, patch), common = lacuna_box_intersection (tile, box);
  const guint8 *mask = lacuna_retouch_get_mask (retouch, patch);
  g_autofree guint8 *rgb = g_malloc ((gsize) box.width * 3);

  for (int y = common.y; common.width > 0 && y < common.y + common.height; y++)
    {
      lacuna_retouch_read_row (retouch, patch, y - box.y, rgb);
      for (int x = common.x; x < common.x + common.width; x++)
        {
          guint8 *to = pixels + ((gsize) (y - tile.y) * tile.width + x - tile.x) * bands;
          const guint8 *from = rgb + (x - box.x) * 3;

          for (int band = 0; mask[(gsize) (y - box.y) * box.width + x - box.x] != 0 && band < 3; band++)
            to[band] = bands == 3 ? from[band] : multiply (from[band], to[3]);
        }
    }
}

static void
retouch_finest (LacunaPyramid *self, int column, int row, GPtrArray *retouches)
{
  LacunaBox box = tile_box (self, 0, column, row);
  guint8 *pixels = copy_base_tile (self->base, 0, box);

  for (guint i = 0; i < retouches->len; i++)
    for (guint patch = 0; patch < lacuna_retouch_get_n_patches (retouches->pdata[i]); patch++)
      paste_patch (pixels, self->bands, box, retouches->pdata[i], patch);
  g_hash_table_insert (self->tiles, make_key (0, column, row),
                       g_bytes_new_take (pixels, (gsize) box.width * box.height * self->bands));
}

/* Halves a retouched tile into its quarter of the tile above. */
static void
halve_tile (LacunaPyramid *self, int level, int column, int row, guint8 *above, LacunaBox above_box)
{
  LacunaBox box = tile_box (self, level, column, row);
  const guint8 *pixels = g_bytes_get_data (g_hash_table_lookup (self->tiles, make_key (level, column, row)), NULL);
  gsize stride = (gsize) box.width * self->bands, above_stride = (gsize) above_box.width * self->bands;
  int left = (box.x / 2 - above_box.x) * self->bands, top = box.y / 2 - above_box.y;

  for (int y = 0; y < box.height; y += 2)
    halve_rows (pixels + y * stride, pixels + MIN (y + 1, box.height - 1) * stride, box.width, self->bands,
                above + (top + y / 2) * above_stride + left);
}

static void
retouch_coarser (LacunaPyramid *self, int level, int column, int row)
{
  LacunaBox box = tile_box (self, level, column, row);
  guint8 *pixels = copy_base_tile (self->base, level, box);

  for (int i = 0; i < 4; i++)
    {
      int finer_column = 2 * column + i % 2, finer_row = 2 * row + i / 2;

      if (g_hash_table_contains (self->tiles, make_key (level - 1, finer_column, finer_row)))
        halve_tile (self, level - 1, finer_column, finer_row, pixels, box);
    }
  g_hash_table_insert (self->tiles, make_key (level, column, row),
                       g_bytes_new_take (pixels, (gsize) box.width * box.height * self->bands));
}

static void
retouch_box (LacunaPyramid *self, int level, LacunaBox box, GPtrArray *retouches)
{
  int side = TILE << level;

  for (int row = box.y / side; row <= (box.y + box.height - 1) / side; row++)
    for (int column = box.x / side; column <= (box.x + box.width - 1) / side; column++)
      if (g_hash_table_contains (self->tiles, make_key (level, column, row)))
        continue;
      else if (level == 0)
        retouch_finest (self, column, row, retouches);
      else
        retouch_coarser (self, level, column, row);
}

LacunaPyramid *
lacuna_pyramid_retouch (LacunaPyramid *base, GPtrArray *retouches)
{
  LacunaPyramid *self;

  if (retouches->len == 0)
    return lacuna_pyramid_ref (base);
  self = pyramid_new ();
  self->base = lacuna_pyramid_ref (base);
  self->photo = g_object_ref (base->photo);
  self->bands = base->bands;
  memcpy (self->levels, base->levels, sizeof self->levels);
  self->n_levels = base->n_levels;
  self->tiles = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  for (int level = 0; level < self->n_levels; level++)
    for (guint i = 0; i < retouches->len; i++)
      for (guint patch = 0; patch < lacuna_retouch_get_n_patches (retouches->pdata[i]); patch++)
        retouch_box (self, level, lacuna_retouch_get_box (retouches->pdata[i], patch), retouches);
  return self;
}

int
lacuna_pyramid_get_n_levels (LacunaPyramid *self)
{
  return self->n_levels;
}

int
lacuna_pyramid_get_width (LacunaPyramid *self, int level)
{
  return self->levels[level].width;
}

int
lacuna_pyramid_get_height (LacunaPyramid *self, int level)
{
  return self->levels[level].height;
}

gboolean
lacuna_pyramid_has_alpha (LacunaPyramid *self)
{
  return self->bands == 4;
}

int
lacuna_pyramid_choose_level (LacunaPyramid *self, double zoom, double share)
{
  return CLAMP ((int) ceil (log2 (share / zoom) - 1e-9), 0, self->n_levels - 1);
}

static GdkTexture *
make_texture (GBytes *bytes, int width, int height, int bands)
{
  return gdk_memory_texture_new (width, height, bands == 3 ? GDK_MEMORY_R8G8B8 : GDK_MEMORY_R8G8B8A8_PREMULTIPLIED,
                                 bytes, (gsize) width * bands);
}

static void
use_recent (LacunaPyramid *self, gpointer key, gboolean known)
{
  if (known)
    g_queue_remove (&self->recent, key);
  g_queue_push_head (&self->recent, key);
  if (self->recent.length > MAX_TEXTURES)
    g_hash_table_remove (self->textures, g_queue_pop_tail (&self->recent));
}

GdkTexture *
lacuna_pyramid_get_tile (LacunaPyramid *self, int level, int column, int row, gboolean may_make)
{
  gpointer key = make_key (level, column, row);
  GBytes *retouched = self->tiles != NULL ? g_hash_table_lookup (self->tiles, key) : NULL;
  GdkTexture *texture;

  if (self->base != NULL && retouched == NULL)
    return lacuna_pyramid_get_tile (self->base, level, column, row, may_make);
  texture = g_hash_table_lookup (self->textures, key);
  if (texture == NULL && !may_make)
    return NULL;
  if (self->base == NULL)
    use_recent (self, key, texture != NULL);
  if (texture == NULL)
    {
      LacunaBox box = tile_box (self, level, column, row);
      g_autoptr (GBytes) bytes = retouched != NULL ? g_bytes_ref (retouched)
                                                   : g_bytes_new_take (copy_base_tile (self, level, box),
                                                                       (gsize) box.width * box.height * self->bands);

      texture = make_texture (bytes, box.width, box.height, self->bands);
      g_hash_table_insert (self->textures, key, texture);
    }
  return texture;
}

/* Reads the pixels in box of a level, from retouched tiles where there are any. */
static void
read_level (LacunaPyramid *self, int level, LacunaBox box, guint8 *ret_pixels)
{
  for (int y = box.y; y < box.y + box.height; y++)
    for (int x = box.x; x < box.x + box.width;)
      {
        LacunaBox tile = tile_box (self, level, x / TILE, y / TILE);
        int n = MIN (tile.x + tile.width, box.x + box.width) - x;
        gpointer key = make_key (level, x / TILE, y / TILE);
        GBytes *bytes = self->tiles != NULL ? g_hash_table_lookup (self->tiles, key) : NULL;

        if (bytes != NULL)
          memcpy (ret_pixels,
                  (const guint8 *) g_bytes_get_data (bytes, NULL)
                      + ((gsize) (y - tile.y) * tile.width + x - tile.x) * self->bands,
                  (gsize) n * self->bands);
        else
          read_base (self, level, x, y, n, ret_pixels);
        ret_pixels += (gsize) n * self->bands;
        x += n;
      }
}

GdkTexture *
lacuna_pyramid_get_thumbnail (LacunaPyramid *self, LacunaBox box, int size)
{
  int level = 0;
  LacunaBox scaled;
  g_autoptr (GBytes) bytes = NULL;
  guint8 *pixels;

  while (level < self->n_levels - 1 && MAX (box.width, box.height) >> level > size)
    level++;
  scaled = (LacunaBox){ box.x >> level, box.y >> level, MAX (1, box.width >> level), MAX (1, box.height >> level) };
  scaled = lacuna_box_intersection (scaled, (LacunaBox){ 0, 0, self->levels[level].width, self->levels[level].height });
  if (scaled.width == 0 || scaled.height == 0)
    return NULL;
  pixels = g_malloc ((gsize) scaled.width * scaled.height * self->bands);
  read_level (self, level, scaled, pixels);
  bytes = g_bytes_new_take (pixels, (gsize) scaled.width * scaled.height * self->bands);
  return make_texture (bytes, scaled.width, scaled.height, self->bands);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block of a JPEG, 8×8 samples of a channel, is kept where none of the pixels that it covers changed: its quantised
 * coefficients are copied, so that it decodes to what it was. The changed pixels are found by decoding the source as
 * it was when the photo was loaded. All other blocks are encoded with the source's tables and sampling. All codecs of
 * libjpeg lie in a Keeper on the heap, as its errors leave by longjmp, and keeper_free releases them in whatever state
 * they are. It runs in lacuna-codec, on its main thread. */
#include "engine/codec/jpeg-keep.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "engine/codec/jpeg-errors.h"
#include "engine/codec/vips-image.h"

gboolean
lacuna_jpeg_can_keep (GBytes *file)
{
  LacunaJpegErrors manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  volatile gboolean fit = FALSE;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      jpeg_mem_src (&source, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
      jpeg_read_header (&source, TRUE);
      fit = source.data_precision == 8
            && (((source.jpeg_color_space == JCS_YCbCr || source.jpeg_color_space == JCS_RGB)
                 && source.num_components == 3)
                || (source.jpeg_color_space == JCS_GRAYSCALE && source.num_components == 1));
    }
  jpeg_destroy_decompress (&source);
  return fit;
}

/* A byte for each 8×8 pixels of the image: 1 where they differ from the source's. NULL: it is not of that kind. */
static guint8 *
find_changed (GBytes *source, VipsImage *image, int *ret_columns)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (source, &size);
  g_autoptr (VipsImage) decoded = NULL;
  g_autofree guint8 *pixels = NULL;
  const guint8 *now = vips_image_get_data (image);
  int columns = (image->Xsize + DCTSIZE - 1) / DCTSIZE, rows = (image->Ysize + DCTSIZE - 1) / DCTSIZE;
  gsize stride = (gsize) image->Xsize * image->Bands, length;
  guint8 *changed;

  if (vips_jpegload_buffer ((gpointer) data, size, &decoded, "access", VIPS_ACCESS_SEQUENTIAL, NULL) != 0
      || decoded->Xsize != image->Xsize || decoded->Ysize != image->Ysize || decoded->Bands != image->Bands
      || image->BandFmt != VIPS_FORMAT_UCHAR || now == NULL
      || (pixels = vips_image_write_to_memory (decoded, &length)) == NULL)
    {
      vips_error_clear ();
      return NULL;
    }
  changed = g_try_malloc0 ((gsize) columns * rows);
  for (int y = 0; changed != NULL && y < image->Ysize; y++)
    for (int column = 0; column < columns; column++)
      {
        gsize at = y * stride + (gsize) column * DCTSIZE * image->Bands;
        gsize n = MIN (DCTSIZE, image->Xsize - column * DCTSIZE) * (gsize) image->Bands;

        if (memcmp (pixels + at, now + at, n) != 0)
          changed[(gsize) (y / DCTSIZE) * columns + column] = 1;
      }
  *ret_columns = columns;
  return changed;
}

/* Everything that both files have to have in common for their blocks to be exchanged. */
static void
copy_tables (const struct jpeg_decompress_struct *source, struct jpeg_compress_struct *target)
{
  for (int i = 0; i < NUM_QUANT_TBLS; i++)
    if (source->quant_tbl_ptrs[i] != NULL)
      {
        if (target->quant_tbl_ptrs[i] == NULL)
          target->quant_tbl_ptrs[i] = jpeg_alloc_quant_table ((j_common_ptr) target);
        memcpy (target->quant_tbl_ptrs[i]->quantval, source->quant_tbl_ptrs[i]->quantval,
                sizeof source->quant_tbl_ptrs[i]->quantval);
        target->quant_tbl_ptrs[i]->sent_table = FALSE;
      }
  for (int c = 0; c < source->num_components; c++)
    {
      target->comp_info[c].h_samp_factor = source->comp_info[c].h_samp_factor;
      target->comp_info[c].v_samp_factor = source->comp_info[c].v_samp_factor;
      target->comp_info[c].quant_tbl_no = source->comp_info[c].quant_tbl_no;
    }
}

/* The image with the source's tables; only its coefficients are of use. */
static void
encode_pixels (struct jpeg_compress_struct *target, const struct jpeg_decompress_struct *source, VipsImage *image)
{
  const guint8 *pixels = vips_image_get_data (image);

  target->image_width = image->Xsize;
  target->image_height = image->Ysize;
  target->input_components = image->Bands;
  target->in_color_space = image->Bands == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults (target);
  jpeg_set_colorspace (target, source->jpeg_color_space);
  copy_tables (source, target);
  jpeg_start_compress (target, TRUE);
  while (target->next_scanline < target->image_height)
    {
      JSAMPROW row = (JSAMPROW) pixels + (gsize) target->next_scanline * image->Xsize * image->Bands;

      jpeg_write_scanlines (target, &row, 1);
    }
  jpeg_finish_compress (target);
}

/* Whether any pixel that the block covers is in a changed cell. */
static gboolean
is_changed (const guint8 *changed, int columns, int rows, int x, int y, int across, int down)
{
  for (int row = y * down; row < MIN ((y + 1) * down, rows); row++)
    for (int column = x * across; column < MIN ((x + 1) * across, columns); column++)
      if (changed[(gsize) row * columns + column])
        return TRUE;
  return FALSE;
}

static void
copy_blocks (struct jpeg_decompress_struct *source, jvirt_barray_ptr *from, struct jpeg_decompress_struct *encoded,
             jvirt_barray_ptr *to, const guint8 *changed, int columns)
{
  int rows = (source->image_height + DCTSIZE - 1) / DCTSIZE;

  for (int c = 0; c < source->num_components; c++)
    {
      const jpeg_component_info *component = &source->comp_info[c];
      int across = source->max_h_samp_factor / component->h_samp_factor;
      int down = source->max_v_samp_factor / component->v_samp_factor;

      for (JDIMENSION y = 0; y < component->height_in_blocks; y++)
        {
          JBLOCKARRAY old = source->mem->access_virt_barray ((j_common_ptr) source, from[c], y, 1, FALSE);
          JBLOCKARRAY new = encoded->mem->access_virt_barray ((j_common_ptr) encoded, to[c], y, 1, TRUE);

          for (JDIMENSION x = 0; x < component->width_in_blocks; x++)
            if (!is_changed (changed, columns, rows, x, y, across, down))
              memcpy (new[0][x], old[0][x], sizeof (JBLOCK));
        }
    }
}

/* APP0 and Adobe's APP14 are libjpeg's own. */
static void
copy_markers (const struct jpeg_decompress_struct *from, struct jpeg_compress_struct *target)
{
  for (jpeg_saved_marker_ptr marker = from->marker_list; marker != NULL; marker = marker->next)
    if (marker->marker != JPEG_APP0 && marker->marker != JPEG_APP0 + 14)
      jpeg_write_marker (target, marker->marker, marker->data, marker->data_length);
}

static void
open_memory (struct jpeg_decompress_struct *file, gconstpointer data, gsize size)
{
  jpeg_create_decompress (file);
  jpeg_mem_src (file, data, size);
  for (int i = 0; i < 16; i++)
    jpeg_save_markers (file, JPEG_APP0 + i, 0xffff);
  jpeg_save_markers (file, JPEG_COM, 0xffff);
  jpeg_read_header (file, TRUE);
}

/* Sampling by a fraction has no blocks that cover whole cells. */
static gboolean
has_whole_cells (const struct jpeg_decompress_struct *source)
{
  for (int c = 0; c < source->num_components; c++)
    if (source->max_h_samp_factor % source->comp_info[c].h_samp_factor != 0
        || source->max_v_samp_factor % source->comp_info[c].v_samp_factor != 0)
      return FALSE;
  return TRUE;
}

typedef struct {
  GBytes       *file;
  VipsImage    *image;
  gconstpointer data; /* encoded by libvips, with all markers */
  gsize         size;
  guint8       *changed;
  int           columns; /* of changed */

  LacunaJpegErrors                  manager;
  struct jpeg_decompress_struct source, described, encoded;
  struct jpeg_compress_struct   pixels, target;
  unsigned char                *interim, *result;
  unsigned long                 interim_size, result_size;
} Keeper;

static void
keeper_free (Keeper *self)
{
  jpeg_destroy_decompress (&self->source);
  jpeg_destroy_decompress (&self->described);
  jpeg_destroy_decompress (&self->encoded);
  jpeg_destroy_compress (&self->pixels);
  jpeg_destroy_compress (&self->target);
  free (self->interim);
  free (self->result);
  g_free (self->changed);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keeper, keeper_free)

/* Leaves by longjmp where anything fails; so do the next two. */
static void
encode (Keeper *self)
{
  jpeg_create_compress (&self->pixels);
  jpeg_mem_dest (&self->pixels, &self->interim, &self->interim_size);
  encode_pixels (&self->pixels, &self->source, self->image);
  jpeg_create_decompress (&self->encoded);
  jpeg_mem_src (&self->encoded, self->interim, self->interim_size);
  jpeg_read_header (&self->encoded, TRUE);
}

static void
write_blocks (Keeper *self, jvirt_barray_ptr *blocks)
{
  jpeg_create_compress (&self->target);
  jpeg_mem_dest (&self->target, &self->result, &self->result_size);
  jpeg_copy_critical_parameters (&self->encoded, &self->target);
  self->target.density_unit = self->described.density_unit;
  self->target.X_density = self->described.X_density;
  self->target.Y_density = self->described.Y_density;
  self->target.optimize_coding = TRUE;
  if (self->source.progressive_mode)
    jpeg_simple_progression (&self->target);
  jpeg_write_coefficients (&self->target, blocks);
  copy_markers (&self->described, &self->target);
  jpeg_finish_compress (&self->target);
}

static void
merge (Keeper *self)
{
  jvirt_barray_ptr *from, *to;

  open_memory (&self->source, g_bytes_get_data (self->file, NULL), g_bytes_get_size (self->file));
  open_memory (&self->described, self->data, self->size);
  if (!has_whole_cells (&self->source))
    return;
  encode (self);
  from = jpeg_read_coefficients (&self->source);
  to = jpeg_read_coefficients (&self->encoded);
  copy_blocks (&self->source, from, &self->encoded, to, self->changed, self->columns);
  write_blocks (self, to);
}

static gboolean
try_merge (Keeper *self)
{
  if (setjmp (self->manager.failed) != 0)
    return FALSE;
  merge (self);
  return TRUE;
}

int
lacuna_jpeg_keep (GBytes *source, VipsImage *image, gpointer *data, gsize *size)
{
  g_autoptr (Keeper) self = g_new0 (Keeper, 1);

  self->file = source;
  self->image = image;
  self->data = *data;
  self->size = *size;
  self->changed = find_changed (source, image, &self->columns);
  if (self->changed == NULL)
    return 0;
  lacuna_jpeg_errors_init (&self->manager);
  self->source.err = self->described.err = self->encoded.err = &self->manager.base;
  self->pixels.err = self->target.err = &self->manager.base;
  if (!try_merge (self))
    {
      vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("its blocks can't be copied"));
      return -1;
    }
  if (self->result_size > 0)
    {
      gpointer copy = g_try_malloc (self->result_size);

      if (copy == NULL)
        {
          vips_error (LACUNA_VIPS_DOMAIN, "%s", _ ("there is no memory for the file"));
          return -1;
        }
      memcpy (copy, self->result, self->result_size);
      g_free (*data);
      *data = copy;
      *size = self->result_size;
    }
  return 0;
}

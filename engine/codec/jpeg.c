/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what libvips does not tell of a JPEG (quality, sampling, what lies behind its end), and writes what libvips
 * can't (JFIF's resolution, a comment, samplings other than 4:4:4 and 4:2:0). Errors of libjpeg leave by longjmp to the
 * function that called setjmp, which then destroys its codecs on either way. It runs in lacuna-codec, on its main
 * thread. */
#include "engine/codec/jpeg.h"

#include <stdlib.h>
#include <string.h>

#include "engine/codec/jpeg-errors.h"

#define MPF_MARKER (JPEG_APP0 + 2)
#define MAX_COMMENT (0xffff - 2)
#define MM_PER_INCH 25.4
/* JFIF's segment, as an encoder writes it: bytes from the file's start to its name, and to its end. */
#define JFIF_NAME 6
#define JFIF_END 20

static const guint8 end_marker[] = { 0xff, JPEG_EOI };
static const char mpf_mark[] = { 'M', 'P', 'F', 0 };

static void
on_error (j_common_ptr codec)
{
  longjmp (((LacunaJpegErrors *) codec->err)->failed, 1);
}

static void
on_message (j_common_ptr codec)
{
}

void
lacuna_jpeg_errors_init (LacunaJpegErrors *self)
{
  jpeg_std_error (&self->base);
  self->base.error_exit = on_error;
  self->base.output_message = on_message;
}

/* A component's table, or NULL: libjpeg reads its number from the header and looks at it only before it decodes. */
static const JQUANT_TBL *
get_table (const struct jpeg_decompress_struct *source, int component)
{
  int i = source->comp_info[component].quant_tbl_no;

  return i >= 0 && i < NUM_QUANT_TBLS ? source->quant_tbl_ptrs[i] : NULL;
}

/* The sum of absolute differences over the tables that the file has. */
static guint
compare_tables (const struct jpeg_decompress_struct *source, const struct jpeg_compress_struct *standard)
{
  guint sum = 0;

  for (int i = 0; i < MIN (2, source->num_components); i++)
    {
      const JQUANT_TBL *table = get_table (source, i);

      for (int k = 0; table != NULL && k < DCTSIZE2; k++)
        sum += ABS ((int) table->quantval[k] - (int) standard->quant_tbl_ptrs[i]->quantval[k]);
    }
  return sum;
}

static int
estimate_quality (const struct jpeg_decompress_struct *source)
{
  LacunaJpegErrors manager;
  struct jpeg_compress_struct standard = { .err = &manager.base };
  volatile int best = 0;
  volatile guint least = G_MAXUINT;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_compress (&standard);
      standard.in_color_space = JCS_YCbCr;
      standard.input_components = 3;
      jpeg_set_defaults (&standard);
      for (int quality = 1; quality <= 100; quality++)
        {
          guint sum;

          jpeg_set_quality (&standard, quality, TRUE);
          sum = compare_tables (source, &standard);
          if (sum < least)
            {
              least = sum;
              best = quality;
            }
        }
    }
  jpeg_destroy_compress (&standard);
  return best;
}

static void
read_sampling (const struct jpeg_decompress_struct *source, LacunaJpeg *ret_jpeg)
{
  const jpeg_component_info *luminance = &source->comp_info[0], *colour = &source->comp_info[1];

  ret_jpeg->across = source->num_components >= 3 ? MAX (1, luminance->h_samp_factor / colour->h_samp_factor) : 1;
  ret_jpeg->down = source->num_components >= 3 ? MAX (1, luminance->v_samp_factor / colour->v_samp_factor) : 1;
}

/* Something lies behind the first end marker; compressed pixels hold none. */
static void
read_end (const struct jpeg_decompress_struct *source, LacunaJpeg *ret_jpeg)
{
  const guint8 *data = source->src->next_input_byte;
  gsize size = source->src->bytes_in_buffer;
  const guint8 *end = memmem (data, size, end_marker, sizeof end_marker);

  ret_jpeg->lacks_end = end == NULL;
  for (const guint8 *at = end; at != NULL && at + sizeof end_marker < data + size; at++)
    if (at[sizeof end_marker] != 0)
      ret_jpeg->has_companion = TRUE;
}

static void
read_markers (const struct jpeg_decompress_struct *source, LacunaJpeg *ret_jpeg, GByteArray *comment)
{
  for (jpeg_saved_marker_ptr marker = source->marker_list; marker != NULL; marker = marker->next)
    if (marker->marker == MPF_MARKER && marker->data_length >= sizeof mpf_mark
        && memcmp (marker->data, mpf_mark, sizeof mpf_mark) == 0)
      ret_jpeg->has_companion = TRUE;
    else if (marker->marker == JPEG_COM && comment != NULL)
      {
        if (comment->len > 0)
          g_byte_array_append (comment, (const guint8 *) "\n", 1);
        g_byte_array_append (comment, marker->data, marker->data_length);
      }
}

gboolean
lacuna_jpeg_read (GBytes *file, LacunaJpeg *ret_jpeg, GByteArray *comment)
{
  LacunaJpegErrors manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  LacunaJpeg jpeg = { 0 };
  volatile gboolean sound = FALSE;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      jpeg_mem_src (&source, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
      jpeg_save_markers (&source, JPEG_COM, 0xffff);
      jpeg_save_markers (&source, MPF_MARKER, sizeof mpf_mark);
      jpeg_read_header (&source, TRUE);
      jpeg.quality = estimate_quality (&source);
      jpeg.progressive = source.progressive_mode;
      jpeg.has_density = source.saw_JFIF_marker && source.density_unit != 0;
      read_sampling (&source, &jpeg);
      read_markers (&source, &jpeg, comment);
      read_end (&source, &jpeg);
      *ret_jpeg = jpeg;
      sound = TRUE;
    }
  jpeg_destroy_decompress (&source);
  return sound;
}

/* A bit for each component that the scan has. */
static guint
list_components (const struct jpeg_decompress_struct *source)
{
  guint components = 0;

  for (int i = 0; i < source->comps_in_scan; i++)
    components |= 1u << source->cur_comp_info[i]->component_index;
  return components;
}

/* Every coefficient down to its last bit. */
static gboolean
are_coefficients_whole (const struct jpeg_decompress_struct *source)
{
  for (int i = 0; source->coef_bits != NULL && i < source->num_components; i++)
    for (int k = 0; k < DCTSIZE2; k++)
      if (source->coef_bits[i][k] != 0)
        return FALSE;
  return TRUE;
}

static gboolean
are_pixels_whole (const guint8 *data, gsize size)
{
  LacunaJpegErrors manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  volatile gboolean whole = FALSE;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      guint components;
      int status;

      jpeg_create_decompress (&source);
      jpeg_mem_src (&source, data, size);
      jpeg_read_header (&source, TRUE);
      components = list_components (&source);
      source.buffered_image = TRUE;
      jpeg_start_decompress (&source);
      while ((status = jpeg_consume_input (&source)) != JPEG_REACHED_EOI)
        if (status == JPEG_REACHED_SOS)
          components |= list_components (&source);
      whole = manager.base.num_warnings == 0 && components == (1u << source.num_components) - 1
              && are_coefficients_whole (&source);
    }
  jpeg_destroy_decompress (&source);
  return whole;
}

GBytes *
lacuna_jpeg_complete (GBytes *file)
{
  gsize size;
  gconstpointer source = g_bytes_get_data (file, &size);
  g_autofree guint8 *data = g_try_malloc (size + sizeof end_marker);

  if (data == NULL)
    return NULL;
  memcpy (data, source, size);
  memcpy (data + size, end_marker, sizeof end_marker);
  size += sizeof end_marker;
  return are_pixels_whole (data, size) ? g_bytes_new_take (g_steal_pointer (&data), size) : NULL;
}

static void
append_segment (GByteArray *jpeg, int marker, gconstpointer data, gsize size)
{
  const guint8 head[] = { 0xff, marker, (size + 2) >> 8, (size + 2) & 0xff };

  g_byte_array_append (jpeg, head, sizeof head);
  g_byte_array_append (jpeg, data, size);
}

/* Components of red, green and blue themselves. */
static gboolean
is_rgb (gconstpointer data, gsize size)
{
  LacunaJpegErrors manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  volatile gboolean found = FALSE;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      jpeg_mem_src (&source, data, size);
      jpeg_read_header (&source, TRUE);
      found = source.jpeg_color_space == JCS_RGB;
    }
  jpeg_destroy_decompress (&source);
  return found;
}

void
lacuna_jpeg_begin (double across, double down, const char *comment, gpointer *data, gsize *size)
{
  GByteArray *jpeg = g_byte_array_sized_new (*size);
  const guint8 *source = *data;
  gboolean known = across != 1.0 || down != 1.0;
  guint x = known ? CLAMP (across * MM_PER_INCH + 0.5, 1, 0xffff) : 1;
  guint y = known ? CLAMP (down * MM_PER_INCH + 0.5, 1, 0xffff) : 1;
  const guint8 jfif[] = { 'J', 'F', 'I', 'F', 0, 1, 1, known, x >> 8, x & 0xff, y >> 8, y & 0xff, 0, 0 };
  gsize at = *size > JFIF_END && memcmp (source + JFIF_NAME, jfif, 5) == 0 ? JFIF_END : 2;

  g_byte_array_append (jpeg, source, 2);
  if (!is_rgb (source, *size))
    append_segment (jpeg, JPEG_APP0, jfif, sizeof jfif);
  if (comment != NULL)
    append_segment (jpeg, JPEG_COM, comment, MIN (strlen (comment), MAX_COMMENT));
  g_byte_array_append (jpeg, source + at, *size - at);
  g_free (*data);
  *size = jpeg->len;
  *data = g_byte_array_free (jpeg, FALSE);
}

static void
copy_markers (const struct jpeg_decompress_struct *source, struct jpeg_compress_struct *target)
{
  for (jpeg_saved_marker_ptr marker = source->marker_list; marker != NULL; marker = marker->next)
    if (marker->marker != JPEG_APP0 && marker->marker != JPEG_APP0 + 14)
      jpeg_write_marker (target, marker->marker, marker->data, marker->data_length);
}

static void
encode (struct jpeg_compress_struct *target, const struct jpeg_decompress_struct *source, const LacunaJpeg *jpeg,
        int quality, VipsImage *image)
{
  const guint8 *pixels = vips_image_get_data (image);

  target->image_width = image->Xsize;
  target->image_height = image->Ysize;
  target->input_components = 3;
  target->in_color_space = JCS_RGB;
  jpeg_set_defaults (target);
  jpeg_set_quality (target, quality, TRUE);
  target->comp_info[0].h_samp_factor = jpeg->across;
  target->comp_info[0].v_samp_factor = jpeg->down;
  target->density_unit = source->density_unit;
  target->X_density = source->X_density;
  target->Y_density = source->Y_density;
  if (jpeg->progressive)
    jpeg_simple_progression (target);
  jpeg_start_compress (target, TRUE);
  copy_markers (source, target);
  while (target->next_scanline < target->image_height)
    {
      JSAMPROW row = (JSAMPROW) pixels + (gsize) target->next_scanline * image->Xsize * 3;

      jpeg_write_scanlines (target, &row, 1);
    }
  jpeg_finish_compress (target);
}

gboolean
lacuna_jpeg_resample (const LacunaJpeg *jpeg, VipsImage *image, gpointer *data, gsize *size)
{
  LacunaJpegErrors manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  struct jpeg_compress_struct target = { .err = &manager.base };
  unsigned char *encoded = NULL;
  unsigned long encoded_size = 0;
  volatile gboolean done = FALSE;
  gpointer copy;

  lacuna_jpeg_errors_init (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      jpeg_create_compress (&target);
      jpeg_mem_src (&source, *data, *size);
      for (int i = 0; i < 16; i++)
        jpeg_save_markers (&source, JPEG_APP0 + i, 0xffff);
      jpeg_save_markers (&source, JPEG_COM, 0xffff);
      jpeg_read_header (&source, TRUE);
      jpeg_mem_dest (&target, &encoded, &encoded_size);
      encode (&target, &source, jpeg, estimate_quality (&source), image);
      done = TRUE;
    }
  jpeg_destroy_decompress (&source);
  jpeg_destroy_compress (&target);
  copy = done ? g_try_malloc (encoded_size) : NULL;
  if (copy != NULL)
    {
      memcpy (copy, encoded, encoded_size);
      g_free (*data);
      *data = copy;
      *size = encoded_size;
    }
  free (encoded);
  return copy != NULL;
}

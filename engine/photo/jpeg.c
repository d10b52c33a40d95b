#include "engine/photo/jpeg.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct
{
  struct jpeg_error_mgr base;
  jmp_buf failed;
} ErrorManager;

static void
on_error (j_common_ptr codec)
{
  longjmp (((ErrorManager *) codec->err)->failed, 1);
}

static void
on_message (j_common_ptr codec)
{
}

static void
init_error_manager (ErrorManager *manager)
{
  jpeg_std_error (&manager->base);
  manager->base.error_exit = on_error;
  manager->base.output_message = on_message;
}

/* The sum of absolute differences over the tables that the file has. */
static guint
compare_tables (const struct jpeg_decompress_struct *source, const struct jpeg_compress_struct *standard)
{
  guint sum = 0;

  for (int i = 0; i < MIN (2, source->num_components); i++)
    {
      const JQUANT_TBL *table = source->quant_tbl_ptrs[source->comp_info[i].quant_tbl_no];

      for (int k = 0; table != NULL && k < DCTSIZE2; k++)
        sum += ABS ((int) table->quantval[k] - (int) standard->quant_tbl_ptrs[i]->quantval[k]);
    }
  return sum;
}

static int
estimate_quality (const struct jpeg_decompress_struct *source)
{
  ErrorManager manager;
  struct jpeg_compress_struct standard = { .err = &manager.base };
  volatile int best = 0;
  volatile guint least = G_MAXUINT;

  init_error_manager (&manager);
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

/* From a file, or else from bytes. */
static gboolean
read_header (FILE *file, GBytes *bytes, LacunaJpeg *ret_jpeg)
{
  ErrorManager manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  LacunaJpeg jpeg = { 0 };
  volatile gboolean sound = FALSE;

  init_error_manager (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      if (file != NULL)
        jpeg_stdio_src (&source, file);
      else
        jpeg_mem_src (&source, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      jpeg_read_header (&source, TRUE);
      jpeg.quality = estimate_quality (&source);
      jpeg.progressive = source.progressive_mode;
      read_sampling (&source, &jpeg);
      *ret_jpeg = jpeg;
      sound = TRUE;
    }
  jpeg_destroy_decompress (&source);
  return sound;
}

gboolean
lacuna_jpeg_read (const char *path, LacunaJpeg *ret_jpeg)
{
  FILE *file = g_fopen (path, "rbe");
  gboolean sound;

  if (file == NULL)
    return FALSE;
  sound = read_header (file, NULL, ret_jpeg);
  fclose (file);
  return sound;
}

gboolean
lacuna_jpeg_read_bytes (GBytes *file, LacunaJpeg *ret_jpeg)
{
  return read_header (NULL, file, ret_jpeg);
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
  ErrorManager manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  struct jpeg_compress_struct target = { .err = &manager.base };
  unsigned char *encoded = NULL;
  unsigned long encoded_size = 0;
  volatile gboolean done = FALSE;

  init_error_manager (&manager);
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
  if (done)
    {
      g_free (*data);
      *data = g_memdup2 (encoded, encoded_size);
      *size = encoded_size;
    }
  free (encoded);
  return done;
}

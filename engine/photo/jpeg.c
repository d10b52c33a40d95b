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

static gboolean
read_header (FILE *file, LacunaJpeg *ret_jpeg)
{
  ErrorManager manager;
  struct jpeg_decompress_struct source = { .err = &manager.base };
  volatile gboolean sound = FALSE;

  init_error_manager (&manager);
  if (setjmp (manager.failed) == 0)
    {
      jpeg_create_decompress (&source);
      jpeg_stdio_src (&source, file);
      jpeg_read_header (&source, TRUE);
      ret_jpeg->quality = estimate_quality (&source);
      ret_jpeg->progressive = source.progressive_mode;
      ret_jpeg->subsampled = source.num_components >= 3
                             && source.comp_info[0].h_samp_factor > source.comp_info[1].h_samp_factor
                             && source.comp_info[0].v_samp_factor > source.comp_info[1].v_samp_factor;
      sound = TRUE;
    }
  jpeg_destroy_decompress (&source);
  return sound;
}

gboolean
lacuna_jpeg_read (const char *path, LacunaJpeg *ret_jpeg)
{
  FILE *file = g_fopen (path, "rbe");
  LacunaJpeg jpeg;
  gboolean sound;

  if (file == NULL)
    return FALSE;
  sound = read_header (file, &jpeg);
  fclose (file);
  if (sound)
    *ret_jpeg = jpeg;
  return sound;
}

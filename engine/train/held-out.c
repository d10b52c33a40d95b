/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crops that a model is judged by, and filling and scoring them. Truths and masks are made once, by the seed, so that
 * scores of different models and steps compare; only pixels of the hole are replaced, as in a fill. Crops are owned
 * here, and borrowed by others. It runs on the engine's thread. */
#include "engine/train/held-out.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/error.h"
#include "engine/fill/score.h"
#include "engine/photo/samples.h"
#include "engine/train/options-private.h"

typedef struct {
  LacunaPhoto *truth;
  LacunaMask  *mask;
} Crop;

struct _LacunaHeldOut {
  GPtrArray *crops; /* of Crop */
};

static void
crop_free (gpointer data)
{
  Crop *self = data;

  g_object_unref (self->truth);
  lacuna_mask_unref (self->mask);
  g_free (self);
}

static LacunaPhoto *
take_square (LacunaPhoto *photo, int side, GError **error)
{
  int width = lacuna_photo_get_width (photo), height = lacuna_photo_get_height (photo), size = MIN (width, height);

  return lacuna_photo_resample (photo, (LacunaBox){ (width - size) / 2, (height - size) / 2, size, size }, side, side,
                                error);
}

static LacunaMask *
make_mask (const LacunaHeldOutOptions *options, guint32 number, guint side)
{
  const guint window = side / 2;
  const guint32 seeds[] = { options->seed, number };
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  gsize n_pixels = (gsize) side * side;
  g_autofree float *mask = g_new0 (float, n_pixels);
  g_autofree float *discount = g_new0 (float, n_pixels);
  g_autofree guint8 *pixels = g_new0 (guint8, n_pixels);
  gsize row = g_rand_int_range (rand, 0, side - window + 1);
  gsize start = row * side + g_rand_int_range (rand, 0, side - window + 1);

  lacuna_hole_draw (rand, options->holes, 1.0, window, side, mask + start, discount + start);
  for (gsize i = 0; i < n_pixels; i++)
    pixels[i] = mask[i] != 0.0f;
  return lacuna_mask_new (side, side, pixels);
}

LacunaHeldOut *
lacuna_held_out_new (LacunaPhotoCache *cache, GPtrArray *photos, const LacunaHeldOutOptions *options, GError **error)
{
  g_autoptr (LacunaHeldOut) self = g_new0 (LacunaHeldOut, 1);
  const guint n_sides = (options->side - options->least_side) / LACUNA_SIDE_STEP + 1;
  g_autoptr (GError) problem = NULL;

  self->crops = g_ptr_array_new_with_free_func (crop_free);
  for (guint i = 0; i < options->n; i++)
    {
      const guint side = options->least_side + i % n_sides * LACUNA_SIDE_STEP;
      g_autoptr (LacunaPhoto) photo = NULL;
      g_autoptr (LacunaPhoto) truth = NULL;
      Crop *crop;

      g_clear_error (&problem);
      photo = lacuna_photo_cache_load (cache, photos->pdata[i % photos->len], NULL, &problem);
      truth = photo != NULL ? take_square (photo, side, &problem) : NULL;
      if (truth == NULL)
        continue;
      crop = g_new (Crop, 1);
      *crop = (Crop){ g_steal_pointer (&truth), make_mask (options, i, side) };
      g_ptr_array_add (self->crops, crop);
    }
  if (self->crops->len > 0)
    return g_steal_pointer (&self);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

void
lacuna_held_out_free (LacunaHeldOut *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->crops);
  g_free (self);
}

guint
lacuna_held_out_get_n (LacunaHeldOut *self)
{
  return self->crops->len;
}

LacunaPhoto *
lacuna_held_out_get_truth (LacunaHeldOut *self, guint i)
{
  return ((Crop *) self->crops->pdata[i])->truth;
}

LacunaMask *
lacuna_held_out_get_mask (LacunaHeldOut *self, guint i)
{
  return ((Crop *) self->crops->pdata[i])->mask;
}

/* Computes the refined result of a crop, 3×side×side (g_free). */
static float *
run (const Crop *crop, LacunaGenerator *generator, LacunaContext *context, GError **error)
{
  const int side = lacuna_photo_get_width (crop->truth);
  const LacunaGeneratorOptions options = { 0 };
  g_auto (LacunaGeneratorOutput) output = { 0 };
  g_autoptr (LacunaTensor) image
      = lacuna_tensor_new (context, (LacunaShape){ .n = 1, .channels = 3, .height = side, .width = side }, error);
  const guint8 *hole = lacuna_mask_get_pixels (crop->mask);
  gsize plane = (gsize) side * side;
  g_autofree float *blanked = lacuna_photo_read_window (crop->truth, (LacunaBox){ 0, 0, side, side }, 0);
  g_autofree float *mask = g_try_new (float, plane);

  if (blanked == NULL || mask == NULL)
    {
      lacuna_error_set_memory (error, _ ("a photo held out"));
      return NULL;
    }
  for (gsize i = 0; i < plane; i++)
    {
      mask[i] = hole[i] != 0;
      for (gsize c = 0; c < 3; c++)
        blanked[c * plane + i] *= 1.0f - mask[i];
    }
  if (image == NULL || !lacuna_tensor_write (image, blanked, error)
      || !lacuna_generator_forward (generator, image, mask, &options, &output, error)
      || !lacuna_tensor_read (output.refined, blanked, error))
    return NULL;
  return g_steal_pointer (&blanked);
}

LacunaPhoto *
lacuna_held_out_fill (LacunaHeldOut *self, guint i, LacunaGenerator *generator, LacunaContext *context, GError **error)
{
  const Crop *crop = self->crops->pdata[i];
  const int side = lacuna_photo_get_width (crop->truth);
  g_autofree float *refined = run (crop, generator, context, error);
  gsize n = (gsize) side * side;
  g_autofree gpointer samples
      = refined != NULL ? lacuna_photo_quantize (refined, n, n, lacuna_photo_get_depth (crop->truth)) : NULL;
  LacunaPatch patch = { { 0, 0, side, side }, samples, lacuna_mask_get_pixels (crop->mask) };

  if (refined != NULL && samples == NULL)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("There is no memory for a held-out photo. Close other programs."));
  return samples != NULL ? lacuna_photo_paste (crop->truth, &patch, 1, error) : NULL;
}

gboolean
lacuna_held_out_score (LacunaHeldOut *self, LacunaGenerator *generator, LacunaContext *context,
                       LacunaHeldOutBetween between, gpointer data, LacunaHeldOutScore *ret_score,
                       GPtrArray **ret_filled, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  LacunaHeldOutScore sum = { 0.0, 0.0 };

  for (guint i = 0; i < self->crops->len; i++)
    {
      const Crop *crop = self->crops->pdata[i];
      g_autoptr (LacunaPhoto) filled = NULL;
      LacunaScore score;

      if (between != NULL && !between (data, error))
        return FALSE;
      filled = lacuna_held_out_fill (self, i, generator, context, error);
      if (filled == NULL || !lacuna_score_photo (filled, crop->truth, crop->mask, &score, error))
        return FALSE;
      sum.l1 += score.hole.l1;
      sum.psnr += score.hole.psnr;
      g_ptr_array_add (all, g_steal_pointer (&filled));
    }
  ret_score->l1 = sum.l1 / self->crops->len;
  ret_score->psnr = sum.psnr / self->crops->len;
  if (ret_filled != NULL)
    *ret_filled = g_steal_pointer (&all);
  return TRUE;
}

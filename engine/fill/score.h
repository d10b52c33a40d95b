/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/mask.h"
#include "engine/photo/photo.h"

G_BEGIN_DECLS

/**
 * LacunaLikeness:
 * @l1: 100·mean |d|, %
 * @l2: 100·mean d², %
 * @psnr: −10·log10 (mean d²), dB; infinite where they are equal
 * @ssim: structural similarity of luminance (Wang et al. 2004), Gaussian window of σ 1.5; 1 where equal
 *
 * How near a result is to the truth, over some pixels and the three channels; d = (result − truth) / 255.
 */
typedef struct {
  double l1;
  double l2;
  double psnr;
  double ssim;
} LacunaLikeness;

#define LACUNA_TYPE_LIKENESS (lacuna_likeness_get_type ())
GType lacuna_likeness_get_type (void);

/**
 * LacunaScore:
 * @hole: over the hole's pixels
 * @whole: over all
 * @tv: 100·mean (|∂x| + |∂y|) / 255 of the result in the hole, %
 * @texture: mean |T(result) − T(truth)| in the hole, T the Gaussian mean (σ 4) of ln (1 + |∂x| + |∂y|) of luma: is it
 *   textured where it should be, and plain where it should be plain?
 * @low: 100·mean |Gaussian mean (σ 8) of d| in the hole, %: are large areas and gradients right?
 * @sharpness: Sobel energy inside the hole over that around it; its mean over photos is the geometric one
 * @noise: median absolute deviation of a high-pass inside over that around
 * @seam: mean gradient across the hole's border over that across the border moved 8 pixels outward
 * @edge: mean gradient across the hole's border over the truth's there
 *
 * Ratios are NaN where the photo leaves them undefined, as where a hole is too thin to have an inside.
 */
typedef struct {
  LacunaLikeness hole, whole;
  double tv;
  double texture;
  double low;
  double sharpness;
  double noise;
  double seam;
  double edge;
} LacunaScore;

#define LACUNA_TYPE_SCORE (lacuna_score_get_type ())
GType lacuna_score_get_type (void);

/**
 * lacuna_score_photo:
 * @result: a filled photo
 * @truth: the photo as it was
 * @mask: the hole
 * @ret_score: (out caller-allocates): the figures
 * @error: %LACUNA_ERROR_UNFIT: sizes differ; %LACUNA_ERROR_EMPTY: the mask marks nothing
 *
 * Both count as RGB with 8 bits a sample (grey tripled, 16 bits rounded, alpha left out).
 *
 * Returns: whether it was scored
 */
gboolean lacuna_score_photo (LacunaPhoto *result, LacunaPhoto *truth, LacunaMask *mask, LacunaScore *ret_score,
                             GError **error);

G_END_DECLS

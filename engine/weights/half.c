/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/half.h"

#include <math.h>
#include <string.h>

float
lacuna_half_widen (guint16 half)
{
  guint32 exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  guint32 bits;
  float value;

  if (exponent == 0)
    return (half & 0x8000 ? -0x1p-24f : 0x1p-24f) * fraction;
  exponent = exponent == 0x1f ? 0xff : exponent + 127 - 15;
  bits = (guint32) (half & 0x8000) << 16 | exponent << 23 | fraction << 13;
  memcpy (&value, &bits, sizeof value);
  return value;
}

guint16
lacuna_half_narrow (float value)
{
  guint32 bits;
  guint16 sign;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits > 0x7f800000)
    return sign | 0x7e00;
  if (bits >= 0x477ff000)
    return sign | 0x7c00;
  if (bits < 0x38800000)
    return sign | (guint16) rintf (fabsf (value) * 0x1p24f);
  return sign | (guint16) ((bits - 0x38000000 + 0xfff + (bits >> 13 & 1)) >> 13);
}

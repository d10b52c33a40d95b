/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <glib.h>

G_BEGIN_DECLS

/* libjpeg's errors, which jump to where setjmp was called with failed, and are not printed. Private to the codec
 * room. */
typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf               failed;
} LacunaJpegErrors;

void lacuna_jpeg_errors_init (LacunaJpegErrors *self);

G_END_DECLS

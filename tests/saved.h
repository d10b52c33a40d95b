/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Photos that are saved and loaded again, among the test images. */
#include "engine/photo/photo.h"
#include "tests/image.h"

static inline LacunaPhoto *
saved_load (const char *path)
{
  g_autoptr (GError) error = NULL;
  LacunaPhoto *photo = lacuna_photo_load (path, NULL, &error);

  g_assert_no_error (error);
  return photo;
}

/* Loads one file of the test folder, saves it under another name and loads that. */
static inline LacunaPhoto *
saved_convert (const char *from, const char *to, int quality)
{
  g_autofree char *source = image_path (from);
  g_autofree char *target = image_path (to);
  g_autoptr (LacunaPhoto) photo = saved_load (source);
  g_autoptr (GError) error = NULL;

  lacuna_photo_save (photo, target, quality != 0 ? &(LacunaSaveOptions){ quality } : NULL, &error);
  g_assert_no_error (error);
  return saved_load (target);
}

static inline void
saved_write (VipsImage *image, const char *name)
{
  g_autofree char *path = image_path (name);

  g_assert_cmpint (vips_image_write_to_file (image, path, NULL), ==, 0);
  g_object_unref (image);
}

static inline GBytes *
saved_read (const char *path)
{
  char *content;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  return g_bytes_new_take (content, size);
}

static inline void
saved_assert_blob_kept (VipsImage *source, VipsImage *copy, const char *name)
{
  const void *a, *b;
  gsize size_a, size_b;

  g_assert_cmpint (vips_image_get_blob (source, name, &a, &size_a), ==, 0);
  g_assert_cmpint (vips_image_get_blob (copy, name, &b, &size_b), ==, 0);
  g_assert_cmpmem (a, size_a, b, size_b);
}

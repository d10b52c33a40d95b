/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/npy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/publish.h"

#define MAGIC "\x93NUMPY\x01"
#define PREAMBLE 10 /* the magic, its version and two bytes of header length */
#define ALIGNMENT 64

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define FLOAT_TYPE "<f4"
#else
#define FLOAT_TYPE ">f4"
#endif

/* Preamble and header, blanks and a newline at their end so that the data is aligned. */
static GString *
format_header (guint n_dims, const gsize *dims)
{
  GString *header = g_string_new_len (MAGIC "\0\0\0", PREAMBLE);
  guint16 length;

  g_string_append (header, "{'descr': '" FLOAT_TYPE "', 'fortran_order': False, 'shape': (");
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (header, "%" G_GSIZE_FORMAT ", ", dims[i]);
  g_string_append (header, "), }");
  while ((header->len + 1) % ALIGNMENT != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  length = GUINT16_TO_LE (header->len - PREAMBLE);
  memcpy (header->str + PREAMBLE - sizeof length, &length, sizeof length);
  return header;
}

gboolean
lacuna_npy_save (const char *path, const float *values, guint n_dims, const gsize *dims, GError **error)
{
  g_autoptr (GString) header = format_header (n_dims, dims);
  g_autofree char *content = NULL;
  gsize size = sizeof *values;

  for (guint i = 0; i < n_dims; i++)
    size *= dims[i];
  content = g_try_malloc (header->len + size);
  if (content == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                   _ ("No memory for writing “%s” (%zu bytes). Close other programs."), path, size);
      return FALSE;
    }
  memcpy (content, header->str, header->len);
  memcpy (content + header->len, values, size);
  return lacuna_publish (path, content, header->len + size, LACUNA_PUBLISH_DEFAULT, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/codec/texts.h"

#include <string.h>

#include "engine/codec/plain.h"
#include "engine/codec/vips-image.h"

typedef struct {
  GPtrArray *tags;
  GString   *comment, *lines;
} Texts;

/* Keywords of the PNG specification. */
static const char *
find_tag (const char *keyword)
{
  static const char *const tags[][2] = {
    { "Title", "Xmp.dc.title" },
    { "Author", "Xmp.dc.creator" },
    { "Description", "Xmp.dc.description" },
    { "Copyright", "Xmp.dc.rights" },
    { "Source", "Xmp.dc.source" },
    { "Software", "Exif.Image.Software" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (g_str_equal (keyword, tags[i][0]))
      return tags[i][1];
  return NULL;
}

static void
append_line (GString *text, const char *line)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static gpointer
add_text (VipsImage *image, const char *name, GValue *value, gpointer data)
{
  Texts *texts = data;
  const char *raw, *tag,
      *end = g_str_has_prefix (name, LACUNA_TEXT_FIELD) ? strchr (name + strlen (LACUNA_TEXT_FIELD), '-') : NULL;
  g_autofree char *text = NULL, *line = NULL;

  if (end == NULL || vips_image_get_string (image, name, &raw) != 0 || (text = lacuna_plain_to_utf8 (raw)) == NULL)
    return NULL;
  tag = find_tag (end + 1);
  if (tag != NULL)
    {
      g_ptr_array_add (texts->tags, g_strdup (tag));
      g_ptr_array_add (texts->tags, g_steal_pointer (&text));
    }
  else if (g_str_equal (end + 1, "Comment"))
    append_line (texts->comment, text);
  else
    {
      line = g_strdup_printf ("%s: %s", end + 1, text);
      append_line (texts->lines, line);
    }
  return NULL;
}

GPtrArray *
lacuna_texts_list (VipsImage *image, char **ret_comment)
{
  Texts texts = { g_ptr_array_new_with_free_func (g_free), g_string_new (NULL), g_string_new (NULL) };

  vips_image_map (image, add_text, &texts);
  if (texts.lines->len > 0)
    append_line (texts.comment, texts.lines->str);
  g_string_free (texts.lines, TRUE);
  *ret_comment = g_string_free (texts.comment, texts.comment->len == 0);
  return texts.tags;
}

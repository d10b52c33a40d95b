/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records in XMP what was filled, as a list of structures in Lacuna's own namespace (data/doc/record.md). Entries of
 * earlier fills are never removed: new ones are numbered behind them, and their boxes are turned with the photo. It
 * runs in lacuna-codec, on its main thread. */
#include "engine/codec/fills.h"

#include <string.h>

#include "engine/codec/exiv2.h"

#define FILLS "Xmp." LACUNA_EXIV2_PREFIX ".fills"
#define PART "/" LACUNA_EXIV2_PREFIX ":" /* of a structure, before its name */

/* https://cv.iptc.org/newscodes/digitalsourcetype */
#define SOURCE_TYPE "Xmp.iptcExt.DigitalSourceType"
#define GENERATED "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
#define INPAINTED "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

/* Real numbers have no exponent in XMP. */
static char *
format (GVariant *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup (g_ascii_formatd (number, sizeof number, "%.4f", g_variant_get_double (value)));
  return g_variant_print (value, FALSE);
}

static void
add_value (GExiv2Metadata *tags, const char *tag, GVariant *value)
{
  g_autofree char *text = NULL;
  GVariantIter iter;
  const char *name;
  GVariant *part;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    {
      text = format (value);
      gexiv2_metadata_try_set_tag_string (tags, tag, text, NULL);
      return;
    }
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &part))
    {
      g_autofree char *part_tag = g_strconcat (tag, PART, name, NULL);

      add_value (tags, part_tag, part);
    }
}

/* Counts the fills by the highest index among their parts, as gexiv2 lists no tag without a text of its own. */
static guint
count_fills (GExiv2Metadata *tags)
{
  g_auto (GStrv) names = gexiv2_metadata_get_xmp_tags (tags);
  guint64 n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], FILLS "["))
      n = MAX (n, g_ascii_strtoull (names[i] + strlen (FILLS "["), NULL, 10));
  return (guint) n;
}

/* Marks the photo as inpainted by a model; one that a model made altogether keeps that mark. */
static void
set_source_type (GExiv2Metadata *tags)
{
  g_autofree char *type = gexiv2_metadata_try_get_tag_string (tags, SOURCE_TYPE, NULL);

  if (g_strcmp0 (type, GENERATED) != 0)
    gexiv2_metadata_try_set_tag_string (tags, SOURCE_TYPE, INPAINTED, NULL);
}

void
lacuna_fills_add (GExiv2Metadata *tags, GVariant *fills)
{
  guint n = count_fills (tags);

  if (n == 0)
    {
      gexiv2_metadata_try_clear_tag (tags, FILLS, NULL);
      gexiv2_metadata_try_set_xmp_tag_struct (tags, FILLS, GEXIV2_STRUCTURE_XA_BAG, NULL);
    }
  for (gsize i = 0; i < g_variant_n_children (fills); i++)
    {
      g_autoptr (GVariant) fill = g_variant_get_child_value (fills, i);
      g_autofree char *tag = g_strdup_printf (FILLS "[%u]", ++n);

      add_value (tags, tag, fill);
    }
  set_source_type (tags);
}

typedef enum {
  X,
  Y,
  WIDTH,
  HEIGHT,
  PHOTO_WIDTH,
  PHOTO_HEIGHT,
  N_NUMBERS,
} Number;

static char *
name_number (guint fill, Number number)
{
  static const char *const names[] = { "x", "y", "width", "height", "photoWidth", "photoHeight" };

  return g_strdup_printf (FILLS "[%u]" PART "box" PART "%s", fill, names[number]);
}

/* FALSE: one is missing, or is none. */
static gboolean
read_box (GExiv2Metadata *tags, guint fill, gint64 *ret_numbers)
{
  for (Number i = 0; i < N_NUMBERS; i++)
    {
      g_autofree char *tag = name_number (fill, i);
      g_autofree char *text = gexiv2_metadata_try_get_tag_string (tags, tag, NULL);

      if (text == NULL || !g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &ret_numbers[i], NULL))
        return FALSE;
    }
  return TRUE;
}

static void
swap (gint64 *a, gint64 *b)
{
  gint64 kept = *a;

  *a = *b;
  *b = kept;
}

static void
turn_box (gint64 *numbers, int orientation)
{
  if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
    numbers[X] = numbers[PHOTO_WIDTH] - numbers[X] - numbers[WIDTH];
  if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
    numbers[Y] = numbers[PHOTO_HEIGHT] - numbers[Y] - numbers[HEIGHT];
  if (orientation >= 5)
    for (Number i = X; i < N_NUMBERS; i += 2)
      swap (&numbers[i], &numbers[i + 1]);
}

void
lacuna_fills_turn (GExiv2Metadata *tags, int orientation)
{
  guint n = orientation != 1 ? count_fills (tags) : 0;

  for (guint fill = 1; fill <= n; fill++)
    {
      gint64 numbers[N_NUMBERS];

      if (!read_box (tags, fill, numbers))
        continue;
      turn_box (numbers, orientation);
      for (Number i = 0; i < N_NUMBERS; i++)
        {
          g_autofree char *tag = name_number (fill, i);
          g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);

          gexiv2_metadata_try_set_tag_string (tags, tag, text, NULL);
        }
    }
}

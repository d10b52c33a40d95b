/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/save-formats.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/lacuna.h"

#define CHOICE "format"
#define KIND "kind of formats"

/* What each keeps is told in few words, as a dialog is as wide as the longest. */
static const struct {
  const char *suffix, *others; /* other suffixes of the format */
  const char *title;
  LacunaFormatsKind kind;
} formats[] = {
  { "jpg", "jpeg jpe jfif", N_ ("JPEG (small, rest untouched)") },
  { "png", "", N_ ("PNG (exact, transparency)") },
  { "tif", "tiff", N_ ("TIFF (exact, large)") },
  { "webp", "", N_ ("WebP (smaller, 8 bits)") },
  { "heic", "heif hif", N_ ("HEIC (smaller)") },
  { "avif", "", N_ ("AVIF (smallest, slow)") },
  { "ora", "", N_ ("OpenRaster (GIMP, Krita)"), LACUNA_FORMATS_LAYERS },
  { "tif", "tiff", N_ ("TIFF (layers as two pages)"), LACUNA_FORMATS_LAYERS },
  { "svg", "", N_ ("SVG (sharp, for the web)"), LACUNA_FORMATS_FIGURE },
  { "pdf", "", N_ ("PDF (sharp, for papers)"), LACUNA_FORMATS_FIGURE },
  { "png", "", N_ ("PNG (pixels)"), LACUNA_FORMATS_FIGURE },
};

static gboolean
is_of (guint i, const char *suffix)
{
  g_auto (GStrv) others = g_strsplit (formats[i].others, " ", 0);
  g_autofree char *lower = g_ascii_strdown (suffix, -1);

  return g_str_equal (lower, formats[i].suffix) || g_strv_contains ((const char *const *) others, lower);
}

/* NULL: the name has no suffix that can be saved as that. */
static const char *
find_format (const char *name, LacunaFormatsKind kind)
{
  const char *dot = strrchr (name, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (formats); i++)
    if (formats[i].kind == kind && is_of (i, dot + 1))
      return formats[i].suffix;
  return NULL;
}

void
lacuna_save_formats_add (GtkFileChooser *dialog, const char *name, LacunaFormatsKind kind)
{
  const char *const *writable = lacuna_photo_get_save_suffixes ();
  const char *first = find_format (name, kind);
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new (), titles = g_ptr_array_new ();

  /* A dialog that is not shown yet begins with the first, whatever is set, in GTK 4.8: that is the photo's own. */
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].kind == kind && (kind != LACUNA_FORMATS_PHOTO || g_strv_contains (writable, formats[i].suffix)))
      {
        int at = g_strcmp0 (formats[i].suffix, first) == 0 ? 0 : -1;

        g_ptr_array_insert (suffixes, at, (gpointer) formats[i].suffix);
        g_ptr_array_insert (titles, at, (gpointer) _ (formats[i].title));
      }
  g_ptr_array_add (suffixes, NULL);
  g_ptr_array_add (titles, NULL);
  gtk_file_chooser_add_choice (dialog, CHOICE, _ ("Format"), (const char **) suffixes->pdata,
                               (const char **) titles->pdata);
  g_object_set_data (G_OBJECT (dialog), CHOICE, suffixes->pdata[0]);
  g_object_set_data (G_OBJECT (dialog), KIND, GINT_TO_POINTER (kind));
}

char *
lacuna_save_formats_set_suffix (GtkFileChooser *dialog, const char *given)
{
  const char *chosen = gtk_file_chooser_get_choice (dialog, CHOICE);
  const char *offered = g_object_get_data (G_OBJECT (dialog), CHOICE);
  g_autofree char *path = g_strdup (given);
  const char *own = find_format (path, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), KIND)));

  /* A portal may know no choices. */
  if (chosen == NULL)
    chosen = offered;
  if (g_strcmp0 (own, chosen) == 0 || (own != NULL && g_strcmp0 (chosen, offered) == 0))
    return g_steal_pointer (&path);
  if (own != NULL)
    *strrchr (path, '.') = '\0';
  return g_strconcat (path, ".", chosen, NULL);
}

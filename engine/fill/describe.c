/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fill/fill-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/fill/provenance.h"

#define MOST_FILLS 32           /* what metadata have room for, and people look through */
#define MOST_MEASURED (4 << 20) /* pixels of a box: to trace where they come from takes 100 bytes for each */

/* What all regions have in common. */
typedef struct {
  LacunaFill  *fill;
  LacunaPhoto *photo;
  char        *model, *sum;
} Subject;

static void
subject_clear (Subject *self)
{
  g_free (self->model);
  g_free (self->sum);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

/* The model's name: that of its file, without folder and suffix. */
static char *
name_model (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_steal_pointer (&name);
}

/* Read, not mapped: the file may be cut short meanwhile. */
static char *
sum_file (const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &problem))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                   _ ("What was filled can't be recorded, as the model can't be read any more: %s. Fill again."),
                   problem->message);
      return NULL;
    }
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, size);
}

static GVariant *
describe_box (const Subject *self, const LacunaBox *box)
{
  return g_variant_new_parsed ("{'x': <%i>, 'y': <%i>, 'width': <%i>, 'height': <%i>, 'photoWidth': <%i>, "
                               "'photoHeight': <%i>}",
                               box->x, box->y, box->width, box->height, lacuna_photo_get_width (self->photo),
                               lacuna_photo_get_height (self->photo));
}

static gboolean
add_fill (GVariantBuilder *fills, const Subject *self, const LacunaBox *box, GError **error)
{
  g_autoptr (GVariant) described = NULL;
  GVariantDict dict;

  if ((gsize) box->width * box->height <= MOST_MEASURED)
    {
      g_autoptr (LacunaProvenance) provenance = lacuna_provenance_new (self->fill, self->photo, box, error);

      if (provenance == NULL)
        return FALSE;
      described = lacuna_provenance_describe (provenance);
    }
  g_variant_dict_init (&dict, described);
  g_variant_dict_remove (&dict, "areas");
  g_variant_dict_insert_value (&dict, "box", describe_box (self, box));
  g_variant_dict_insert (&dict, "program", "s", "Lacuna " LACUNA_VERSION);
  g_variant_dict_insert (&dict, "model", "s", self->model);
  g_variant_dict_insert (&dict, "modelSHA256", "s", self->sum);
  g_variant_dict_insert_value (&dict, "steered", lacuna_fill_get_steered (self->fill));
  g_variant_builder_add_value (fills, g_variant_dict_end (&dict));
  return TRUE;
}

GVariant *
lacuna_fill_describe (LacunaFill *self, LacunaPhoto *photo, GError **error)
{
  g_auto (GVariantBuilder) fills = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_auto (Subject) subject = { self, photo, name_model (lacuna_fill_get_model (self)),
                               sum_file (lacuna_fill_get_model (self), error) };
  LacunaBox all = lacuna_fill_get_bounds (self);
  guint n = lacuna_fill_get_n_regions (self);

  if (subject.sum == NULL)
    return NULL;
  for (guint i = 0; n <= MOST_FILLS && i < n; i++)
    if (!add_fill (&fills, &subject, lacuna_region_get_hole (lacuna_fill_get_region (self, i)), error))
      return NULL;
  if (n > MOST_FILLS && !add_fill (&fills, &subject, &all, error))
    return NULL;
  return g_variant_ref_sink (g_variant_builder_end (&fills));
}

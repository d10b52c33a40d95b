/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a project file, which may come from anyone: no value is used before it was checked, no name is ever used as
 * a path on the disk, each file in it is used once, and the size of the file limits what its fills may take in
 * memory. lacuna_project_load() runs in a GTask's thread, which opens the photo or makes a picture of it
 * (app/document/glance.c). */
#include "app/document/project-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "app/document/polyline.h"
#include "engine/json.h"

#define MOST_BYTES (3ll << 30) /* size of the file */
#define MOST_TEXT (1 << 20)    /* bytes of project.json */
#define MOST_TITLE 200 /* bytes */
#define SPARE_BYTES (16 << 20) /* bytes that unpacking may add to twice the size of the file */
#define MOST_PACKED 50         /* bytes of fills for each byte of the file, beyond FREE_FILLS */
#define FREE_FILLS (512ull << 20)

typedef struct {
  const char *path;
  LacunaProject *project;
  GHashTable *files;                             /* GBytes by name: those not used yet */
  gsize budget;                                  /* bytes that fills may yet have */
  LacunaRaster *rasters[LACUNA_PROJECT_N_KINDS]; /* what is marked after the steps that were read */
  GCancellable *cancellable;
} Reader;

static gboolean
refuse (const Reader *self, const char *why, GError **error)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
               _ ("“%s” can't be opened as a project: %s. Use an intact copy."), self->path, why);
  return FALSE;
}

/* Returns the file of that name and takes it out of the table. NULL: there is none, or it was used before. */
static GBytes *
take_file (Reader *self, const char *name)
{
  g_autofree char *key = NULL;
  gpointer file = NULL;

  if (name != NULL)
    g_hash_table_steal_extended (self->files, name, (gpointer *) &key, &file);
  return file;
}

static const char *
get_title (JsonObject *object, const char *fallback)
{
  const char *title = lacuna_json_get_text (object, "title", NULL);

  return title != NULL && strlen (title) <= MOST_TITLE ? title : fallback;
}

/* Returns a whole number of at least 0; -1: there is none of that name, or it is out of range. */
static int
get_number (JsonObject *object, const char *name)
{
  return lacuna_json_get_int (object, name, 0, G_MAXINT, -1);
}

/* Loads an image, which must have exactly that size in pixels. */
static LacunaPhoto *
load_image (Reader *self, const char *name, int width, int height, GError **error)
{
  g_autoptr (GBytes) file = take_file (self, name);

  if (file == NULL)
    {
      refuse (self, _ ("a file that it names is missing, or named twice"), error);
      return NULL;
    }
  if (!lacuna_photo_check_size (name, file, width, height, _ ("image"), error))
    return NULL;
  return lacuna_photo_load_bytes (file, name, self->cancellable, error);
}

/* Reads an image whose light pixels are marked. *ret_delta is how it differs from what was marked; NULL: not at all. */
static gboolean
read_marks (Reader *self, LacunaProjectKind kind, const char *name, LacunaDelta **ret_delta, GError **error)
{
  int width = lacuna_photo_get_width (self->project->photo), height = lacuna_photo_get_height (self->project->photo);
  g_autoptr (LacunaPhoto) image = load_image (self, name, width, height, error);
  g_autoptr (LacunaMask) mask = NULL;
  g_autofree guint8 *pixels = NULL;
  const guint8 *samples;
  int bands, n_bytes;

  if (image == NULL)
    return FALSE;
  bands = lacuna_photo_get_bands (image);
  n_bytes = lacuna_photo_get_depth (image) / 8;
  samples = lacuna_photo_get_pixels (image);
  pixels = g_try_malloc_n (height, width);
  for (gsize i = 0; pixels != NULL && i < (gsize) width * height; i++)
    pixels[i]
        = n_bytes == 1 ? samples[i * bands] >= 128 : ((const guint16 *) (gconstpointer) samples)[i * bands] >= 1 << 15;
  mask = pixels != NULL ? lacuna_mask_new (width, height, pixels) : NULL;
  if (mask == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY, _ ("“%s” can't be opened for want of memory."),
                   self->path);
      return FALSE;
    }
  *ret_delta = lacuna_raster_compare (self->rasters[kind], mask, 0, 0);
  if (*ret_delta != NULL)
    lacuna_raster_apply (self->rasters[kind], *ret_delta);
  return TRUE;
}

/* Returns a floating “a(dd)” whose corners are not checked yet, NAN where one is no pair of numbers; NULL: node is no
 * list. */
static GVariant *
read_line (JsonNode *node)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(dd)"));

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *corner = json_array_get_element (json_node_get_array (node), i);
      double at[2] = { NAN, NAN };

      if (JSON_NODE_HOLDS_ARRAY (corner) && json_array_get_length (json_node_get_array (corner)) == 2)
        for (guint j = 0; j < 2; j++)
          at[j] = lacuna_json_node_get_number (json_array_get_element (json_node_get_array (corner), j), NAN);
      g_variant_builder_add (&builder, "(dd)", at[0], at[1]);
    }
  return g_variant_builder_end (&builder);
}

/* Reads the lines that edges are to follow after a step. *ret_lines NULL: the step leaves them as they were. */
static gboolean
read_lines (Reader *self, JsonObject *object, GVariant **ret_lines, GError **error)
{
  LacunaPhoto *photo = self->project->photo;
  JsonArray *array = lacuna_json_get_array (object, LACUNA_PROJECT_LINES);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa(dd)"));
  gboolean sound = array != NULL;

  if (!json_object_has_member (object, LACUNA_PROJECT_LINES))
    return TRUE;
  for (guint i = 0; sound && i < json_array_get_length (array); i++)
    {
      GVariant *line = read_line (json_array_get_element (array, i));

      sound = line != NULL;
      if (sound)
        g_variant_builder_add_value (&builder, line);
    }
  *ret_lines = g_variant_ref_sink (g_variant_builder_end (&builder));
  return (sound && lacuna_polylines_check (*ret_lines, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo)))
         || refuse (self, _ ("a line in it is damaged"), error);
}

/* Reads a step that marks something. *ret_step NULL: it changes nothing. */
static gboolean
read_marking (Reader *self, JsonObject *object, LacunaStep **ret_step, GError **error)
{
  g_autoptr (LacunaDelta) mask = NULL, avoid = NULL, prefer = NULL;
  g_autoptr (GVariant) lines = NULL;
  LacunaDelta **deltas[] = { &mask, &avoid, &prefer };

  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    {
      const char *name = lacuna_json_get_text (object, lacuna_project_kinds[kind], NULL);

      if (name != NULL && !read_marks (self, kind, name, deltas[kind], error))
        return FALSE;
    }
  if (!read_lines (self, object, &lines, error))
    return FALSE;
  if (mask != NULL || avoid != NULL || prefer != NULL || lines != NULL)
    *ret_step = lacuna_step_new_mask (get_title (object, _ ("Marks")), mask, (LacunaDelta *[]){ avoid, prefer });
  if (lines != NULL)
    lacuna_step_set_lines (*ret_step, lines);
  return TRUE;
}

/* Takes the size of a fill from the budget. FALSE: the box is not within the photo, or the budget is too small. */
static gboolean
spend (Reader *self, LacunaBox box, GError **error)
{
  LacunaPhoto *photo = self->project->photo;
  gsize size;

  if (box.x < 0 || box.y < 0 || box.width <= 0 || box.height <= 0 || box.width > lacuna_photo_get_width (photo) - box.x
      || box.height > lacuna_photo_get_height (photo) - box.y)
    return refuse (self, _ ("a fill lies outside the photo"), error);
  size = (gsize) box.width * box.height * 4 * lacuna_photo_get_depth (photo) / 8;
  if (size > self->budget)
    return refuse (self, _ ("it claims more than it can hold"), error);
  self->budget -= size;
  return TRUE;
}

/* Returns a floating “(iiiiayay)” as lacuna_retouch_deserialize wants it, with mask and samples apart. */
static GVariant *
split (LacunaBox box, LacunaPhoto *image)
{
  gsize n = (gsize) box.width * box.height, n_bytes = lacuna_photo_get_depth (image) / 8;
  const guint8 *rgba = lacuna_photo_get_pixels (image);
  guint8 *mask = g_malloc (n), *samples = g_malloc_n (n, 3 * n_bytes);

  for (gsize i = 0; i < n; i++)
    {
      memcpy (samples + 3 * n_bytes * i, rgba + 4 * n_bytes * i, 3 * n_bytes);
      mask[i] = rgba[4 * n_bytes * (i + 1) - 1];
    }
  return g_variant_new (
      "(iiii@ay@ay)", box.x, box.y, box.width, box.height,
      g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, mask, n, TRUE, g_free, mask),
      g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, samples, n * 3 * n_bytes, TRUE, g_free, samples));
}

static gboolean
read_patch (Reader *self, JsonObject *object, GVariantBuilder *builder, GError **error)
{
  LacunaBox box;
  g_autoptr (LacunaPhoto) image = NULL;

  if (object == NULL)
    return refuse (self, _ ("a fill in it is damaged"), error);
  box = (LacunaBox){ get_number (object, "x"), get_number (object, "y"), get_number (object, "width"),
                     get_number (object, "height") };
  if (!spend (self, box, error))
    return FALSE;
  image = load_image (self, lacuna_json_get_text (object, "file", NULL), box.width, box.height, error);
  if (image == NULL)
    return FALSE;
  if (lacuna_photo_get_bands (image) != 4
      || lacuna_photo_get_depth (image) != lacuna_photo_get_depth (self->project->photo))
    return refuse (self, _ ("a fill in it is not as the photo is"), error);
  g_variant_builder_add_value (builder, split (box, image));
  return TRUE;
}

/* Returns what lacuna_retouch_deserialize wants, with the record of the fill where the project has one; NULL: the
 * record is damaged. */
static GVariant *
make_retouch (int depth, GVariantBuilder *patches, JsonObject *object)
{
  JsonNode *told = json_object_get_member (object, "fills");
  GVariant *fills = told != NULL ? json_gvariant_deserialize (told, "aa{sv}", NULL) : NULL;

  if (told == NULL)
    return g_variant_ref_sink (g_variant_new ("(ia(iiiiayay))", depth, patches));
  if (fills == NULL)
    return NULL;
  return g_variant_ref_sink (g_variant_new ("(ia(iiiiayay)@aa{sv})", depth, patches, fills));
}

static gboolean
read_fill (Reader *self, JsonObject *object, JsonArray *patches, LacunaStep **ret_step, GError **error)
{
  int width = lacuna_photo_get_width (self->project->photo), height = lacuna_photo_get_height (self->project->photo);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(iiiiayay)"));
  g_autoptr (GVariant) content = NULL, step = NULL;

  for (guint i = 0; i < json_array_get_length (patches); i++)
    if (!read_patch (self, lacuna_json_node_get_object (json_array_get_element (patches, i)), &builder, error))
      return FALSE;
  content = make_retouch (lacuna_photo_get_depth (self->project->photo), &builder, object);
  if (content == NULL)
    return refuse (self, _ ("a fill in it is damaged"), error);
  step = g_variant_ref_sink (g_variant_new ("(sv)", get_title (object, _ ("Fill")), content));
  *ret_step = lacuna_step_deserialize (step, width, height);
  return *ret_step != NULL || refuse (self, _ ("a fill in it is damaged"), error);
}

static gboolean
read_steps (Reader *self, JsonObject *root, GError **error)
{
  JsonArray *steps = lacuna_json_get_array (root, "steps");
  LacunaHistory *history = &self->project->history;
  int position = get_number (root, "position");

  if (steps == NULL || position < 0 || (guint) position > json_array_get_length (steps))
    return refuse (self, _ ("its steps are damaged"), error);
  for (guint i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *object = lacuna_json_node_get_object (json_array_get_element (steps, i));
      JsonArray *patches = object != NULL ? lacuna_json_get_array (object, "patches") : NULL;
      LacunaStep *step = NULL;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (object == NULL)
        return refuse (self, _ ("its steps are damaged"), error);
      if (!(patches != NULL ? read_fill (self, object, patches, &step, error)
                            : read_marking (self, object, &step, error)))
        return FALSE;
      if (step == NULL)
        continue;
      g_ptr_array_add (history->steps, step);
      history->position += i < (guint) position;
    }
  return TRUE;
}

static gboolean
read_photo (Reader *self, JsonObject *root, GError **error)
{
  LacunaProject *project = self->project;
  const char *name = lacuna_json_get_text (root, "photo", NULL);

  project->file = take_file (self, name);
  if (project->file == NULL)
    return refuse (self, _ ("its photo is missing"), error);
  project->name = g_strdup (name);
  if (!lacuna_photo_check_packing (name, project->file, error))
    return FALSE;
  project->photo = lacuna_photo_load_bytes (project->file, name, self->cancellable, error);
  if (project->photo == NULL)
    return FALSE;
  if (lacuna_photo_get_width (project->photo) != get_number (root, "width")
      || lacuna_photo_get_height (project->photo) != get_number (root, "height"))
    return refuse (self, _ ("its photo is not that of which it tells"), error);
  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    {
      self->rasters[kind]
          = lacuna_raster_new (lacuna_photo_get_width (project->photo), lacuna_photo_get_height (project->photo));
      if (self->rasters[kind] == NULL)
        return refuse (self, _ ("there is not enough memory"), error);
    }
  return TRUE;
}

static gboolean
read_all (Reader *self, GError **error)
{
  g_autoptr (GBytes) text = take_file (self, LACUNA_PROJECT_JSON);
  gsize length = 0;
  const char *data = text != NULL ? g_bytes_get_data (text, &length) : NULL;
  g_autoptr (JsonNode) node = data != NULL && length <= MOST_TEXT ? lacuna_json_parse (data, length, NULL) : NULL;
  JsonObject *root = lacuna_json_node_get_object (node);
  int version;

  if (root == NULL)
    return refuse (self, _ ("its project.json is missing or damaged"), error);
  version = get_number (root, "lacuna-project");
  if (version < LACUNA_PROJECT_WITHOUT_PREFER || version > LACUNA_PROJECT_VERSION)
    return refuse (self, _ ("it is of another version of Lacuna"), error);
  return read_photo (self, root, error) && read_steps (self, root, error);
}

static GBytes *
read_file (const Reader *self, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GStatBuf status;
  char *data;
  gsize size;

  if (g_stat (self->path, &status) == 0 && (!S_ISREG (status.st_mode) || status.st_size > MOST_BYTES))
    refuse (self, _ ("it is no plain file, or too large"), error);
  else if (!g_file_get_contents (self->path, &data, &size, &problem))
    g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_FILE, problem->message);
  else
    return g_bytes_new_take (data, size);
  return NULL;
}

LacunaProject *
lacuna_project_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaProject) project = g_new0 (LacunaProject, 1);
  Reader reader = { .path = path, .project = project, .cancellable = cancellable };
  g_autoptr (GBytes) zip = read_file (&reader, error);
  g_autoptr (GError) problem = NULL;
  gboolean sound;

  if (zip == NULL)
    return NULL;
  lacuna_history_init (&project->history);
  reader.budget = FREE_FILLS + MOST_PACKED * g_bytes_get_size (zip);
  reader.files = lacuna_zip_read (zip, 2 * g_bytes_get_size (zip) + SPARE_BYTES, &problem);
  sound = reader.files != NULL ? read_all (&reader, error) : refuse (&reader, problem->message, error);
  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    lacuna_raster_free (reader.rasters[kind]);
  g_clear_pointer (&reader.files, g_hash_table_unref);
  return sound ? g_steal_pointer (&project) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a project file: a zip with the photo, images of what was marked and filled, and project.json. All that was
 * marked between two fills becomes one step with one image of what is marked then; `rasters` always holds what is
 * marked after the steps that were written. lacuna_project_save() runs in a GTask's thread, on references to the
 * document's photo and steps. */
#include "app/document/project-private.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
  const LacunaProject *project;
  GPtrArray *names;
  GPtrArray *files; /* of GBytes, in the order of names */
  JsonBuilder *json;
  LacunaRaster *rasters[LACUNA_PROJECT_N_KINDS]; /* what is marked after the steps that were written */
  int last[LACUNA_PROJECT_N_KINDS];              /* the step that made it what it is now; -1: none */
  guint position;                                /* how many of the steps that were written are in force */
} Writer;

static void
writer_clear (Writer *self)
{
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->files);
  g_object_unref (self->json);
  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    lacuna_raster_free (self->rasters[kind]);
}

void
lacuna_project_free (LacunaProject *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->photo);
  g_clear_pointer (&self->file, g_bytes_unref);
  lacuna_history_clear (&self->history);
  g_free (self->name);
  g_free (self);
}

gboolean
lacuna_project_is (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".lacuna");
}

static const LacunaStep *
get_step (const Writer *self, guint i)
{
  return self->project->history.steps->pdata[i];
}

static const LacunaDelta *
get_delta (const LacunaStep *step, LacunaProjectKind kind)
{
  return kind == LACUNA_PROJECT_MASK ? step->delta : step->steer[kind - LACUNA_PROJECT_AVOID];
}

static gboolean
set_memory_error (GError **error)
{
  g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                       _ ("The project was not saved for want of memory. Close other programs and save again."));
  return FALSE;
}

/* Takes name and file. */
static void
add_file (Writer *self, char *name, GBytes *file)
{
  g_ptr_array_add (self->names, name);
  g_ptr_array_add (self->files, file);
}

static void
add_word (Writer *self, const char *name, const char *value)
{
  json_builder_add_string_value (json_builder_set_member_name (self->json, name), value);
}

static void
add_number (Writer *self, const char *name, gint64 value)
{
  json_builder_add_int_value (json_builder_set_member_name (self->json, name), value);
}

/* Adds a grey PNG of what is marked after the steps that were written. */
static gboolean
add_raster (Writer *self, LacunaProjectKind kind, const char *name, GError **error)
{
  LacunaRaster *raster = self->rasters[kind];
  g_autoptr (LacunaMask) mask = lacuna_raster_to_mask (raster);
  g_autoptr (GBytes) pixels = mask != NULL ? lacuna_mask_dup_bytes (mask) : NULL;
  g_autoptr (LacunaPhoto) image = NULL;
  GBytes *png;

  if (pixels == NULL)
    return set_memory_error (error);
  image = lacuna_photo_new (lacuna_raster_get_width (raster), lacuna_raster_get_height (raster), 1, 8, pixels, error);
  png = image != NULL ? lacuna_photo_save_bytes (image, "png", NULL, error) : NULL;
  if (png == NULL)
    return FALSE;
  add_word (self, lacuna_project_kinds[kind], name);
  add_file (self, g_strdup (name), png);
  return TRUE;
}

/* Adds a list of lines, each a list of its corners. */
static void
add_lines (Writer *self, GVariant *lines)
{
  json_builder_begin_array (json_builder_set_member_name (self->json, LACUNA_PROJECT_LINES));
  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) line = g_variant_get_child_value (lines, i);

      json_builder_begin_array (self->json);
      for (gsize j = 0; j < g_variant_n_children (line); j++)
        {
          double x, y;

          g_variant_get_child (line, j, "(dd)", &x, &y);
          json_builder_begin_array (self->json);
          json_builder_add_double_value (self->json, x);
          json_builder_add_double_value (self->json, y);
          json_builder_end_array (self->json);
        }
      json_builder_end_array (self->json);
    }
  json_builder_end_array (self->json);
}

/* Adds one step for those from first to before end, which change what is marked or the lines. */
static gboolean
add_marks (Writer *self, guint first, guint end, GError **error)
{
  gboolean changed[LACUNA_PROJECT_N_KINDS] = { FALSE };
  GVariant *lines = NULL;

  for (guint i = first; i < end; i++)
    if (get_step (self, i)->lines != NULL)
      lines = get_step (self, i)->lines;
  for (guint i = first; i < end; i++)
    for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
      if (get_delta (get_step (self, i), kind) != NULL)
        {
          lacuna_raster_apply (self->rasters[kind], get_delta (get_step (self, i), kind));
          changed[kind] = TRUE;
        }
  add_word (self, "title", end - first == 1 ? get_step (self, first)->title : _ ("Marks"));
  if (lines != NULL)
    add_lines (self, lines);
  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    {
      gboolean is_now = self->last[kind] >= (int) first && self->last[kind] < (int) end;
      g_autofree char *name = is_now ? g_strconcat (lacuna_project_kinds[kind], ".png", NULL)
                                     : g_strdup_printf ("%s-%u.png", lacuna_project_kinds[kind], first + 1);

      if (changed[kind] && !add_raster (self, kind, name, error))
        return FALSE;
    }
  return TRUE;
}

/* Widens a patch to LACUNA_PROJECT_LEAST_SIDE within the photo: smaller images can't be read again. */
static LacunaBox
widen (LacunaBox box, LacunaPhoto *photo)
{
  LacunaBox wide = box;

  wide.width = MAX (box.width, LACUNA_PROJECT_LEAST_SIDE);
  wide.height = MAX (box.height, LACUNA_PROJECT_LEAST_SIDE);
  wide.x = MIN (box.x, lacuna_photo_get_width (photo) - wide.width);
  wide.y = MIN (box.y, lacuna_photo_get_height (photo) - wide.height);
  return wide;
}

/* Returns the patch's pixels as red, green, blue and mask, in the photo's depth. NULL: no memory. */
static GBytes *
interleave (LacunaBox wide, LacunaBox box, int depth, const guint8 *mask, const guint8 *samples)
{
  gsize n_bytes = depth / 8, size = (gsize) wide.width * wide.height * 4 * n_bytes;
  guint8 *rgba = g_try_malloc0 (size);

  for (int y = 0; rgba != NULL && y < box.height; y++)
    for (int x = 0; x < box.width; x++)
      {
        gsize from = (gsize) y * box.width + x;
        gsize to = (gsize) (y + box.y - wide.y) * wide.width + x + box.x - wide.x;

        memcpy (rgba + 4 * n_bytes * to, samples + 3 * n_bytes * from, 3 * n_bytes);
        memset (rgba + 4 * n_bytes * to + 3 * n_bytes, mask[from], n_bytes);
      }
  return rgba != NULL ? g_bytes_new_take (rgba, size) : NULL;
}

static GBytes *
encode_patch (LacunaBox wide, LacunaBox box, int depth, GVariant *mask, GVariant *samples, GError **error)
{
  g_autoptr (GBytes) rgba = interleave (wide, box, depth, g_variant_get_data (mask), g_variant_get_data (samples));
  g_autoptr (LacunaPhoto) image = NULL;

  if (rgba == NULL)
    {
      set_memory_error (error);
      return NULL;
    }
  image = lacuna_photo_new (wide.width, wide.height, 4, depth, rgba, error);
  return image != NULL ? lacuna_photo_save_bytes (image, "png", NULL, error) : NULL;
}

static gboolean
add_patch (Writer *self, char *name, int depth, GVariant *patch, GError **error)
{
  g_autoptr (GVariant) mask = NULL, samples = NULL;
  LacunaBox box, wide;
  GBytes *png;

  g_variant_get (patch, "(iiii@ay@ay)", &box.x, &box.y, &box.width, &box.height, &mask, &samples);
  wide = widen (box, self->project->photo);
  json_builder_begin_object (self->json);
  add_word (self, "file", name);
  add_number (self, "x", wide.x);
  add_number (self, "y", wide.y);
  add_number (self, "width", wide.width);
  add_number (self, "height", wide.height);
  json_builder_end_object (self->json);
  png = encode_patch (wide, box, depth, mask, samples, error);
  if (png == NULL)
    g_free (name);
  else
    add_file (self, name, png);
  return png != NULL;
}

/* Adds what a saved photo would record about the fill, if that is known. */
static void
add_record (Writer *self, GVariant *retouch)
{
  g_autoptr (GVariant) fills = g_variant_n_children (retouch) > 2 ? g_variant_get_child_value (retouch, 2) : NULL;

  if (fills != NULL)
    json_builder_add_value (json_builder_set_member_name (self->json, "fills"), json_gvariant_serialize (fills));
}

static gboolean
add_fill (Writer *self, guint i, GError **error)
{
  const LacunaStep *step = get_step (self, i);
  g_autoptr (GVariant) retouch = g_variant_ref_sink (lacuna_retouch_serialize (step->retouch));
  g_autoptr (GVariant) patches = g_variant_get_child_value (retouch, 1);
  gboolean sound = TRUE;
  int depth;

  g_variant_get_child (retouch, 0, "i", &depth);
  add_word (self, "title", step->title);
  json_builder_begin_array (json_builder_set_member_name (self->json, "patches"));
  for (guint j = 0; sound && j < g_variant_n_children (patches); j++)
    {
      g_autoptr (GVariant) patch = g_variant_get_child_value (patches, j);

      sound = add_patch (self, g_strdup_printf ("fill-%u-%u.png", i + 1, j + 1), depth, patch, error);
    }
  json_builder_end_array (self->json);
  add_record (self, retouch);
  return sound;
}

/* Returns the end of the run of steps from first on that become one step of the project. No run holds both steps in
 * force and undone ones. */
static guint
find_end (const Writer *self, guint first)
{
  const LacunaHistory *history = &self->project->history;
  guint end = first + 1;

  while (get_step (self, first)->retouch == NULL && end < history->steps->len && end != history->position
         && get_step (self, end)->retouch == NULL)
    end++;
  return end;
}

static gboolean
add_steps (Writer *self, GCancellable *cancellable, GError **error)
{
  const LacunaHistory *history = &self->project->history;
  guint end;

  json_builder_begin_array (json_builder_set_member_name (self->json, "steps"));
  for (guint i = 0; i < history->steps->len; i = end)
    {
      gboolean is_fill = get_step (self, i)->retouch != NULL;

      end = find_end (self, i);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      json_builder_begin_object (self->json);
      if (!(is_fill ? add_fill (self, i, error) : add_marks (self, i, end, error)))
        return FALSE;
      json_builder_end_object (self->json);
      self->position += end <= history->position;
    }
  json_builder_end_array (self->json);
  return TRUE;
}

static void
find_last (Writer *self)
{
  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    {
      self->last[kind] = -1;
      for (guint i = 0; i < self->project->history.position; i++)
        if (get_delta (get_step (self, i), kind) != NULL)
          self->last[kind] = i;
    }
}

/* Returns the oldest version of the format that can hold all steps. */
static int
find_version (const Writer *self)
{
  int version = LACUNA_PROJECT_WITHOUT_PREFER;

  for (guint i = 0; i < self->project->history.steps->len; i++)
    if (get_step (self, i)->lines != NULL)
      return LACUNA_PROJECT_VERSION;
    else if (get_delta (get_step (self, i), LACUNA_PROJECT_PREFER) != NULL)
      version = LACUNA_PROJECT_WITHOUT_LINES;
  return version;
}

static gboolean
describe (Writer *self, GCancellable *cancellable, GError **error)
{
  LacunaPhoto *photo = self->project->photo;
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (self->json);
  add_number (self, "lacuna-project", find_version (self));
  add_word (self, "photo", self->project->name);
  add_number (self, "width", lacuna_photo_get_width (photo));
  add_number (self, "height", lacuna_photo_get_height (photo));
  if (!add_steps (self, cancellable, error))
    return FALSE;
  add_number (self, "position", self->position);
  json_builder_end_object (self->json);
  root = json_builder_get_root (self->json);
  text = json_to_string (root, TRUE);
  add_file (self, g_strdup (LACUNA_PROJECT_JSON), g_bytes_new_take (text, strlen (text)));
  return TRUE;
}

static gboolean
make_rasters (Writer *self, GError **error)
{
  LacunaPhoto *photo = self->project->photo;

  for (guint kind = 0; kind < LACUNA_PROJECT_N_KINDS; kind++)
    {
      self->rasters[kind] = lacuna_raster_new (lacuna_photo_get_width (photo), lacuna_photo_get_height (photo));
      if (self->rasters[kind] == NULL)
        return set_memory_error (error);
    }
  return TRUE;
}

gboolean
lacuna_project_save (const LacunaProject *self, const char *path, GCancellable *cancellable, GError **error)
{
  Writer writer = { .project = self,
                    .names = g_ptr_array_new_with_free_func (g_free),
                    .files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref),
                    .json = json_builder_new () };
  g_autoptr (GBytes) zip = NULL;

  add_file (&writer, g_strdup (self->name), g_bytes_ref (self->file));
  find_last (&writer);
  if (make_rasters (&writer, error) && describe (&writer, cancellable, error))
    {
      g_ptr_array_add (writer.names, NULL);
      zip = lacuna_zip_write ((const char *const *) writer.names->pdata, (GBytes *const *) writer.files->pdata, error);
    }
  writer_clear (&writer);
  return zip != NULL && !g_cancellable_set_error_if_cancelled (cancellable, error)
         && lacuna_publish (path, g_bytes_get_data (zip, NULL), g_bytes_get_size (zip), LACUNA_PUBLISH_DEFAULT, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what steers a fill: images, a JSON file with areas, points and lines, and a file with lines alone. All that
 * is to be avoided is drawn into one surface of the photo's size, and all that is preferred into another; the result
 * is written only where everything could be read. The main thread runs all of it. */
#include "app/command/steer.h"

#include <cairo.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "engine/json.h"

#define RADIUS 12.0 /* pixels around a point that it stands for, unless the file says otherwise */
#define FARTHEST 1e6 /* the largest coordinate, in pixels */

/* A kind of area while it is read: what is drawn is white. */
typedef struct {
  cairo_surface_t *surface;
  cairo_t         *cairo;
  gboolean         used;
} Drawing;

typedef struct {
  const char *path;   /* the JSON file that is being read */
  const char *member; /* the list of its object that is being read, or NULL */
  LacunaPhoto *photo;
  Drawing      avoid, prefer;
  GPtrArray   *lines; /* of GVariant */
  double       radius;
} Reading;

G_DEFINE_QUARK (lacuna-steer-error, lacuna_steer_error)

void
lacuna_steer_request_clear (LacunaSteerRequest *self)
{
  g_free (self->avoid);
  g_free (self->prefer);
  g_free (self->file);
  g_free (self->lines);
}

void
lacuna_steer_clear (LacunaSteer *self)
{
  g_clear_pointer (&self->avoid, lacuna_mask_unref);
  g_clear_pointer (&self->prefer, lacuna_mask_unref);
  g_clear_pointer (&self->lines, g_variant_unref);
}

static gboolean
drawing_init (Drawing *self, LacunaPhoto *photo, GError **error)
{
  self->surface
      = cairo_image_surface_create (CAIRO_FORMAT_A8, lacuna_photo_get_width (photo), lacuna_photo_get_height (photo));
  self->cairo = cairo_create (self->surface);
  cairo_set_antialias (self->cairo, CAIRO_ANTIALIAS_NONE);
  if (cairo_status (self->cairo) == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY, _ ("Areas of a photo of %d×%d pixels can't be drawn: %s."),
               lacuna_photo_get_width (photo), lacuna_photo_get_height (photo),
               cairo_status_to_string (cairo_status (self->cairo)));
  return FALSE;
}

static void
drawing_clear (Drawing *self)
{
  g_clear_pointer (&self->cairo, cairo_destroy);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
}

static void
reading_clear (Reading *self)
{
  drawing_clear (&self->avoid);
  drawing_clear (&self->prefer);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static gboolean
reject (const Reading *self, GError **error, const char *what)
{
  g_autofree char *name = g_filename_display_name (self->path);
  g_autofree char *told = self->member != NULL ? g_strdup_printf (_ ("“%s”: %s"), self->member, what) : g_strdup (what);

  g_set_error (error, LACUNA_STEER_ERROR, 0, _ ("“%s” does not steer a fill: %s. “man lacuna” shows its form."), name,
               told);
  return FALSE;
}

/* Reads an array of exactly n numbers. */
static gboolean
read_numbers (const Reading *self, JsonNode *node, guint n, double *ret_numbers, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autofree char *wanted = NULL;
  gboolean fit = array != NULL && json_array_get_length (array) == n;

  for (guint i = 0; fit && i < n; i++)
    {
      ret_numbers[i] = lacuna_json_node_get_number (json_array_get_element (array, i), NAN);
      fit = fabs (ret_numbers[i]) <= FARTHEST;
    }
  if (fit)
    return TRUE;
  wanted = g_strdup_printf (_ ("a list of %u numbers is wanted where something else stands"), n);
  return reject (self, error, wanted);
}

/* Refuses an area that is wholly outside the photo; what is partly so is clipped. */
static gboolean
reject_uncovered (const Reading *self, GError **error)
{
  g_autofree char *wrong
      = g_strdup_printf (_ ("an area covers no pixel of the photo, which has %d×%d"),
                         lacuna_photo_get_width (self->photo), lacuna_photo_get_height (self->photo));

  return reject (self, error, wrong);
}

/* Whether the middle of one of size pixels lies between from and to. */
static gboolean
covers (double from, double to, int size)
{
  return MAX (ceil (from - 0.5), 0.0) < MIN (ceil (to - 0.5), size);
}

static gboolean
draw_path (const Reading *self, Drawing *drawing, GError **error)
{
  double left, top, right, bottom;

  cairo_fill_extents (drawing->cairo, &left, &top, &right, &bottom);
  if (!covers (left, right, lacuna_photo_get_width (self->photo))
      || !covers (top, bottom, lacuna_photo_get_height (self->photo)))
    return reject_uncovered (self, error);
  cairo_fill (drawing->cairo);
  drawing->used = TRUE;
  return TRUE;
}

/* Draws all pixels whose middles are no farther than radius from that of the pixel at that place. */
static gboolean
draw_circle (const Reading *self, Drawing *drawing, const double *at, double radius, GError **error)
{
  double right = at[0] - CLAMP (round (at[0]), 0.0, lacuna_photo_get_width (self->photo) - 1.0);
  double down = at[1] - CLAMP (round (at[1]), 0.0, lacuna_photo_get_height (self->photo) - 1.0);

  if (hypot (right, down) > radius + 0.5)
    return reject_uncovered (self, error);
  cairo_arc (drawing->cairo, at[0] + 0.5, at[1] + 0.5, radius + 0.5, 0.0, 2.0 * G_PI);
  cairo_fill (drawing->cairo);
  drawing->used = TRUE;
  return TRUE;
}

static gboolean
draw_box (const Reading *self, Drawing *drawing, JsonNode *node, GError **error)
{
  double box[4];

  if (!read_numbers (self, node, 4, box, error))
    return FALSE;
  if (box[2] <= 0.0 || box[3] <= 0.0)
    return reject (self, error, _ ("a box is wider and higher than 0"));
  cairo_rectangle (drawing->cairo, box[0], box[1], box[2], box[3]);
  return draw_path (self, drawing, error);
}

static gboolean
draw_disc (const Reading *self, Drawing *drawing, JsonNode *node, GError **error)
{
  double disc[3];

  if (!read_numbers (self, node, 3, disc, error))
    return FALSE;
  if (disc[2] < 0.0)
    return reject (self, error, _ ("the radius of a disc is 0 or more"));
  return draw_circle (self, drawing, disc, disc[2], error);
}

static gboolean
draw_polygon (const Reading *self, Drawing *drawing, JsonNode *node, GError **error)
{
  JsonArray *corners = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (corners == NULL || json_array_get_length (corners) < 3)
    return reject (self, error, _ ("a polygon has three corners or more"));
  for (guint i = 0; i < json_array_get_length (corners); i++)
    {
      double corner[2];

      if (!read_numbers (self, json_array_get_element (corners, i), 2, corner, error))
        return FALSE;
      cairo_line_to (drawing->cairo, corner[0], corner[1]);
    }
  cairo_close_path (drawing->cairo);
  return draw_path (self, drawing, error);
}

static gboolean
check_size (LacunaMask *mask, LacunaPhoto *photo, const char *path, GError **error)
{
  if (lacuna_mask_get_width (mask) == lacuna_photo_get_width (photo)
      && lacuna_mask_get_height (mask) == lacuna_photo_get_height (photo))
    return TRUE;
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
      _ ("“%s” is %d×%d pixels, and the photo %d×%d: what is to be avoided or preferred is marked on an image of "
         "the photo's size."),
      path, lacuna_mask_get_width (mask), lacuna_mask_get_height (mask), lacuna_photo_get_width (photo),
      lacuna_photo_get_height (photo));
  return FALSE;
}

/* Adds what an image marks, which is found beside the JSON file. */
static gboolean
draw_mask (LacunaPhoto *photo, Drawing *drawing, const char *path, GError **error)
{
  g_autoptr (LacunaMask) mask = lacuna_mask_load (path, NULL, error);
  int stride = cairo_image_surface_get_stride (drawing->surface);
  guint8 *to;

  if (mask == NULL || !check_size (mask, photo, path, error))
    return FALSE;
  cairo_surface_flush (drawing->surface);
  to = cairo_image_surface_get_data (drawing->surface);
  for (int y = 0; y < lacuna_mask_get_height (mask); y++)
    for (int x = 0; x < lacuna_mask_get_width (mask); x++)
      to[(gsize) y * stride + x] |= lacuna_mask_get_pixels (mask)[(gsize) y * lacuna_mask_get_width (mask) + x];
  cairo_surface_mark_dirty (drawing->surface);
  drawing->used = TRUE;
  return TRUE;
}

static char *
locate_image (const char *file, const char *name)
{
  g_autofree char *folder = g_path_get_dirname (file);

  return g_path_is_absolute (name) ? g_strdup (name) : g_build_filename (folder, name, NULL);
}

static gboolean
draw_image (const Reading *self, Drawing *drawing, JsonNode *node, GError **error)
{
  const char *name = lacuna_json_node_get_text (node, NULL);
  g_autofree char *path = name != NULL ? locate_image (self->path, name) : NULL;

  if (path == NULL)
    return reject (self, error, _ ("a mask is the name of an image"));
  return draw_mask (self->photo, drawing, path, error);
}

static gboolean
draw_area (const Reading *self, Drawing *drawing, JsonNode *area, GError **error)
{
  static const struct {
    const char *name;
    gboolean (*draw) (const Reading *, Drawing *, JsonNode *, GError **);
  } forms[] = { { "box", draw_box }, { "disc", draw_disc }, { "polygon", draw_polygon }, { "mask", draw_image } };
  JsonObject *object = lacuna_json_node_get_object (area);

  for (guint i = 0; object != NULL && json_object_get_size (object) == 1 && i < G_N_ELEMENTS (forms); i++)
    if (json_object_has_member (object, forms[i].name))
      return forms[i].draw (self, drawing, json_object_get_member (object, forms[i].name), error);
  return reject (self, error, _ ("an area is an object with a “box”, “disc”, “polygon” or “mask”"));
}

static gboolean
draw_point (const Reading *self, Drawing *drawing, JsonNode *point, GError **error)
{
  double at[2];

  return read_numbers (self, point, 2, at, error) && draw_circle (self, drawing, at, self->radius, error);
}

static gboolean
read_line (const Reading *self, JsonNode *node, GError **error)
{
  JsonArray *corners = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(dd)"));

  if (corners == NULL || json_array_get_length (corners) < 2)
    return reject (self, error, _ ("a line has two corners or more"));
  for (guint i = 0; i < json_array_get_length (corners); i++)
    {
      double corner[2];

      if (!read_numbers (self, json_array_get_element (corners, i), 2, corner, error))
        return FALSE;
      g_variant_builder_add (&builder, "(dd)", corner[0], corner[1]);
    }
  g_ptr_array_add (self->lines, g_variant_ref_sink (g_variant_builder_end (&builder)));
  return TRUE;
}

/* Draws all elements of the member of that name, which is an array; without such a member, nothing. */
static gboolean
draw_all (Reading *self, Drawing *drawing, JsonObject *object, const char *name,
          gboolean (*draw) (const Reading *, Drawing *, JsonNode *, GError **), GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autofree char *wrong = NULL;
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      wrong = g_strdup_printf (_ ("“%s” is not a list"), name);
      return reject (self, error, wrong);
    }
  array = json_node_get_array (node);
  self->member = name;
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!draw (self, drawing, json_array_get_element (array, i), error))
      return FALSE;
  self->member = NULL;
  return TRUE;
}

static gboolean
read_lines (const Reading *self, JsonNode *node, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return reject (self, error, _ ("lines are a list"));
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_line (self, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

/* Reads a number from least to most; without a member of that name, *ret_number stays. */
static gboolean
read_number (const Reading *self, JsonObject *object, const char *name, double least, double most, double *ret_number,
             GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  double number = lacuna_json_node_get_number (node, NAN);
  g_autofree char *wrong = NULL;

  if (node == NULL)
    return TRUE;
  if (number >= least && number <= most)
    {
      *ret_number = number;
      return TRUE;
    }
  wrong = g_strdup_printf (_ ("“%s” is not a number from %g to %g"), name, least, most);
  return reject (self, error, wrong);
}

/* Reads a whole number from 0 to most, if there is one of that name. */
static gboolean
read_whole (const Reading *self, JsonObject *object, const char *name, guint most, guint *ret_number, GError **error)
{
  double number = *ret_number;
  g_autofree char *wrong = NULL;

  if (!read_number (self, object, name, 0.0, most, &number, error))
    return FALSE;
  *ret_number = (guint) number;
  if (*ret_number == number)
    return TRUE;
  wrong = g_strdup_printf (_ ("“%s” is no whole number"), name);
  return reject (self, error, wrong);
}

static const struct {
  const char      *name;
  LacunaTransforms transform;
} transforms[] = {
  { "turned", LACUNA_TRANSFORM_TURNED },
  { "mirrored", LACUNA_TRANSFORM_MIRRORED },
  { "scaled", LACUNA_TRANSFORM_SCALED },
};

static gboolean
read_transforms (const Reading *self, JsonObject *object, LacunaTransforms *ret_transforms, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (transforms); i++)
    {
      JsonNode *node = json_object_get_member (object, transforms[i].name);
      g_autofree char *wrong = NULL;

      if (node == NULL)
        continue;
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        {
          wrong = g_strdup_printf (_ ("“%s” is neither true nor false"), transforms[i].name);
          return reject (self, error, wrong);
        }
      if (json_node_get_boolean (node))
        *ret_transforms |= transforms[i].transform;
    }
  return TRUE;
}

static gboolean
check_names (const Reading *self, JsonObject *object, GError **error)
{
  static const char *const names[] = { "avoid",    "prefer",  "not-this-one", "more-of-this", "lines",  "radius",
                                       "strength", "variant", "turned",       "mirrored",     "scaled", NULL };
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *i = members; i != NULL; i = i->next)
    if (!g_strv_contains (names, i->data))
      {
        g_autofree char *wrong = g_strdup_printf (_ ("“%s” is unknown"), (const char *) i->data);

        return reject (self, error, wrong);
      }
  return TRUE;
}

static gboolean
read_object (Reading *self, JsonObject *object, LacunaSteer *steer, GError **error)
{
  if (!check_names (self, object, error) || !read_number (self, object, "radius", 0.0, FARTHEST, &self->radius, error)
      || !read_number (self, object, "strength", 0.0, 1.0, &steer->strength, error)
      || !read_whole (self, object, "variant", LACUNA_FILL_N_VARIANTS - 1, &steer->variant, error)
      || !read_transforms (self, object, &steer->transforms, error)
      || !draw_all (self, &self->avoid, object, "avoid", draw_area, error)
      || !draw_all (self, &self->prefer, object, "prefer", draw_area, error)
      || !draw_all (self, &self->avoid, object, "not-this-one", draw_point, error)
      || !draw_all (self, &self->prefer, object, "more-of-this", draw_point, error))
    return FALSE;
  return !json_object_has_member (object, "lines")
         || read_lines (self, json_object_get_member (object, "lines"), error);
}

/* Reads and parses the file at self->path; NULL: that failed, and error is set. */
static JsonNode *
parse (const Reading *self, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) problem = NULL;
  JsonNode *root;

  if (!g_file_get_contents (self->path, &text, &length, &problem))
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("“%s” can't be read: %s. Name another file."), self->path,
                   problem->message);
      return NULL;
    }
  root = lacuna_json_parse (text, length, &problem);
  if (root == NULL)
    reject (self, error, problem->message);
  return root;
}

static gboolean
read_file (Reading *self, const char *path, LacunaSteer *steer, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  self->path = path;
  root = parse (self, error);
  if (root == NULL)
    return FALSE;
  return JSON_NODE_HOLDS_OBJECT (root) ? read_object (self, json_node_get_object (root), steer, error)
                                       : reject (self, error, _ ("it holds no object"));
}

static gboolean
read_lines_file (Reading *self, const char *path, GError **error)
{
  g_autoptr (JsonNode) root = NULL;

  self->path = path;
  root = parse (self, error);
  return root != NULL && read_lines (self, root, error);
}

/* Adds the images that the areas of a list name to files. */
static void
list_images (GPtrArray *files, const char *file, JsonArray *areas)
{
  for (guint i = 0; areas != NULL && i < json_array_get_length (areas); i++)
    {
      JsonObject *area = lacuna_json_node_get_object (json_array_get_element (areas, i));
      const char *name = area != NULL ? lacuna_json_get_text (area, "mask", NULL) : NULL;

      if (name != NULL)
        g_ptr_array_add (files, locate_image (file, name));
    }
}

static void
list_images_of_file (GPtrArray *files, const char *file)
{
  const Reading reading = { .path = file };
  g_autoptr (JsonNode) root = g_file_test (file, G_FILE_TEST_IS_REGULAR) ? parse (&reading, NULL) : NULL;
  JsonObject *object = lacuna_json_node_get_object (root);

  if (object == NULL)
    return;
  list_images (files, file, lacuna_json_get_array (object, "avoid"));
  list_images (files, file, lacuna_json_get_array (object, "prefer"));
}

GPtrArray *
lacuna_steer_list_files (const LacunaSteerRequest *self)
{
  const char *const named[] = { self->avoid, self->prefer, self->file, self->lines };
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (named[i] != NULL)
      g_ptr_array_add (files, g_strdup (named[i]));
  if (self->file != NULL)
    list_images_of_file (files, self->file);
  return files;
}

/* Returns what was drawn as a mask; NULL: nothing was drawn, or, with error set, there is no memory. */
static LacunaMask *
drawing_finish (Drawing *self, GError **error)
{
  int width = cairo_image_surface_get_width (self->surface), height = cairo_image_surface_get_height (self->surface);
  int stride = cairo_image_surface_get_stride (self->surface);
  g_autofree guint8 *pixels = self->used ? g_try_malloc ((gsize) width * height) : NULL;
  LacunaMask *mask = NULL;

  if (!self->used)
    return NULL;
  cairo_surface_flush (self->surface);
  for (int y = 0; pixels != NULL && y < height; y++)
    memcpy (pixels + (gsize) y * width, cairo_image_surface_get_data (self->surface) + (gsize) y * stride, width);
  if (pixels != NULL)
    mask = lacuna_mask_new (width, height, pixels);
  if (mask == NULL)
    lacuna_error_set_memory (error, _ ("what is to be avoided or preferred"));
  return mask;
}

static gboolean
read_areas (Reading *self, const LacunaSteerRequest *request, LacunaSteer *steer, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!drawing_init (&self->avoid, self->photo, error) || !drawing_init (&self->prefer, self->photo, error)
      || (request->file != NULL && !read_file (self, request->file, steer, error))
      || (request->lines != NULL && !read_lines_file (self, request->lines, error))
      || (request->avoid != NULL && !draw_mask (self->photo, &self->avoid, request->avoid, error))
      || (request->prefer != NULL && !draw_mask (self->photo, &self->prefer, request->prefer, error)))
    return FALSE;
  steer->avoid = drawing_finish (&self->avoid, &problem);
  if (problem == NULL)
    steer->prefer = drawing_finish (&self->prefer, &problem);
  if (self->lines->len > 0)
    steer->lines = g_variant_ref_sink (
        g_variant_new_array (G_VARIANT_TYPE ("a(dd)"), (GVariant **) self->lines->pdata, self->lines->len));
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
lacuna_steer_read (const LacunaSteerRequest *request, LacunaPhoto *photo, LacunaSteer *ret_steer, GError **error)
{
  g_auto (Reading) reading = {
    .photo = photo,
    .lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref),
    .radius = RADIUS,
  };
  g_auto (LacunaSteer) steer = { .strength = 1.0 };

  if ((request->file != NULL || request->lines != NULL || request->avoid != NULL || request->prefer != NULL)
      && !read_areas (&reading, request, &steer, error))
    return FALSE;
  if (request->strength >= 0.0)
    steer.strength = request->strength;
  if (request->variant >= 0)
    steer.variant = (guint) request->variant;
  steer.transforms |= (request->turned ? LACUNA_TRANSFORM_TURNED : 0)
                      | (request->mirrored ? LACUNA_TRANSFORM_MIRRORED : 0)
                      | (request->scaled ? LACUNA_TRANSFORM_SCALED : 0);
  *ret_steer = steer;
  steer.avoid = steer.prefer = NULL;
  steer.lines = NULL;
  return TRUE;
}

void
lacuna_steer_apply (const LacunaSteer *self, LacunaFillOptions *options)
{
  options->avoid = self->avoid;
  options->prefer = self->prefer;
  options->lines = self->lines;
  options->strength = self->strength;
  options->variant = self->variant;
  options->transforms = self->transforms;
}

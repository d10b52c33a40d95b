/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plug-in for GIMP 2.10: writes the layer and the selection as PNG files, runs “lacuna fill” on them, and puts what
 * was filled above the layer, as a layer of its own. */
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <libgimp/gimp.h>

#define PROCEDURE "plug-in-lacuna-remove"
#define MILLISECONDS_OF_PULSE 100

/* “lacuna fill” as it runs. */
typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} FillProcess;

/* The files that go between GIMP and Lacuna, in a folder that nobody else can look into. */
typedef struct
{
  char *folder, *photo, *mask, *filled;
} Exchange;

static gboolean
exchange_init (Exchange *self, GError **error)
{
  self->folder = g_dir_make_tmp ("lacuna-XXXXXX", error);
  if (self->folder == NULL)
    return FALSE;
  self->photo = g_build_filename (self->folder, "photo.png", NULL);
  self->mask = g_build_filename (self->folder, "mask.png", NULL);
  self->filled = g_build_filename (self->folder, "filled.png", NULL);
  return TRUE;
}

static void
exchange_clear (Exchange *self)
{
  char **files[] = { &self->photo, &self->mask, &self->filled };

  if (self->folder == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_unlink (*files[i]);
      g_free (*files[i]);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GimpColorProfile, g_object_unref)

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, message);
  return FALSE;
}

/* What GIMP says about its last procedure. */
static gboolean
fail_in_gimp (GError **error)
{
  return fail (error, gimp_get_pdb_error ());
}

static gboolean
check (gint32 image, gint32 drawable, GError **error)
{
  int x, y, width, height;

  if (!gimp_item_is_layer (drawable) || gimp_item_is_group (drawable))
    return fail (error, _ ("Choose a layer: masks, channels and groups of layers can't be filled."));
  if (gimp_drawable_is_indexed (drawable))
    return fail (error, _ ("The image has a palette, which can't be filled. Choose Image → Mode → RGB first."));
  if (gimp_selection_is_empty (image))
    return fail (error, _ ("Nothing is selected. Select what is to be removed first."));
  if (!gimp_drawable_mask_intersect (drawable, &x, &y, &width, &height))
    return fail (error, _ ("The selection lies outside the layer. Choose the layer that it is on."));
  return TRUE;
}

/* Alone, as it is without opacity, mode and layer mask. */
static gboolean
save_layer (gint32 layer, const char *path, GError **error)
{
  gint32 source = gimp_item_get_image (layer);
  gint32 image = gimp_image_new_with_precision (gimp_drawable_width (layer), gimp_drawable_height (layer),
                                                gimp_image_base_type (source), gimp_image_get_precision (source));
  g_autoptr (GimpColorProfile) profile = gimp_image_get_color_profile (source);
  gint32 copy;
  gboolean saved;

  gimp_image_set_color_profile (image, profile);
  copy = gimp_layer_new_from_drawable (layer, image);
  gimp_image_insert_layer (image, copy, 0, 0);
  if (gimp_layer_get_mask (copy) != -1)
    gimp_layer_remove_mask (copy, GIMP_MASK_DISCARD);
  gimp_layer_set_opacity (copy, 100.0);
  gimp_layer_set_mode (copy, GIMP_LAYER_MODE_NORMAL);
  gimp_layer_set_offsets (copy, 0, 0);
  gimp_item_set_visible (copy, TRUE);
  saved = gimp_file_save (GIMP_RUN_NONINTERACTIVE, image, copy, path, path);
  if (!saved)
    fail_in_gimp (error);
  gimp_image_delete (image);
  return saved;
}

/* The part of the selection that is on the layer: white where it selects anything, be it little. */
static gboolean
save_selection (gint32 layer, const char *path, GError **error)
{
  int width = gimp_drawable_width (layer), height = gimp_drawable_height (layer), x, y;
  gsize n_pixels = (gsize) width * height;
  g_autofree guint8 *pixels = g_malloc (n_pixels);
  g_autoptr (GeglBuffer) selection
      = gimp_drawable_get_buffer (gimp_image_get_selection (gimp_item_get_image (layer)));
  gint32 image = gimp_image_new (width, height, GIMP_GRAY);
  gint32 mask = gimp_layer_new (image, "mask", width, height, GIMP_GRAY_IMAGE, 100.0, GIMP_LAYER_MODE_NORMAL);
  g_autoptr (GeglBuffer) buffer = NULL;
  gboolean saved;

  gimp_drawable_offsets (layer, &x, &y);
  gegl_buffer_get (selection, GEGL_RECTANGLE (x, y, width, height), 1.0, babl_format ("Y u8"), pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n_pixels; i++)
    pixels[i] = pixels[i] != 0 ? 255 : 0;
  gimp_image_insert_layer (image, mask, 0, 0);
  buffer = gimp_drawable_get_buffer (mask);
  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, width, height), 0, babl_format ("Y' u8"), pixels,
                   GEGL_AUTO_ROWSTRIDE);
  g_clear_object (&buffer);
  saved = gimp_file_save (GIMP_RUN_NONINTERACTIVE, image, mask, path, path);
  if (!saved)
    fail_in_gimp (error);
  gimp_image_delete (image);
  return saved;
}

static gboolean
on_pulse (gpointer data)
{
  gimp_progress_pulse ();
  return G_SOURCE_CONTINUE;
}

static void
on_end (GObject *process, GAsyncResult *result, gpointer data)
{
  FillProcess *run = data;

  run->result = g_object_ref (result);
  g_main_loop_quit (run->loop);
}

/* Waits for the process, and gives what it said on standard error. */
static gboolean
wait (GSubprocess *process, char **ret_said, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  FillProcess run = { .loop = loop };
  guint pulse = g_timeout_add (MILLISECONDS_OF_PULSE, on_pulse, NULL);

  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_end, &run);
  g_main_loop_run (loop);
  g_source_remove (pulse);
  result = run.result;
  return g_subprocess_communicate_utf8_finish (process, result, NULL, ret_said, error);
}

static gboolean
fill (const Exchange *exchange, GError **error)
{
  g_autofree char *lacuna = g_find_program_in_path ("lacuna");
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *said = NULL;

  if (lacuna == NULL)
    return fail (error, _ ("The program “lacuna” is not in the PATH. Install Lacuna, then start GIMP again."));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error, lacuna, "fill",
                              exchange->photo, exchange->mask, "-o", exchange->filled, NULL);
  if (process == NULL || !wait (process, &said, error))
    return FALSE;
  if (g_subprocess_get_successful (process) && g_file_test (exchange->filled, G_FILE_TEST_EXISTS))
    return TRUE;
  return fail (error, said[0] != '\0' ? g_strstrip (said) : _ ("The program “lacuna” ended before it was done."));
}

/* The file's pixels as a layer of image, not yet in it; -1 on failure. A profile that the file lacks is the image's. */
static gint32
load_layer (const char *path, gint32 image, GError **error)
{
  gint32 loaded = gimp_file_load (GIMP_RUN_NONINTERACTIVE, path, path), layer;
  g_autoptr (GimpColorProfile) profile = NULL;

  if (loaded == -1)
    {
      fail_in_gimp (error);
      return -1;
    }
  profile = gimp_image_get_color_profile (loaded);
  if (profile == NULL)
    {
      profile = gimp_image_get_color_profile (image);
      gimp_image_set_color_profile (loaded, profile);
    }
  layer = gimp_layer_new_from_drawable (gimp_image_get_active_drawable (loaded), image);
  gimp_image_delete (loaded);
  return layer;
}

/* Above the layer, and clear where nothing is selected. -1 on failure. */
static gint32
insert_filled (gint32 image, gint32 layer, const char *path, GError **error)
{
  gint32 filled = load_layer (path, image, error);
  int left, top, x, y, width, height;

  if (filled == -1)
    return -1;
  gimp_item_set_name (filled, "Lacuna");
  if (!gimp_image_insert_layer (image, filled, gimp_item_get_parent (layer), gimp_image_get_item_position (image, layer)))
    {
      fail_in_gimp (error);
      return -1;
    }
  gimp_drawable_offsets (layer, &left, &top);
  gimp_layer_set_offsets (filled, left, top);
  gimp_layer_add_alpha (filled);
  gimp_layer_add_mask (filled, gimp_layer_create_mask (filled, GIMP_ADD_MASK_SELECTION));
  gimp_layer_remove_mask (filled, GIMP_MASK_APPLY);
  gimp_drawable_mask_intersect (filled, &x, &y, &width, &height);
  gimp_layer_resize (filled, width, height, -x, -y);
  return filled;
}

/* The new layer, or -1. */
static gint32
remove_selection (gint32 image, gint32 drawable, GError **error)
{
  g_auto (Exchange) exchange = { NULL };
  gint32 filled;

  if (!check (image, drawable, error) || !exchange_init (&exchange, error))
    return -1;
  gimp_progress_init (_ ("Removing the selection"));
  if (!save_layer (drawable, exchange.photo, error) || !save_selection (drawable, exchange.mask, error)
      || !fill (&exchange, error))
    return -1;
  gimp_image_undo_group_start (image);
  filled = insert_filled (image, drawable, exchange.filled, error);
  gimp_image_undo_group_end (image);
  gimp_progress_end ();
  return filled;
}

static void
query (void)
{
  static const GimpParamDef arguments[] = {
    { GIMP_PDB_INT32, (char *) "run-mode", (char *) N_ ("The run mode") },
    { GIMP_PDB_IMAGE, (char *) "image", (char *) N_ ("The image") },
    { GIMP_PDB_DRAWABLE, (char *) "drawable", (char *) N_ ("The layer that shows what is selected") },
  };
  static const GimpParamDef values[] = {
    { GIMP_PDB_LAYER, (char *) "layer", (char *) N_ ("The new layer, with what was filled") },
  };

  /* GIMP shows these in its own language, from the catalogue that is named. */
  gimp_plugin_domain_register (GETTEXT_PACKAGE, LACUNA_LOCALE_DIR);
  gimp_install_procedure (PROCEDURE, N_ ("Remove what is selected, and fill its place from the rest of the layer"),
                          N_ ("Runs “lacuna fill” with the layer and the selection. What was filled becomes a layer of its "
                              "own above it, as opaque as the selection is strong."),
                          "The Lacuna developers", "The Lacuna developers", "2026", N_ ("Lacuna: _Remove Selection"), "*",
                          GIMP_PLUGIN, G_N_ELEMENTS (arguments), G_N_ELEMENTS (values), arguments, values);
  gimp_plugin_menu_register (PROCEDURE, "<Image>/Filters/Enhance");
}

static void
run (const char *name, int n_parameters, const GimpParam *parameters, int *n_values, GimpParam **values)
{
  static GimpParam returned[2];
  static GError *error = NULL;

  bindtextdomain (GETTEXT_PACKAGE, LACUNA_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gegl_init (NULL, NULL);
  g_clear_error (&error);
  *values = returned;
  *n_values = 2;
  returned[0].type = GIMP_PDB_STATUS;
  returned[1].type = GIMP_PDB_LAYER;
  returned[1].data.d_layer = remove_selection (parameters[1].data.d_image, parameters[2].data.d_drawable, &error);
  returned[0].data.d_status = error == NULL ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR;
  if (error != NULL)
    {
      returned[1].type = GIMP_PDB_STRING;
      returned[1].data.d_string = error->message;
    }
  else if (parameters[0].data.d_int32 != GIMP_RUN_NONINTERACTIVE)
    gimp_displays_flush ();
}

const GimpPlugInInfo PLUG_IN_INFO = { NULL, NULL, query, run };

MAIN ()

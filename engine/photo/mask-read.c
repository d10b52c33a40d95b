/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an image marks. Every image is looked at over black, so that a transparent pixel is black; where nothing is
 * seen of it then, its alpha is looked at instead. There are four kinds of mask:
 *
 *   few colours (lossless)   one colour; two, of which the lighter marks; or black and others, which all mark
 *   shades                   from dark to light, or to one colour: what is an eighth of the way or more marks, and
 *                            around it what fades out, pixel by pixel, or in a lossy format two pixels, so that no
 *                            rim of a thing stays
 *   the photo, drawn on      the photo's own pixels, and others, which mark
 *   a photo with a hole      transparent pixels, at most half of them, which mark
 *
 * All else is refused: it would be filled without sense. Image and photo are only read, and the Reader lives for one
 * call. Any thread may call: the command line's main thread, or a worker of the window. */
#include "engine/photo/mask-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/photo/grow.h"
#include "engine/photo/hidden.h"
#include "engine/photo/photo-fields.h"

#define MAX_LABELS 64     /* colours that are taken for labels */
#define SHADE_SHARE 8     /* of the way from dark to light: it marks */
#define MIN_SHADE 24      /* of 255: JPEG's noise around black stays below it */
#define LOSSY_RIM 2       /* pixels around what marks, where its noise hides how it fades out */
#define MAX_CHANGE 8      /* of 255: a photo that was saved again differs by less, */
#define MAX_LOSS 40       /* and in a lossy format by less than this */
#define N_BINS 4096       /* colours at 4 bits a channel */
#define MASK_BINS 2       /* that hold most of a mask */
#define BRIGHT 7          /* level of a bin's brightest channel, of 15 */
#define MUCH 90           /* percent of a photo */

typedef guint64 Colour; /* 16 bits a channel */

typedef struct {
  LacunaPhoto  *image;
  gconstpointer samples;
  gsize         n_pixels;
  int           depth, bands;
  gboolean      by_alpha;     /* nothing is seen of it over black */
  gboolean      lacks_memory;
  guint         n_colours;    /* up to MAX_LABELS, or more */
  Colour        colours[MAX_LABELS + 1];
  gsize         bins[N_BINS];
} Reader;

static guint
get_alpha (const Reader *self, gsize i)
{
  return self->bands % 2 == 1 ? (1u << self->depth) - 1
                              : lacuna_photo_read_sample (self->samples, self->depth, (i + 1) * self->bands - 1);
}

/* Returns a channel of pixel i over black, at the image's own depth. */
static guint
get_channel (const Reader *self, gsize i, int channel)
{
  guint most = (1u << self->depth) - 1, alpha = get_alpha (self, i);
  guint sample;

  if (self->by_alpha)
    return alpha;
  sample = lacuna_photo_read_sample (self->samples, self->depth, i * self->bands + (self->bands < 3 ? 0 : channel));
  return (guint) (((guint64) sample * alpha + most / 2) / most);
}

static Colour
get_colour (const Reader *self, gsize i)
{
  return (Colour) get_channel (self, i, 0) << 32 | (Colour) get_channel (self, i, 1) << 16 | get_channel (self, i, 2);
}

static guint
get_red (Colour colour)
{
  return colour >> 32;
}

static guint
get_green (Colour colour)
{
  return colour >> 16 & 0xffff;
}

static guint
get_blue (Colour colour)
{
  return colour & 0xffff;
}

/* ITU-R BT.709 luminance. */
static double
get_luminance (Colour colour)
{
  return 0.2126 * get_red (colour) + 0.7152 * get_green (colour) + 0.0722 * get_blue (colour);
}

/* The brightest channel, of 255. */
static guint
get_shade (const Reader *self, Colour colour)
{
  return MAX (MAX (get_red (colour), get_green (colour)), get_blue (colour)) >> (self->depth - 8);
}

static void
count_colour (Reader *self, Colour colour)
{
  guint shift = self->depth - 4;

  self->bins[get_red (colour) >> shift << 8 | get_green (colour) >> shift << 4 | get_blue (colour) >> shift]++;
  for (guint k = 0; k < MIN (self->n_colours, MAX_LABELS + 1); k++)
    if (self->colours[k] == colour)
      return;
  if (self->n_colours <= MAX_LABELS)
    self->colours[self->n_colours++] = colour;
}

/* Counts colours; in most images a pixel has the colour of the one before it. */
static void
survey (Reader *self)
{
  Colour last = G_MAXUINT64;
  guint shift = self->depth - 4;

  self->n_colours = 0;
  for (gsize i = 0; i < self->n_pixels; i++)
    {
      Colour colour = get_colour (self, i);

      if (colour != last && self->n_colours <= MAX_LABELS)
        count_colour (self, colour);
      else
        self->bins[get_red (colour) >> shift << 8 | get_green (colour) >> shift << 4 | get_blue (colour) >> shift]++;
      last = colour;
    }
}

static gboolean
is_lossless (LacunaPhoto *image)
{
  const char *format = lacuna_photo_get_format (image);
  gboolean lossless = FALSE;

  if (g_strcmp0 (format, "webp") == 0 && image->record != NULL)
    g_variant_lookup (image->record, LACUNA_RECORD_LOSSLESS, "b", &lossless);
  return lossless || g_strcmp0 (format, "png") == 0 || g_strcmp0 (format, "tiff") == 0 || format == NULL;
}

static gboolean
has_colour (const Reader *self, Colour colour)
{
  for (guint k = 0; k < self->n_colours; k++)
    if (self->colours[k] == colour)
      return TRUE;
  return FALSE;
}

/* One colour marks all or nothing, of two the lighter marks. */
static void
read_two (const Reader *self, guint8 *pixels)
{
  double half = ((1u << self->depth) - 1) / 2.0, threshold = half;

  if (self->n_colours == 2)
    threshold = MAX (get_luminance (self->colours[0]), get_luminance (self->colours[1]));
  for (gsize i = 0; i < self->n_pixels; i++)
    pixels[i] = get_luminance (get_colour (self, i)) >= threshold ? 255 : 0;
}

static void
read_labels (const Reader *self, guint8 *pixels)
{
  for (gsize i = 0; i < self->n_pixels; i++)
    pixels[i] = get_colour (self, i) != 0 ? 255 : 0;
}

static int
get_level (guint bin)
{
  return MAX (MAX (bin >> 8, bin >> 4 & 15), bin & 15);
}

static int
get_chroma (guint bin)
{
  return get_level (bin) - (int) MIN (MIN (bin >> 8, bin >> 4 & 15), bin & 15);
}

/* Finds the bins that hold most, in order. */
static void
find_best (const Reader *self, guint *ret_best)
{
  memset (ret_best, 0, MASK_BINS * sizeof *ret_best);
  for (guint bin = 1; bin < N_BINS; bin++)
    for (guint k = 0, held = bin; k < MASK_BINS; k++)
      if (self->bins[held] > self->bins[ret_best[k]] && held != ret_best[k])
        {
          guint less = ret_best[k];

          ret_best[k] = held;
          held = less;
        }
}

/* Half of a mask of soft greys is black or white, or most of it is of two other greys. A mask that has colours is
 * mostly black and one bright colour, which a third of all that is not black has at least: in a photo of the night it
 * has not. */
static gboolean
is_shades (const Reader *self)
{
  guint best[MASK_BINS];
  gsize extreme = self->bins[0] + self->bins[N_BINS - 1], grey = 0, lit = 0, bright = 0;

  for (guint bin = 0; bin < N_BINS; bin++)
    {
      grey += get_chroma (bin) <= 1 ? self->bins[bin] : 0;
      lit += get_level (bin) > 1 ? self->bins[bin] : 0;
      bright = get_level (bin) > BRIGHT ? MAX (bright, self->bins[bin]) : bright;
    }
  find_best (self, best);
  if (grey >= self->n_pixels - self->n_pixels / 100)
    return extreme >= self->n_pixels / 2
           || (ABS (get_level (best[0]) - get_level (best[1])) > 1
               && self->bins[best[0]] + self->bins[best[1]] >= self->n_pixels / 4 * 3);
  return self->bins[0] > 0 && self->n_pixels - lit + bright >= self->n_pixels / 4 * 3 && bright >= lit / 3;
}

/* Returns the commonest shade of the darker half of the range. */
static guint
find_dark (const Reader *self, guint *ret_light)
{
  gsize counts[256] = { 0 };
  guint dark, light = 255, least = 0;

  for (gsize i = 0; i < self->n_pixels; i++)
    counts[get_shade (self, get_colour (self, i))]++;
  while (light > 0 && counts[light] == 0)
    light--;
  while (least < light && counts[least] == 0)
    least++;
  dark = least;
  for (guint k = least; k < (least + light + 1) / 2; k++)
    if (counts[k] > counts[dark])
      dark = k;
  *ret_light = light;
  return dark;
}

/* Marks from pixel i on what is darker than the pixel before it, and lighter than least. */
static void
descend (const Reader *self, const guint8 *shades, gsize i, guint least, guint8 *pixels, GArray *waiting)
{
  gsize width = lacuna_photo_get_width (self->image);

  g_array_append_val (waiting, i);
  while (waiting->len > 0)
    {
      gsize at = g_array_index (waiting, gsize, waiting->len - 1);
      int x = at % width, y = at / width, height = self->n_pixels / width;

      g_array_set_size (waiting, waiting->len - 1);
      for (int v = MAX (y - 1, 0); v <= MIN (y + 1, height - 1); v++)
        for (int u = MAX (x - 1, 0); u <= MIN (x + 1, (int) width - 1); u++)
          {
            gsize next = v * width + u;

            if (pixels[next] != 0 || shades[next] <= least || shades[next] >= shades[at])
              continue;
            pixels[next] = 255;
            g_array_append_val (waiting, next);
          }
    }
}

/* FALSE: no memory. */
static gboolean
read_shades (const Reader *self, guint8 *pixels)
{
  guint light, common = find_dark (self, &light), dark = common <= MIN_SHADE ? 0 : common;
  guint threshold = dark + MAX ((light - dark) / SHADE_SHARE, light - dark > 2 * MIN_SHADE ? MIN_SHADE : 1);
  int width = lacuna_photo_get_width (self->image);
  g_autofree guint8 *shades = g_try_malloc (self->n_pixels);
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (gsize));

  if (shades == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n_pixels; i++)
    {
      shades[i] = get_shade (self, get_colour (self, i));
      pixels[i] = light > dark && shades[i] >= threshold ? 255 : 0;
    }
  if (!is_lossless (self->image))
    lacuna_grow (pixels, width, width, self->n_pixels / width, LOSSY_RIM);
  for (gsize i = 0; i < self->n_pixels && is_lossless (self->image); i++)
    if (shades[i] >= threshold && light > dark)
      descend (self, shades, i, dark, pixels, waiting);
  return TRUE;
}

static gboolean
is_alike (const Reader *self, LacunaPhoto *photo, gsize i, int most)
{
  gconstpointer samples = lacuna_photo_get_pixels (photo);
  int depth = lacuna_photo_get_depth (photo), bands = lacuna_photo_get_bands (photo);

  for (int channel = 0; channel < 3; channel++)
    {
      int old = lacuna_photo_read_sample (samples, depth, i * bands + (bands < 3 ? 0 : channel)) >> (depth - 8);
      int now = lacuna_photo_read_sample (self->samples, self->depth, i * self->bands + (self->bands < 3 ? 0 : channel))
                >> (self->depth - 8);

      if (ABS (old - now) > most)
        return FALSE;
    }
  return TRUE;
}

/* Strokes have more inside than border; what only a compression changed has not. */
static gboolean
is_solid (const Reader *self, const guint8 *pixels)
{
  gsize width = lacuna_photo_get_width (self->image), n_marked = 0, n_inside = 0;

  for (gsize i = 0; i < self->n_pixels; i++)
    if (pixels[i] != 0)
      {
        gboolean has_sides = i % width == 0 || (pixels[i - 1] != 0 && (i % width == width - 1 || pixels[i + 1] != 0));
        gboolean has_ends
            = (i < width || pixels[i - width] != 0) && (i + width >= self->n_pixels || pixels[i + width] != 0);

        n_marked++;
        n_inside += has_sides && has_ends;
      }
  return n_inside >= n_marked / 2;
}

/* Reads the photo with something drawn over it. FALSE: it is none. */
static gboolean
read_drawn (const Reader *self, LacunaPhoto *photo, guint8 *pixels)
{
  int most = is_lossless (self->image) ? MAX_CHANGE : MAX_LOSS;
  gsize n_alike = 0;

  if (photo == NULL || lacuna_photo_get_width (photo) != lacuna_photo_get_width (self->image)
      || lacuna_photo_get_height (photo) != lacuna_photo_get_height (self->image))
    return FALSE;
  for (gsize i = 0; i < self->n_pixels; i++)
    {
      gboolean alike = get_alpha (self, i) >> (self->depth - 1) != 0 && is_alike (self, photo, i, most);

      pixels[i] = alike ? 0 : 255;
      n_alike += alike;
    }
  return n_alike < self->n_pixels && n_alike >= self->n_pixels / 2 && is_solid (self, pixels);
}

/* Reads a photo whose hole is transparent. FALSE: it is none. */
static gboolean
read_hole (const Reader *self, guint8 *pixels)
{
  LacunaBox box = { 0, 0, lacuna_photo_get_width (self->image), lacuna_photo_get_height (self->image) };
  gsize n_hidden = 0;

  memset (pixels, 0, self->n_pixels);
  lacuna_hidden_mark (self->image, box, pixels);
  for (gsize i = 0; i < self->n_pixels; i++)
    n_hidden += pixels[i] != 0;
  return n_hidden > 0 && n_hidden <= self->n_pixels / 2;
}

static char *
make_note (const char *understood, const guint8 *pixels, gsize n_pixels)
{
  g_autoptr (GString) note = g_string_new (understood);
  gsize n_marked = 0;

  for (gsize i = 0; i < n_pixels; i++)
    n_marked += pixels[i] != 0;
  if (n_marked > n_pixels / 100 * MUCH && n_marked < n_pixels)
    {
      g_string_append (note, note->len > 0 ? " " : "");
      g_string_append_printf (note,
                              _ ("The mask marks %d %% of the photo. Invert it if what is to stay is white in it."),
                              (int) (100.0 * n_marked / n_pixels));
    }
  return note->len > 0 ? g_string_free (g_steal_pointer (&note), FALSE) : NULL;
}

static const char *
read_few (const Reader *self, guint8 *pixels)
{
  guint most = (1u << self->depth) - 1;
  Colour white = (Colour) most << 32 | (Colour) most << 16 | most;
  gboolean plain = has_colour (self, 0) && (self->n_colours == 1 || has_colour (self, white));

  if (self->n_colours > 2)
    {
      read_labels (self, pixels);
      return _ ("The mask has several colours: all but black is marked.");
    }
  read_two (self, pixels);
  if (self->by_alpha)
    return _ ("The mask has no colours: what is opaque in it is marked.");
  return plain || self->n_colours == 1
             ? ""
             : _ ("The mask is not black and white: the lighter of its two colours is marked.");
}

/* Whether the colours are shades of grey from black to white, or by alpha. Labels are numbers from 0 on, and white at
 * most. */
static gboolean
is_soft (const Reader *self)
{
  guint most = (1u << self->depth) - 1;
  gboolean soft = FALSE;

  for (guint k = 0; k < self->n_colours; k++)
    {
      guint red = get_red (self->colours[k]);

      if (red != get_green (self->colours[k]) || red != get_blue (self->colours[k]))
        return FALSE;
      soft = soft || (red > most / SHADE_SHARE && red < most);
    }
  return soft && (self->bands % 2 == 0 || has_colour (self, (Colour) most << 32 | (Colour) most << 16 | most));
}

/* Marks by the kind of mask that the image is, and returns how it was understood, for the note. NULL: it is no mask. */
static const char *
understand (Reader *self, LacunaPhoto *photo, guint8 *pixels)
{
  gboolean few = is_lossless (self->image) && self->n_colours <= MAX_LABELS;

  if (few && (self->n_colours <= 2 || (has_colour (self, 0) && !is_soft (self))))
    return read_few (self, pixels);
  if (is_shades (self))
    {
      self->lacks_memory = !read_shades (self, pixels);
      return self->by_alpha ? _ ("The mask has no colours: what is opaque in it is marked.") : "";
    }
  if (read_drawn (self, photo, pixels))
    return _ ("The mask is the photo, drawn on: what differs from the photo is marked.");
  if (self->bands % 2 == 0 && read_hole (self, pixels))
    return _ ("The mask is a photo with a hole: what is transparent in it is marked.");
  return NULL;
}

static gboolean
is_black (const Reader *self)
{
  return self->n_colours == 1 && self->colours[0] == 0;
}

/* Sets the error of an image that was not understood. */
static void
complain (Reader *self, GError **error)
{
  const char *path = lacuna_photo_get_path (self->image);

  if (self->lacks_memory)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY,
                 _ ("There is no memory for the mask “%s”. Close other programs."), path);
  else
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
        _ ("“%s” looks like a photo and not like a mask: its colours don't tell what is to go. Give the photo "
           "first and its mask after it, black where the photo is to stay and white where something is to go."),
        path);
}

/* pixels: width·height bytes, set to 255 where the image marks. LACUNA_ERROR_UNFIT: it is no mask. */
static gboolean
read_image (LacunaPhoto *image, LacunaPhoto *photo, guint8 *pixels, char **ret_note, GError **error)
{
  g_autofree Reader *self = g_new0 (Reader, 1);
  const char *understood;

  self->image = image;
  self->samples = lacuna_photo_get_pixels (image);
  self->n_pixels = (gsize) lacuna_photo_get_width (image) * lacuna_photo_get_height (image);
  self->depth = lacuna_photo_get_depth (image);
  self->bands = lacuna_photo_get_bands (image);
  survey (self);
  if (self->bands % 2 == 0 && is_black (self))
    {
      self->by_alpha = TRUE;
      memset (self->bins, 0, sizeof self->bins);
      survey (self);
      /* Black, and opaque all over. */
      if (self->n_colours == 1)
        {
          memset (pixels, 0, self->n_pixels);
          *ret_note = NULL;
          return TRUE;
        }
    }
  understood = understand (self, photo, pixels);
  if (understood == NULL)
    {
      complain (self, error);
      return FALSE;
    }
  *ret_note = make_note (understood, pixels, self->n_pixels);
  return TRUE;
}

LacunaMask *
lacuna_mask_new_from_image (LacunaPhoto *image, LacunaPhoto *photo, GError **error)
{
  int width = lacuna_photo_get_width (image), height = lacuna_photo_get_height (image);
  g_autofree guint8 *pixels = g_try_malloc_n (height, width);
  g_autofree char *note = NULL;
  LacunaMask *self;

  if (pixels != NULL && !read_image (image, photo, pixels, &note, error))
    return NULL;
  self = pixels != NULL ? lacuna_mask_new_noted (width, height, pixels, note) : NULL;
  if (self == NULL)
    lacuna_error_set_memory (error, _ ("the mask"));
  return self;
}

LacunaMask *
lacuna_mask_load (const char *path, LacunaPhoto *photo, GError **error)
{
  g_autoptr (LacunaPhoto) image = lacuna_photo_load (path, NULL, error);

  return image != NULL ? lacuna_mask_new_from_image (image, photo, error) : NULL;
}

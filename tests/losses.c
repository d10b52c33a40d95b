/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the kernels of the losses: reconstruction, penalty, pasting and clipping. The oracle is the losses by their
 * definitions in double precision on the host, and finite differences of them. */
#include "engine/cl/kernel.h"
#include "tests/context.h"
#include "tests/differences.h"
#include "tests/golden.h"

#define TOLERANCE 2e-6 /* of the gradient's norm: float32 sums */

static LacunaBuffer *
make_buffer (LacunaContext *context, gconstpointer data, gsize n)
{
  g_autoptr (GError) error = NULL;
  LacunaBuffer *buffer = lacuna_buffer_new (context, n * sizeof (float), &error);

  g_assert_no_error (error);
  g_assert_true (lacuna_buffer_write (buffer, 0, data, n * sizeof (float), &error));
  return buffer;
}

static float *
read_buffer (LacunaBuffer *buffer, gsize n)
{
  float *values = g_new (float, n);

  g_assert_true (lacuna_buffer_read (buffer, 0, values, n * sizeof (float), NULL));
  return values;
}

/* In [0, 1]. */
static float *
make_discount (GRand *rand, gsize n)
{
  float *discount = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    discount[i] = (float) g_rand_double (rand);
  return discount;
}

static LacunaKernel *
make_kernel (LacunaContext *context, const char *entry)
{
  g_autoptr (GError) error = NULL;
  LacunaKernel *kernel = lacuna_kernel_new (context, "losses", entry, NULL, &error);

  g_assert_no_error (error);
  return kernel;
}

/* Ones and zeros. */
static float *
make_mask (GRand *rand, gsize n)
{
  float *mask = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    mask[i] = g_rand_boolean (rand);
  return mask;
}

#define PENALTY 20.0

/* Of pictures of side×side pixels with windows of size×size in them. */
typedef struct {
  guint n, side, size;
} Case;

static const Case cases[] = { { 1, 9, 4 }, { 2, 17, 13 }, { 3, 32, 32 }, { 2, 40, 1 } };

/* ---- the reconstruction losses ---- */

typedef struct {
  gsize n; /* pixels */
  const float *image, *mask, *discount;
  double by_discount, by_known;
} Reconstruction;

static double
get_reconstruction_loss (const double *x, gconstpointer data)
{
  const Reconstruction *self = data;
  double loss = 0.0;

  for (gsize i = 0; i < 3 * self->n; i++)
    loss += fabs (x[i] - self->image[i])
            * (self->by_discount * self->discount[i / 3] + self->by_known * (1.0 - self->mask[i / 3]));
  return loss;
}

/* The two sums over all rows are the two losses. */
static void
check_sums (const Reconstruction *self, const float *x, const float *sums, guint n_rows)
{
  for (guint i = 0; i < 2; i++)
    {
      const Reconstruction one = { self->n, self->image, self->mask, self->discount, i == 0, i == 1 };
      g_autofree double *moved = differences_move (x, x, 3 * self->n, 0.0);
      double sum = 0.0, expected = get_reconstruction_loss (moved, &one);

      for (guint row = 0; row < n_rows; row++)
        sum += sums[2 * row + i];
      g_assert_cmpfloat_with_epsilon (sum, expected, 1e-6 * expected);
    }
}

static void
test_reconstruct (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaKernel) kernel = make_kernel (context, "reconstruct");
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint n_rows = cases[i].n * cases[i].side, width = cases[i].side + i;
      const gsize n = (gsize) n_rows * width;
      g_autofree float *x = differences_make_noise (rand, 3 * n, 1.0);
      g_autofree float *image = differences_make_noise (rand, 3 * n, 1.0), *mask = make_mask (rand, n);
      g_autofree float *discount = make_discount (rand, n), *g = NULL, *sums = NULL;
      const Reconstruction reconstruction = { n, image, mask, discount, 0.7, 1.3 };
      g_autoptr (LacunaBuffer) x_buffer = make_buffer (context, x, 3 * n);
      g_autoptr (LacunaBuffer) image_buffer = make_buffer (context, image, 3 * n);
      g_autoptr (LacunaBuffer) mask_buffer = make_buffer (context, mask, n);
      g_autoptr (LacunaBuffer) discount_buffer = make_buffer (context, discount, n);
      g_autoptr (LacunaBuffer) g_buffer = make_buffer (context, x, 3 * n);
      g_autoptr (LacunaBuffer) sums_buffer = make_buffer (context, x, 2 * n_rows);

      g_assert_true (lacuna_kernel_launch (
          kernel, n_rows, 1, 1, NULL, LACUNA_BUFFER_ARG (x_buffer), LACUNA_BUFFER_ARG (image_buffer),
          LACUNA_BUFFER_ARG (mask_buffer), LACUNA_BUFFER_ARG (discount_buffer), LACUNA_BUFFER_ARG (g_buffer),
          LACUNA_BUFFER_ARG (sums_buffer), LACUNA_INT_ARG (width), LACUNA_FLOAT_ARG (0.7), LACUNA_FLOAT_ARG (1.3)));
      g = read_buffer (g_buffer, 3 * n);
      sums = read_buffer (sums_buffer, 2 * n_rows);
      differences_check ("reconstruct", rand, get_reconstruction_loss, &reconstruction, x, g, 3 * n, TOLERANCE);
      check_sums (&reconstruction, x, sums, n_rows);
    }
}

/* ---- windows ---- */

typedef struct {
  const Case *of;
  gint32 *corners;
  float *mask;
} Windows;

static void
windows_clear (Windows *self)
{
  g_free (self->corners);
  g_free (self->mask);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Windows, windows_clear)

/* Each has a pixel of the hole. */
static Windows
make_windows (GRand *rand, const Case *of)
{
  Windows self = { of, g_new (gint32, 2 * of->n), make_mask (rand, (gsize) of->n * of->side * of->side) };

  for (guint i = 0; i < 2 * of->n; i++)
    self.corners[i] = g_rand_int_range (rand, 0, (gint32) (of->side - of->size + 1));
  for (guint i = 0; i < of->n; i++)
    self.mask[(i * of->side + self.corners[2 * i]) * of->side + self.corners[2 * i + 1]] = 1.0f;
  return self;
}

/* The picture's pixel at element i of the windows. */
static gsize
get_pixel (const Windows *self, gsize i)
{
  const guint size = self->of->size, side = self->of->side;
  const gsize pixel = i / 3, image = pixel / size / size;
  const gsize row = self->corners[2 * image] + pixel / size % size;
  const gsize column = self->corners[2 * image + 1] + pixel % size;

  return (image * side + row) * side + column;
}

static double *
get_slopes (const Windows *self, const double *g)
{
  const gsize n = (gsize) 3 * self->of->size * self->of->size;
  double *slopes = g_new0 (double, self->of->n);

  for (guint image = 0; image < self->of->n; image++)
    {
      for (gsize i = image * n; i < (image + 1) * n; i++)
        slopes[image] += g[i] * g[i] * self->mask[get_pixel (self, i)];
      slopes[image] = sqrt (slopes[image]);
    }
  return slopes;
}

/* Whose gradient is the direction of the tangent. */
static double
get_penalty (const double *g, gconstpointer data)
{
  const Windows *self = data;
  g_autofree double *slopes = get_slopes (self, g);
  double sum = 0.0;

  for (guint i = 0; i < self->of->n; i++)
    sum += 0.5 * PENALTY * (slopes[i] - 1.0) * (slopes[i] - 1.0);
  return sum;
}

/* size: of g, 0 where there is nothing to divide by. */
static void
check_penalty (LacunaContext *context, LacunaKernel *kernel, GRand *rand, const Case *of, double size)
{
  const gsize n = (gsize) 3 * of->n * of->size * of->size, n_pixels = (gsize) of->n * of->side * of->side;
  g_auto (Windows) windows = make_windows (rand, of);
  g_autofree float *g = differences_make_noise (rand, n, size), *v = NULL, *slopes = NULL;
  g_autofree double *moved = differences_move (g, g, n, 0.0), *expected = get_slopes (&windows, moved);
  g_autoptr (LacunaBuffer) g_buffer = make_buffer (context, g, n), v_buffer = make_buffer (context, g, n);
  g_autoptr (LacunaBuffer) mask_buffer = make_buffer (context, windows.mask, n_pixels);
  g_autoptr (LacunaBuffer) corners_buffer = make_buffer (context, windows.corners, 2 * of->n);
  g_autoptr (LacunaBuffer) slopes_buffer = make_buffer (context, g, of->n);

  g_assert_true (lacuna_kernel_launch (kernel, of->n, 1, 1, NULL, LACUNA_BUFFER_ARG (g_buffer), LACUNA_INT_ARG (0),
                                       LACUNA_BUFFER_ARG (mask_buffer), LACUNA_BUFFER_ARG (corners_buffer),
                                       LACUNA_BUFFER_ARG (v_buffer), LACUNA_INT_ARG (0),
                                       LACUNA_BUFFER_ARG (slopes_buffer), LACUNA_INT_ARG (of->side),
                                       LACUNA_INT_ARG (of->size), LACUNA_FLOAT_ARG (PENALTY)));
  v = read_buffer (v_buffer, n);
  slopes = read_buffer (slopes_buffer, of->n);
  for (guint i = 0; i < of->n; i++)
    g_assert_cmpfloat_with_epsilon (slopes[i], expected[i], 1e-6 * expected[i] + 1e-9);
  if (size == 0.0)
    g_assert_cmpfloat (golden_get_largest (v, n), ==, 0.0);
  else
    differences_check ("penalize", rand, get_penalty, &windows, g, v, n, TOLERANCE);
}

static void
test_penalize (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaKernel) kernel = make_kernel (context, "penalize");
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      check_penalty (context, kernel, rand, &cases[i], 0.1);
      check_penalty (context, kernel, rand, &cases[i], 0.0);
    }
}

/* ---- pasting and clipping ---- */

typedef struct {
  const Windows *windows;
  const float *gy; /* of the windows of what was pasted */
} Pasting;

/* Σ gy · the windows of x·m + picture·(1 - m), less what x has no part in. */
static double
get_pasted (const double *x, gconstpointer data)
{
  const Pasting *self = data;
  const Case *of = self->windows->of;
  double sum = 0.0;

  for (gsize i = 0; i < (gsize) 3 * of->n * of->size * of->size; i++)
    {
      const gsize pixel = get_pixel (self->windows, i);

      sum += self->gy[i] * self->windows->mask[pixel] * x[3 * pixel + i % 3];
    }
  return sum;
}

/* On top of what is there. */
static void
test_paste_back (void)
{
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaKernel) kernel = make_kernel (context, "paste_back");
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *of = &cases[i];
      const gsize n = (gsize) 3 * of->n * of->size * of->size, n_pixels = (gsize) of->n * of->side * of->side;
      g_auto (Windows) windows = make_windows (rand, of);
      g_autofree float *gy = differences_make_noise (rand, n, 1.0), *gx = NULL;
      g_autofree float *x = differences_make_noise (rand, 3 * n_pixels, 1.0);
      g_autofree float *before = differences_make_noise (rand, 3 * n_pixels, 1.0);
      const Pasting pasting = { &windows, gy };
      g_autoptr (LacunaBuffer) gy_buffer = make_buffer (context, gy, n);
      g_autoptr (LacunaBuffer) mask_buffer = make_buffer (context, windows.mask, n_pixels);
      g_autoptr (LacunaBuffer) corners_buffer = make_buffer (context, windows.corners, 2 * of->n);
      g_autoptr (LacunaBuffer) gx_buffer = make_buffer (context, before, 3 * n_pixels);

      g_assert_true (lacuna_kernel_launch (kernel, of->size, of->n, 1, NULL, LACUNA_BUFFER_ARG (gy_buffer),
                                           LACUNA_BUFFER_ARG (mask_buffer), LACUNA_BUFFER_ARG (corners_buffer),
                                           LACUNA_BUFFER_ARG (gx_buffer), LACUNA_INT_ARG (of->side)));
      gx = read_buffer (gx_buffer, 3 * n_pixels);
      for (gsize j = 0; j < 3 * n_pixels; j++)
        gx[j] -= before[j];
      differences_check ("paste_back", rand, get_pasted, &pasting, x, gx, 3 * n_pixels, TOLERANCE);
    }
}

typedef struct {
  const float *gy;
  gsize n;
} Clipping;

static double
get_clipped (const double *x, gconstpointer data)
{
  const Clipping *self = data;
  double sum = 0.0;

  for (gsize i = 0; i < self->n; i++)
    sum += self->gy[i] * CLAMP (x[i], -1.0, 1.0);
  return sum;
}

static void
test_clip_back (void)
{
  static const guint shapes[][2] = { { 1, 5 }, { 7, 13 }, { 33, 96 } };
  g_autoptr (LacunaContext) context = context_open ();
  g_autoptr (LacunaKernel) kernel = make_kernel (context, "clip_back");
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      const gsize n = shapes[i][0] * shapes[i][1];
      g_autofree float *x = differences_make_noise (rand, n, 1.0), *gy = differences_make_noise (rand, n, 1.0);
      g_autofree float *gx = NULL;
      const Clipping clipping = { gy, n };
      g_autoptr (LacunaBuffer) x_buffer = make_buffer (context, x, n), gx_buffer = make_buffer (context, gy, n);

      g_assert_true (lacuna_kernel_launch (kernel, shapes[i][0], 1, 1, NULL, LACUNA_BUFFER_ARG (x_buffer),
                                           LACUNA_BUFFER_ARG (gx_buffer), LACUNA_INT_ARG (shapes[i][1])));
      gx = read_buffer (gx_buffer, n);
      differences_check ("clip_back", rand, get_clipped, &clipping, x, gx, n, TOLERANCE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/losses/reconstruct", test_reconstruct);
  g_test_add_func ("/losses/penalize", test_penalize);
  g_test_add_func ("/losses/paste-back", test_paste_back);
  g_test_add_func ("/losses/clip-back", test_clip_back);
  return g_test_run ();
}

#include <CL/cl.h>
#include <dlfcn.h>

#include "engine/engine.h"

#include "tests/picture.h"

#define WIDTH 320
#define HEIGHT 240

/* How the device behaves: that many launches go well, and that many after them fail. */
static int n_good, n_bad;
static cl_int bad_status;

/* Stands before the loader's function of that name. */
cl_int
clEnqueueNDRangeKernel (cl_command_queue queue, cl_kernel kernel, cl_uint n_dims, const size_t *offset,
                        const size_t *global_size, const size_t *local_size, cl_uint n_events, const cl_event *events,
                        cl_event *event)
{
  cl_int (*launch) (cl_command_queue, cl_kernel, cl_uint, const size_t *, const size_t *, const size_t *, cl_uint,
                    const cl_event *, cl_event *);

  if (n_good > 0)
    n_good--;
  else if (n_bad > 0)
    {
      n_bad--;
      return bad_status;
    }
  *(void **) &launch = dlsym (RTLD_NEXT, "clEnqueueNDRangeKernel");
  return launch (queue, kernel, n_dims, offset, global_size, local_size, n_events, events, event);
}

static LacunaFill *
fill (LacunaEngine *engine, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  LacunaFillOptions options = { .model = model };
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);
  g_autoptr (LacunaMask) mask = NULL;

  for (int y = 100; y < 130; y++)
    memset (pixels + y * WIDTH + 150, 255, 40);
  mask = lacuna_mask_new (WIDTH, HEIGHT, pixels);
  return lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, error);
}

static void
set_fault (int good, int bad, cl_int status)
{
  n_good = good;
  n_bad = bad;
  bad_status = status;
}

/* The device is lost in the middle once: the job is run again, and gives what it would have given. */
static void
test_once (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) whole = fill (engine, &error), survived = NULL;
  const LacunaRegion *a, *b;

  g_assert_no_error (error);
  set_fault (30, 1, CL_INVALID_COMMAND_QUEUE);
  survived = fill (engine, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_bad, ==, 0);
  a = lacuna_fill_get_region (whole, 0);
  b = lacuna_fill_get_region (survived, 0);
  g_assert_cmpmem (a->refined, (gsize) a->width * a->height * 12, b->refined, (gsize) b->width * b->height * 12);
}

/* It fails on and on: an error that names the device; the next job starts afresh. */
static void
test_always (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) after = NULL;
  g_autoptr (GError) error = NULL;

  set_fault (10, G_MAXINT, CL_OUT_OF_RESOURCES);
  g_assert_null (fill (engine, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE);
  g_assert_cmpint (n_bad, >=, G_MAXINT - 2);
  g_assert_cmpint (n_good, ==, 0);
  g_clear_error (&error);
  set_fault (0, 0, CL_SUCCESS);
  after = fill (engine, &error);
  g_assert_no_error (error);
  g_assert_nonnull (after);
}

static void
test_memory (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) after = NULL;
  g_autoptr (GError) error = NULL;

  set_fault (20, G_MAXINT, CL_MEM_OBJECT_ALLOCATION_FAILURE);
  g_assert_null (fill (engine, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_MEMORY);
  g_clear_error (&error);
  set_fault (0, 0, CL_SUCCESS);
  after = fill (engine, &error);
  g_assert_no_error (error);
  g_assert_nonnull (after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fault/once", test_once);
  g_test_add_func ("/fault/always", test_always);
  g_test_add_func ("/fault/memory", test_memory);
  return g_test_run ();
}

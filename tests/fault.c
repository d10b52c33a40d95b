/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests fills on a device that fails: lost, short of memory, giving garbage, or slow to build. The functions of
 * OpenCL here stand before the loader's. The oracle is the fill that the same device gives without a fault, or the
 * error. */
#include <CL/cl.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#include "engine/cl/device-list.h"
#include "engine/cl/kernel.h"
#include "engine/fill/region-private.h"
#include "engine/lacuna.h"
#include "engine/weights/weights.h"

#include "tests/picture.h"

#define WIDTH 320
#define HEIGHT 240

/* How the device behaves: that many launches go well, and that many after them fail. */
static int n_good, n_bad;
static cl_int bad_status;

/* Reads: after so many good ones, so many give garbage of that word. */
static int n_good_reads, n_bad_reads, n_reads;
static guint32 garbage;

/* Buffers: after so many good ones, so many are not made. */
static int n_good_buffers, n_bad_buffers, n_buffers;

/* Stands before the loader's function of that name, as those below do. */
cl_int
clEnqueueReadBuffer (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *data,
                     cl_uint n_events, const cl_event *events, cl_event *event)
{
  cl_int (*read) (cl_command_queue, cl_mem, cl_bool, size_t, size_t, void *, cl_uint, const cl_event *, cl_event *);
  cl_int status;

  *(void **) &read = dlsym (RTLD_NEXT, "clEnqueueReadBuffer");
  status = read (queue, buffer, blocking, offset, size, data, n_events, events, event);
  n_reads++;
  if (n_good_reads-- > 0 || n_bad_reads <= 0)
    return status;
  n_bad_reads--;
  for (size_t i = 0; i + sizeof garbage <= size; i += sizeof garbage)
    memcpy ((char *) data + i, &garbage, sizeof garbage);
  return status;
}

cl_mem
clCreateBuffer (cl_context context, cl_mem_flags flags, size_t size, void *data, cl_int *status)
{
  cl_mem (*create) (cl_context, cl_mem_flags, size_t, void *, cl_int *);

  n_buffers++;
  if (n_good_buffers-- <= 0 && n_bad_buffers > 0)
    {
      n_bad_buffers--;
      *status = CL_MEM_OBJECT_ALLOCATION_FAILURE;
      return NULL;
    }
  *(void **) &create = dlsym (RTLD_NEXT, "clCreateBuffer");
  return create (context, flags, size, data, status);
}

/* While it is TRUE, there are no threads to be had. */
static int refuses_threads;

int
pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*run) (void *), void *data)
{
  int (*create) (pthread_t *, const pthread_attr_t *, void *(*) (void *), void *);

  if (g_atomic_int_get (&refuses_threads))
    return EAGAIN;
  *(void **) &create = dlsym (RTLD_NEXT, "pthread_create");
  return create (thread, attributes, run, data);
}

/* While it is TRUE, programs are not ready. */
static int is_compiling;

cl_int
clBuildProgram (cl_program program, cl_uint n_devices, const cl_device_id *devices, const char *options,
                void (CL_CALLBACK *notify) (cl_program, void *), void *data)
{
  cl_int (*build) (cl_program, cl_uint, const cl_device_id *, const char *, void (CL_CALLBACK *) (cl_program, void *),
                   void *);

  while (g_atomic_int_get (&is_compiling))
    g_usleep (1000);
  *(void **) &build = dlsym (RTLD_NEXT, "clBuildProgram");
  return build (program, n_devices, devices, options, notify, data);
}

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
fill_photo (LacunaEngine *engine, LacunaPhoto *photo, const char *model, GError **error)
{
  LacunaFillOptions options = { .model = model };
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT);
  g_autoptr (LacunaMask) mask = NULL;

  for (int y = 100; y < 130; y++)
    memset (pixels + y * WIDTH + 150, 255, 40);
  mask = lacuna_mask_new (WIDTH, HEIGHT, pixels);
  return lacuna_engine_fill (engine, photo, mask, &options, NULL, NULL, NULL, error);
}

static LacunaFill *
fill_by (LacunaEngine *engine, const char *model, GError **error)
{
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);

  return fill_photo (engine, photo, model, error);
}

static LacunaFill *
fill (LacunaEngine *engine, GError **error)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);

  return fill_by (engine, model, error);
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

/* The same pixels. */
static void
check_same (LacunaFill *one, LacunaFill *other)
{
  const LacunaRegion *a = lacuna_fill_get_region (one, 0), *b = lacuna_fill_get_region (other, 0);
  gsize n = (gsize) a->hole.width * a->hole.height;

  g_assert_cmpmem (a->refined, (gsize) a->width * a->height * 12, b->refined, (gsize) b->width * b->height * 12);
  g_assert_cmpmem (a->index, (gsize) a->grid_width * a->grid_height * 4, b->index,
                   (gsize) b->grid_width * b->grid_height * 4);
  g_assert_nonnull (b->offsets);
  g_assert_cmpmem (a->offsets, n * 4, b->offsets, n * 4);
  g_assert_cmpmem (a->correction, n * 12, b->correction, n * 12);
}

static void
set_garbage (int good, int bad, guint32 word)
{
  n_reads = 0;
  n_good_reads = good;
  n_bad_reads = bad;
  garbage = word;
}

/* Whatever is read once as what can't be: the job is run again, and gives what it would have given. */
static void
test_garbage (void)
{
  static const guint32 words[] = { 0x7fc00000, 0xff800000, 0x7fffffff };
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) whole = NULL;
  int n;

  set_garbage (0, 0, 0);
  whole = fill (engine, &error);
  g_assert_no_error (error);
  n = n_reads;
  g_test_message ("%d reads", n);
  for (int i = 0; i < n; i += MAX (n / 12, 1))
    {
      g_autoptr (LacunaFill) survived = NULL;

      set_garbage (i, 1, words[i % G_N_ELEMENTS (words)]);
      survived = fill (engine, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n_bad_reads, ==, 0);
      check_same (whole, survived);
    }
}

/* Garbage on and on is the device's fault, and no fill. */
static void
test_garbage_always (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;

  set_garbage (0, G_MAXINT, 0x7fc00000);
  g_assert_null (fill (engine, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_DEVICE);
  set_garbage (0, 0, 0);
}

/* Weights times factor. */
static char *
save_scaled (const char *name, double factor)
{
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autofree char *base = g_strdup_printf ("lacuna-%d-%s.safetensors", (int) getpid (), name);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaWeights) weights = lacuna_weights_load (model, &error);
  g_autoptr (LacunaWeightsWriter) writer = lacuna_weights_writer_new ();
  char *path = g_build_filename (g_get_tmp_dir (), base, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < lacuna_weights_get_n_entries (weights); i++)
    {
      const LacunaWeightsEntry *entry = lacuna_weights_get_entry (weights, i);
      g_autofree float *values = lacuna_weights_read (weights, entry->name, entry->n_dims, entry->dims, &error);

      for (gsize k = 0; k < entry->n_elements; k++)
        values[k] *= factor;
      lacuna_weights_writer_add (writer, entry->name, LACUNA_TYPE_F32, entry->n_dims, entry->dims, values);
    }
  lacuna_weights_writer_save (writer, path, &error);
  g_assert_no_error (error);
  return path;
}

/* Weights whose products overflow are to blame, and not the devices; the next job goes well. */
static void
test_overflow (void)
{
  static const double factors[] = { 1e4, 1e12, 1e30 };
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (LacunaFill) after = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      g_autofree char *path = save_scaled ("scaled", factors[i]);

      g_assert_null (fill_by (engine, path, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT);
      g_assert_nonnull (strstr (error->message, path));
      g_clear_error (&error);
      g_unlink (path);
    }
  after = fill (engine, &error);
  g_assert_no_error (error);
}

/* Memory that runs short once, wherever it does: the whole fill, without a note. */
static void
test_memory_once (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) whole = fill (engine, &error);
  int n;

  g_assert_no_error (error);
  g_object_unref (g_steal_pointer (&engine));
  engine = lacuna_engine_new (NULL, 0);
  n_buffers = 0;
  g_object_unref (fill (engine, NULL));
  n = n_buffers;
  for (int i = 0; i < n; i += MAX (n / 10, 1))
    {
      g_autoptr (LacunaEngine) fresh = lacuna_engine_new (NULL, 0);
      g_autoptr (LacunaFill) survived = NULL;

      n_good_buffers = i;
      n_bad_buffers = 1;
      survived = fill (fresh, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n_bad_buffers, ==, 0);
      check_same (whole, survived);
      g_assert_null (lacuna_fill_get_notes (survived)[0]);
    }
}

/* Memory is short for the detail: it is made smaller, or left out, and that is told. */
static void
test_memory_detail (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaFill) smaller = NULL, without = NULL;
  const int n_network = 3; /* buffers for the picture and the attention's two results; the next are the detail's */

  /* The generator and its tensors are there after this. */
  g_object_unref (fill (engine, NULL));
  n_good_buffers = n_network;
  n_bad_buffers = 2;
  smaller = fill (engine, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lacuna_fill_get_region (smaller, 0)->offsets);
  g_assert_nonnull (strstr (lacuna_fill_get_notes (smaller)[0], "1/2"));
  g_assert_null (lacuna_fill_get_notes (smaller)[1]);
  n_good_buffers = n_network;
  n_bad_buffers = G_MAXINT;
  without = fill (engine, &error);
  n_bad_buffers = 0;
  g_assert_no_error (error);
  g_assert_null (lacuna_fill_get_region (without, 0)->offsets);
  g_assert_nonnull (strstr (lacuna_fill_get_notes (without)[0], "left out"));
}

static void
cancel (const char *program, guint seconds, gpointer data)
{
  g_assert_cmpstr (program, ==, "scale");
  g_assert_cmpuint (seconds, >=, 1);
  g_cancellable_cancel (data);
}

/* A driver that compiles for long is told of, and not waited for where that is cancelled: what it makes comes to
 * nothing, and the context is as good as before. */
static void
test_slow_build (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaDevice) device = lacuna_device_find (NULL, &error);
  g_autoptr (LacunaContext) context = lacuna_context_new (device, 0, &error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (LacunaKernel) kernel = NULL;

  g_assert_no_error (error);
  lacuna_context_set_cancellable (context, cancellable);
  lacuna_context_set_watcher (context, 1, cancel, cancellable);
  g_atomic_int_set (&is_compiling, TRUE);
  g_assert_null (lacuna_kernel_new (context, "scale", "halve", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (lacuna_context_is_any_building ());
  g_atomic_int_set (&is_compiling, FALSE);
  while (lacuna_context_is_any_building ())
    g_usleep (1000);
  lacuna_context_set_cancellable (context, NULL);
  kernel = lacuna_kernel_new (context, "scale", "halve", NULL, &error);
  g_assert_no_error (error);
}

/* No thread for the engine is an error; the next job has one. */
static void
test_no_thread (void)
{
  g_autoptr (LacunaEngine) engine = lacuna_engine_new (NULL, 0);
  g_autofree char *model = g_test_build_filename (G_TEST_DIST, "golden", "generator_tiny_oihw.safetensors", NULL);
  g_autoptr (LacunaPhoto) photo = picture_make (WIDTH, HEIGHT, 8, picture_waves);
  g_autoptr (LacunaFill) filled = NULL;
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&refuses_threads, TRUE);
  g_assert_null (fill_photo (engine, photo, model, &error));
  g_atomic_int_set (&refuses_threads, FALSE);
  g_assert_error (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN);
  g_clear_error (&error);
  filled = fill_photo (engine, photo, model, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fault/no-thread", test_no_thread);
  g_test_add_func ("/fault/once", test_once);
  g_test_add_func ("/fault/always", test_always);
  g_test_add_func ("/fault/memory", test_memory);
  g_test_add_func ("/fault/memory/once", test_memory_once);
  g_test_add_func ("/fault/memory/detail", test_memory_detail);
  g_test_add_func ("/fault/garbage", test_garbage);
  g_test_add_func ("/fault/garbage/always", test_garbage_always);
  g_test_add_func ("/fault/overflow", test_overflow);
  g_test_add_func ("/fault/slow-build", test_slow_build);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests the process that decodes and encodes photos, in place of which stands tests/codec/bad.c. The oracle is the
 * error that each way to break has to give, and the pixels of the photo where nothing breaks. */
#include "engine/photo/codec.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/error.h"
#include "engine/codec/confine.h"
#include "engine/photo/shared.h"
#include "tests/image.h"

#define N_THREADS 6

/* A photo of that name, which the test's codec knows. */
static char *
make_photo (const char *name)
{
  g_autofree char *png = image_path ("photo.png");
  g_autofree char *content = NULL;
  char *path = image_path (name);
  VipsImage *image = image_new (image_noise, 40, 30, 3, 8);
  gsize size;

  g_assert_cmpint (vips_pngsave (image, png, NULL), ==, 0);
  g_object_unref (image);
  g_assert_true (g_file_get_contents (png, &content, &size, NULL));
  g_assert_true (g_file_set_contents (path, content, size, NULL));
  return path;
}

static void
assert_loads (const char *name)
{
  g_autofree char *path = make_photo (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (lacuna_photo_get_width (photo), ==, 40);
  g_assert_cmpint (((const guint8 *) lacuna_photo_get_pixels (photo))[100], ==, image_noise (33, 0, 1) >> 8);
}

/* What ends the decoder is an error that says so, and the next photo loads. */
static void
test_breaks (void)
{
  static const struct {
    const char *name, *says;
  } cases[] = {
    { "crash.png", "ended by signal 11" }, { "memory.png", "ended by signal 6" },
    { "quit.png", "ended with code 7" },   { "hang.png", "did not answer within 1 seconds" },
    { "noise.png", "makes no sense" },     { "lie.png", "makes no sense" },
    { "unsealed.png", "makes no sense" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = make_photo (cases[i].name);
      g_autoptr (GError) error = NULL;

      /* AddressSanitizer needs more. */
      if (g_str_equal (cases[i].name, "memory.png") && g_getenv ("LACUNA_SANITIZED") != NULL)
        continue;
      lacuna_codec_limit_patience (g_str_equal (cases[i].name, "hang.png") ? 1 : G_MAXUINT);
      g_assert_null (lacuna_photo_load (path, NULL, &error));
      g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, path));
      g_assert_nonnull (strstr (error->message, cases[i].says));
      lacuna_codec_limit_patience (G_MAXUINT);
      assert_loads ("good.png");
    }
}

static void
assert_not_saved (LacunaPhoto *photo, const char *name, const char *says)
{
  g_autofree char *path = image_path (name);
  g_autoptr (GError) error = NULL;

  g_assert_false (lacuna_photo_save (photo, path, NULL, &error));
  g_assert_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* An encoder that ends writes nothing, and says so. */
static void
test_encoder_breaks (void)
{
  g_autofree char *good = make_photo ("good.png");
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (good, NULL, NULL);

  assert_not_saved (photo, "crash.jpg", "the encoder ended by signal 11");
  /* AddressSanitizer needs more. */
  if (g_getenv ("LACUNA_SANITIZED") == NULL)
    assert_not_saved (photo, "memory.jpg", "the encoder ended by signal 6");
}

/* Kills the processes that this one started, which wait for the next call. */
static void
kill_idle (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", getpid ());
  g_autofree char *children = NULL;
  g_auto (GStrv) pids = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  pids = g_strsplit (g_strstrip (children), " ", -1);
  g_assert_cmpint (g_strv_length (pids), >, 0);
  for (guint i = 0; pids[i] != NULL; i++)
    kill (atoi (pids[i]), SIGKILL);
  g_usleep (G_USEC_PER_SEC / 10);
}

/* One that ended since the last call is replaced without a word, also where pixels are sent to it. */
static void
test_ended_idle (void)
{
  g_autofree char *good = make_photo ("good.png"), *path = image_path ("saved.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (LacunaPhoto) photo = lacuna_photo_load (good, NULL, &error);

  g_assert_no_error (error);
  kill_idle ();
  lacuna_photo_save (photo, path, NULL, &error);
  g_assert_no_error (error);
}

/* A photo that tries every way out of the process, and finds none, is a photo. */
static void
test_confined (void)
{
  guint confinement;
  g_autoptr (GError) error = NULL;

  lacuna_codec_get_confinement (&confinement, &error);
  g_assert_no_error (error);
  if (confinement != (LACUNA_CONFINED_LIMITS | LACUNA_CONFINED_FILES | LACUNA_CONFINED_SYSCALLS))
    {
      g_test_skip ("this system has no Landlock or no seccomp");
      return;
    }
  assert_loads ("escape.png");
}

/* A JPEG with a tag. */
static char *
make_tagged (void)
{
  static const char xmp[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                            "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
                            "xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='negative'/></rdf:RDF></x:xmpmeta>";
  char *path = image_path ("tagged.jpg");
  VipsImage *image = image_new (image_slope, 40, 30, 3, 8);

  vips_image_set_blob_copy (image, VIPS_META_XMP_NAME, xmp, sizeof xmp - 1);
  g_assert_cmpint (vips_jpegsave (image, path, NULL), ==, 0);
  g_object_unref (image);
  return path;
}

/* Without Landlock nothing can be opened at all: photos are read and saved, without what Exiv2 would write. */
static void
test_without_landlock (void)
{
  g_autofree char *tagged = make_tagged ();
  g_autofree char *crash = make_photo ("crash.png"), *path = image_path ("saved.jpg");
  g_autoptr (LacunaPhoto) photo = NULL;
  g_autoptr (GError) error = NULL;
  guint confinement;

  g_setenv ("LACUNA_TEST_NO_LANDLOCK", "1", TRUE);
  g_assert_true (lacuna_codec_get_confinement (&confinement, &error));
  g_assert_cmpuint (confinement, ==, LACUNA_CONFINED_LIMITS | LACUNA_CONFINED_SYSCALLS);
  assert_loads ("escape.png");
  photo = lacuna_photo_load (tagged, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (lacuna_photo_get_note (photo), "Landlock"));
  g_assert_true (lacuna_photo_save (photo, path, NULL, &error));
  g_assert_no_error (error);
  assert_loads ("good.png");
  /* The tests that follow have another codec. */
  g_assert_null (lacuna_photo_load (crash, NULL, NULL));
  g_unsetenv ("LACUNA_TEST_NO_LANDLOCK");
}

static gpointer
load_some (gpointer data)
{
  g_autofree char *path = image_path ("good.png");

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (LacunaPhoto) photo = lacuna_photo_load (path, NULL, NULL);

      g_assert_nonnull (photo);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  g_autofree char *path = make_photo ("good.png");

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("load", load_some, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static gpointer
cancel (gpointer cancellable)
{
  g_usleep (G_USEC_PER_SEC / 10);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  g_autofree char *path = make_photo ("hang.png");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel, cancellable);

  g_assert_null (lacuna_photo_load (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  assert_loads ("good.png");
}

/* A process that another thread has just started holds the memory mapped for a moment. */
static void
test_busy (void)
{
  g_autoptr (LacunaShared) memory = lacuna_shared_new (4096);
  pid_t child = fork ();

  if (child == 0)
    {
      g_usleep (100000);
      _exit (0);
    }
  g_assert_cmpint (lacuna_shared_seal (memory), >=, 0);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codec/without-landlock", test_without_landlock);
  g_test_add_func ("/codec/busy", test_busy);
  g_test_add_func ("/codec/breaks", test_breaks);
  g_test_add_func ("/codec/encoder-breaks", test_encoder_breaks);
  g_test_add_func ("/codec/ended-idle", test_ended_idle);
  g_test_add_func ("/codec/confined", test_confined);
  g_test_add_func ("/codec/threads", test_threads);
  g_test_add_func ("/codec/cancel", test_cancel);
  return image_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop of the program lacuna-codec: it receives a request, runs one operation, and sends the answer. All that
 * libraries load when they are first used is loaded before lacuna_confine, after which no file can be opened. The main
 * thread serves one request after the other; a second thread waits for the other end to close, and then ends the
 * process at once. */
#include "engine/codec/serve.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <libheif/heif.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/codec/exiv2.h"
#include "engine/error.h"
#include "engine/codec/colour.h"
#include "engine/codec/confine.h"
#include "engine/codec/decode.h"
#include "engine/codec/encode.h"
#include "engine/photo/parcel.h"
#include "engine/codec/scale.h"
#include "engine/codec/vips-image.h"

typedef struct {
  GVariant *head;
  GBytes *body;
  GBytes *file; /* to be decoded; NULL: none */
  const char *name;
} Request;

typedef struct {
  GVariantDict head;
  LacunaShared *body; /* or NULL */
} Answer;

/* Reads a file that can't be mapped. NULL: it is empty, cut off, or there is no memory. */
static GBytes *
read_file (int fd)
{
  struct stat status;
  g_autofree guint8 *data = NULL;
  gsize size = 0;
  ssize_t n = -1;

  if (fstat (fd, &status) != 0 || status.st_size == 0 || (data = g_try_malloc (status.st_size)) == NULL)
    return NULL;
  while (size < (gsize) status.st_size && (n = pread (fd, data + size, status.st_size - size, size)) > 0)
    size += n;
  return n > 0 ? g_bytes_new_take (g_steal_pointer (&data), size) : NULL;
}

static GBytes *
open_file (const LacunaParcel *parcel)
{
  GMappedFile *mapped;
  GBytes *bytes;

  if (parcel->file < 0)
    return g_bytes_ref (parcel->body);
  mapped = g_mapped_file_new_from_fd (parcel->file, FALSE, NULL);
  if (mapped == NULL)
    return read_file (parcel->file);
  bytes = g_mapped_file_get_bytes (mapped);
  g_mapped_file_unref (mapped);
  return bytes;
}

static gboolean
decode (const Request *request, Answer *answer, GError **error)
{
  g_autoptr (LacunaPhoto) photo = lacuna_decode (request->file, request->name, error);

  if (photo == NULL)
    return FALSE;
  answer->body = lacuna_parcel_pack_photo (photo, &answer->head);
  if (answer->body == NULL)
    lacuna_error_set_memory (error, _ ("the photo"));
  return answer->body != NULL;
}

static gboolean
check_packing (const Request *request, Answer *answer, GError **error)
{
  return lacuna_decode_packing (request->file, request->name, error);
}

static gboolean
check_size (const Request *request, Answer *answer, GError **error)
{
  int width = 0, height = 0;
  const char *what = "";

  g_variant_lookup (request->head, "width", "i", &width);
  g_variant_lookup (request->head, "height", "i", &height);
  g_variant_lookup (request->head, "what", "&s", &what);
  return lacuna_decode_size (request->file, request->name, width, height, what, error);
}

/* The bytes as the answer's body. */
static gboolean
give (Answer *answer, gconstpointer data, gsize size, GError **error)
{
  answer->body = lacuna_shared_new (size);
  if (answer->body == NULL)
    lacuna_error_set_memory (error, _ ("the file"));
  else if (size > 0)
    memcpy (lacuna_shared_get_data (answer->body), data, size);
  return answer->body != NULL;
}

static gboolean
encode (const Request *request, Answer *answer, GError **error)
{
  g_autoptr (LacunaPhoto) photo = lacuna_parcel_unpack_photo (&(LacunaParcel){ request->head, request->body, -1 });
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GVariant) fills = g_variant_lookup_value (request->head, "fills", G_VARIANT_TYPE ("aa{sv}"));
  int encoding = LACUNA_ENCODING_PNG, quality = 0;

  g_variant_lookup (request->head, "encoding", "i", &encoding);
  g_variant_lookup (request->head, "quality", "i", &quality);
  if (photo == NULL)
    {
      lacuna_error_set_memory (error, _ ("the photo"));
      return FALSE;
    }
  file = lacuna_encode (photo, encoding, request->name, quality, fills, error);
  return file != NULL && give (answer, g_bytes_get_data (file, NULL), g_bytes_get_size (file), error);
}

static gboolean
convert (const Request *request, Answer *answer, GError **error)
{
  g_autoptr (GVariant) profile = g_variant_lookup_value (request->head, "profile", G_VARIANT_TYPE_BYTESTRING);
  g_autoptr (GBytes) bytes = profile != NULL ? g_variant_get_data_as_bytes (profile) : NULL;
  g_autofree guint16 *samples = NULL;
  int bands = 0;
  gboolean forth = TRUE;
  gsize size;

  g_variant_lookup (request->head, "bands", "i", &bands);
  g_variant_lookup (request->head, "forth", "b", &forth);
  samples = lacuna_colour_convert (request->body, bands, bytes, forth, &size, &bands, error);
  g_variant_dict_insert (&answer->head, "bands", "i", bands);
  return samples != NULL && give (answer, samples, size, error);
}

static gboolean
scale (const Request *request, Answer *answer, GError **error)
{
  g_autoptr (LacunaPhoto) photo = lacuna_parcel_unpack_photo (&(LacunaParcel){ request->head, request->body, -1 });
  g_autofree gpointer samples = NULL;
  LacunaBox box = { 0 };
  int width = 0, height = 0;
  gsize size;

  g_variant_lookup (request->head, "box", "(iiii)", &box.x, &box.y, &box.width, &box.height);
  g_variant_lookup (request->head, "to-width", "i", &width);
  g_variant_lookup (request->head, "to-height", "i", &height);
  if (photo == NULL)
    {
      lacuna_error_set_memory (error, _ ("the photo"));
      return FALSE;
    }
  samples = lacuna_scale (photo, box, width, height, request->name, &size, error);
  return samples != NULL && give (answer, samples, size, error);
}

static gboolean
list_suffixes (const Request *request, Answer *answer, GError **error)
{
  g_auto (GVariantBuilder) suffixes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  g_auto (GVariantBuilder) recording = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);
  LacunaEncoding encoding;
  const char *suffix;

  for (guint i = 0; (suffix = lacuna_encoding_get_suffix (i, &encoding)) != NULL; i++)
    if (lacuna_encode_can (encoding))
      {
        g_variant_builder_add (&suffixes, "s", suffix);
        if (lacuna_encode_can_tag (encoding))
          g_variant_builder_add (&recording, "s", suffix);
      }
  g_variant_dict_insert_value (&answer->head, "suffixes", g_variant_builder_end (&suffixes));
  g_variant_dict_insert_value (&answer->head, "recording", g_variant_builder_end (&recording));
  return TRUE;
}

static const struct {
  const char *name;
  gboolean (*run) (const Request *request, Answer *answer, GError **error);
  gboolean has_file, encodes;
} operations[] = {
  { "decode", decode, TRUE, FALSE },          { "check-packing", check_packing, TRUE, FALSE },
  { "check-size", check_size, TRUE, FALSE },  { "encode", encode, FALSE, TRUE },
  { "convert", convert, FALSE, FALSE },       { "scale", scale, FALSE, FALSE },
  { "suffixes", list_suffixes, FALSE, TRUE },
};

static gboolean
run (const LacunaParcel *parcel, Answer *answer, void (*met) (const char *name), GError **error)
{
  Request request = { .head = parcel->head, .body = parcel->body, .name = "" };
  const char *operation = "";
  guint patience = 0;
  int width = 0, height = 0;
  gboolean done = FALSE;

  g_variant_lookup (parcel->head, "operation", "&s", &operation);
  g_variant_lookup (parcel->head, "name", "^&ay", &request.name);
  g_variant_lookup (parcel->head, "patience", "u", &patience);
  g_variant_lookup (parcel->head, "width", "i", &width);
  g_variant_lookup (parcel->head, "height", "i", &height);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operation, operations[i].name))
      {
        lacuna_confine_work (operations[i].encodes ? (guint64) MAX (width, 0) * MAX (height, 0) : 0, patience);
        if (met != NULL)
          met (request.name);
        request.file = operations[i].has_file ? open_file (parcel) : NULL;
        if (operations[i].has_file && request.file == NULL)
          lacuna_error_set_memory (error, _ ("the file"));
        else
          done = operations[i].run (&request, answer, error);
        g_clear_pointer (&request.file, g_bytes_unref);
      }
  return done;
}

static gboolean
answer_parcel (int socket, const LacunaParcel *parcel, void (*met) (const char *name))
{
  Answer answer = { G_VARIANT_DICT_INIT (NULL), NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) head = NULL;
  gboolean sent;

  if (!run (parcel, &answer, met, &error) && error != NULL)
    {
      g_variant_dict_insert (&answer.head, "error", "(u^ay)",
                             error->domain == LACUNA_ERROR ? (guint) error->code : LACUNA_ERROR_FILE, error->message);
      g_clear_pointer (&answer.body, lacuna_shared_unref);
    }
  head = g_variant_ref_sink (g_variant_dict_end (&answer.head));
  sent = lacuna_parcel_send (socket, head, answer.body, -1);
  lacuna_shared_unref (answer.body);
  return sent;
}

/* Ends the process with the other end, amid whatever it is at. */
static gpointer
watch (gpointer data)
{
  struct pollfd polled = { .fd = GPOINTER_TO_INT (data), .events = POLLRDHUP };

  while (poll (&polled, 1, -1) < 0)
    ;
  _exit (0);
}

/* Loads what the libraries would open later, when no file can be opened: iconv's modules, time zones, translations. */
static void
load_all (void)
{
  static const char *const alphabets[] = { "UTF-16LE", "UTF-16BE", "UTF-16", "UCS-2LE", "UCS-2BE", "ISO-8859-1" };

  for (guint i = 0; i < G_N_ELEMENTS (alphabets); i++)
    {
      g_iconv_open ("UTF-8", alphabets[i]);
      g_iconv_open (alphabets[i], "UTF-8");
    }
  tzset ();
  (void) strerror (ENOMEM);
  /* The first look-up loads this program's own translations. */
  (void) _ ("the photo");
#if LIBHEIF_HAVE_VERSION(1, 13, 0)
  heif_init (NULL);
#endif
  lacuna_exiv2_init ();
}

static gboolean
greet (int socket, LacunaConfinement confinement)
{
  g_autoptr (GVariant) head = g_variant_ref_sink (g_variant_new_parsed ("{'confinement': <%u>}", (guint) confinement));

  return lacuna_parcel_send (socket, head, NULL, -1);
}

int
lacuna_serve (int socket, void (*met) (const char *name))
{
  LacunaConfinement confinement;

  /* What the terminal sends is for the program that asks. */
  setsid ();
  signal (SIGXFSZ, SIG_IGN);
  /* Libraries warn of what is usual in files. */
  g_log_set_always_fatal (g_log_set_always_fatal (G_LOG_FATAL_MASK) & ~G_LOG_LEVEL_WARNING);
  if (!lacuna_vips_init (NULL))
    return 1;
  load_all ();
  confinement = lacuna_confine ();
  g_debug ("Confined by%s%s%s.", (confinement & LACUNA_CONFINED_LIMITS) != 0 ? " limits" : "",
           (confinement & LACUNA_CONFINED_FILES) != 0 ? " Landlock" : "",
           (confinement & LACUNA_CONFINED_SYSCALLS) != 0 ? " seccomp" : "");
  g_thread_unref (g_thread_new ("watch", watch, GINT_TO_POINTER (socket)));
  if (!greet (socket, confinement))
    return 1;
  for (;;)
    {
      g_auto (LacunaParcel) parcel = { 0 };

      if (!lacuna_parcel_receive (socket, &parcel) || !answer_parcel (socket, &parcel, met))
        _exit (0);
    }
}

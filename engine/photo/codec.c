/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts processes of lacuna-codec, and has one of them serve each call. At most as many run as there are processors: a
 * caller takes an idle one, starts one, or waits. One that ended, hung or gave a senseless answer is killed and never
 * used again. `lock` guards the static variables; any thread may call, and is blocked until the answer, the timeout or
 * its cancellation. */
#include "engine/photo/codec.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/error.h"
#include "engine/helper.h"

#define PROGRAM "lacuna-codec"
#define START 30 /* seconds that it may take to start */
/* How often, and for how many microseconds each, its end is waited for. */
#define END_CHECKS 1000
#define END_INTERVAL 2000

typedef struct {
  GSubprocess *process;
  int socket;
  guint confinement;
} Codec;

/* How a call went wrong. */
typedef enum {
  END_NONE,
  END_CLOSED,    /* the codec ended */
  END_SENSELESS, /* what it sent is no parcel */
  END_TIMEOUT,
  END_CANCELLED,
} End;

static GMutex lock;
static GCond changed;
static GQueue idle = G_QUEUE_INIT; /* of Codec */
static guint n_codecs;
static guint most_patience = G_MAXUINT;

void
lacuna_codec_limit_patience (guint seconds)
{
  most_patience = seconds;
}

/* Its libraries' words are of use only to who asks for messages, and sanitizers'. */
static GSubprocessFlags
get_flags (void)
{
  gboolean speaks = g_getenv ("G_MESSAGES_DEBUG") != NULL || g_getenv ("LACUNA_SANITIZED") != NULL;

  return G_SUBPROCESS_FLAGS_STDOUT_SILENCE | (speaks ? 0 : G_SUBPROCESS_FLAGS_STDERR_SILENCE);
}

static Codec *
codec_spawn (GError **error)
{
  g_autofree char *program = lacuna_helper_find (PROGRAM);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (get_flags ());
  g_autoptr (GSubprocess) process = NULL;
  int ends[2];
  Codec *self;

  if (program == NULL)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("there is no such program"));
      return NULL;
    }
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_FILE, g_strerror (errno));
      return NULL;
    }
  g_subprocess_launcher_take_fd (launcher, ends[1], LACUNA_CODEC_SOCKET);
  process = g_subprocess_launcher_spawn (launcher, error, program, NULL);
  /* Its end is closed here, so that the codec's own end is seen. */
  g_subprocess_launcher_close (launcher);
  if (process == NULL)
    {
      g_close (ends[0], NULL);
      return NULL;
    }
  self = g_new0 (Codec, 1);
  self->process = g_steal_pointer (&process);
  self->socket = ends[0];
  return self;
}

static void
codec_free (Codec *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_close (self->socket, NULL);
  g_object_unref (self->process);
  g_free (self);
}

/* Waits for its end, which has begun: it can be made to say so and stay. */
static void
codec_wait_for_end (Codec *self)
{
  for (guint i = 0; i < END_CHECKS && g_subprocess_get_identifier (self->process) != NULL; i++)
    g_usleep (END_INTERVAL);
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
}

/* Describes how a codec ended, in words that follow a subject (g_free). */
static char *
codec_describe_end (Codec *self, End end, guint patience)
{
  if (end == END_TIMEOUT)
    return g_strdup_printf (_ ("did not answer within %u seconds"), patience);
  if (end == END_SENSELESS)
    return g_strdup (_ ("gave an answer that makes no sense"));
  codec_wait_for_end (self);
  if (!g_subprocess_get_if_signaled (self->process))
    return g_strdup_printf (_ ("ended with code %d"), g_subprocess_get_exit_status (self->process));
  return g_strdup_printf (_ ("ended by signal %d (%s)"), g_subprocess_get_term_sig (self->process),
                          g_strsignal (g_subprocess_get_term_sig (self->process)));
}

/* Waits until something came, or the codec ended. */
static End
codec_wait (Codec *self, guint patience, GCancellable *cancellable)
{
  gint64 until = g_get_monotonic_time () + (gint64) patience * G_USEC_PER_SEC;
  GPollFD polled[2] = { { .fd = self->socket, .events = G_IO_IN } };
  gboolean can_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &polled[1]);
  End end = END_NONE;

  for (;;)
    {
      gint64 left = MAX (until - g_get_monotonic_time (), 0) / 1000;
      int n = g_poll (polled, can_cancel ? 2 : 1, MIN (left, G_MAXINT));

      if (n < 0 && errno == EINTR)
        continue;
      if (g_cancellable_is_cancelled (cancellable))
        end = END_CANCELLED;
      else if (n == 0)
        end = END_TIMEOUT;
      break;
    }
  if (can_cancel)
    g_cancellable_release_fd (cancellable);
  return end;
}

static End
codec_receive (Codec *self, guint patience, GCancellable *cancellable, LacunaParcel *ret_answer)
{
  End end = codec_wait (self, patience, cancellable);
  char byte;

  if (end != END_NONE)
    return end;
  if (recv (self->socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) <= 0)
    return END_CLOSED;
  return lacuna_parcel_receive (self->socket, ret_answer) ? END_NONE : END_SENSELESS;
}

/* Receives the codec's greeting: that it is ready, and how it is confined. */
static gboolean
codec_greet (Codec *self, GError **error)
{
  g_auto (LacunaParcel) greeting = { 0 };
  End end = codec_receive (self, START, NULL, &greeting);

  if (end != END_NONE || !g_variant_lookup (greeting.head, "confinement", "u", &self->confinement))
    {
      g_autofree char *how = codec_describe_end (self, end, START);

      g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_FILE, how);
      return FALSE;
    }
  return TRUE;
}

static Codec *
codec_start (GError **error)
{
  g_autoptr (GError) problem = NULL;
  Codec *self = codec_spawn (&problem);

  if (self != NULL && codec_greet (self, &problem))
    return self;
  if (self != NULL)
    codec_free (self);
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_FILE,
      _ ("Photos can't be read or written, because “%s”, the program for that, does not start: %s. Install Lacuna "
         "again."),
      PROGRAM, problem->message);
  return NULL;
}

/* Returns a codec that is idle, or a new one, or waits for the first that becomes idle. */
static Codec *
acquire (GError **error)
{
  Codec *codec;

  g_mutex_lock (&lock);
  while ((codec = g_queue_pop_head (&idle)) == NULL && n_codecs >= g_get_num_processors ())
    g_cond_wait (&changed, &lock);
  if (codec == NULL)
    n_codecs++;
  g_mutex_unlock (&lock);
  if (codec != NULL)
    return codec;
  codec = codec_start (error);
  if (codec == NULL)
    {
      g_mutex_lock (&lock);
      n_codecs--;
      g_cond_signal (&changed);
      g_mutex_unlock (&lock);
    }
  return codec;
}

static void
release (Codec *codec, gboolean is_sound)
{
  if (!is_sound)
    codec_free (codec);
  g_mutex_lock (&lock);
  if (is_sound)
    g_queue_push_head (&idle, codec);
  else
    n_codecs--;
  g_cond_signal (&changed);
  g_mutex_unlock (&lock);
}

static GVariant *
make_head (const LacunaCodecRequest *request, guint patience)
{
  g_auto (GVariantDict) head = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) arguments
      = request->arguments != NULL ? g_variant_ref_sink (g_variant_dict_end (request->arguments)) : NULL;
  GVariantIter iter;
  GVariant *value;
  const char *key;

  if (arguments != NULL)
    {
      g_variant_iter_init (&iter, arguments);
      while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
        g_variant_dict_insert_value (&head, key, value);
    }
  g_variant_dict_insert (&head, "operation", "s", request->operation);
  g_variant_dict_insert (&head, "name", "^ay", request->name);
  g_variant_dict_insert (&head, "patience", "u", patience);
  return g_variant_ref_sink (g_variant_dict_end (&head));
}

static gboolean
has_ended (const Codec *codec)
{
  struct pollfd watched = { .fd = codec->socket };

  return poll (&watched, 1, 0) != 0;
}

/* Sends it to a codec that lives: one that waited for its next call may have ended. What is sent is sealed by that, and can't
 * be sent twice. */
static Codec *
send_request (const LacunaCodecRequest *request, guint patience, GError **error)
{
  g_autoptr (GVariant) head = make_head (request, patience);
  Codec *codec = acquire (error);

  for (guint i = 0; codec != NULL && has_ended (codec) && i < g_get_num_processors (); i++)
    {
      release (codec, FALSE);
      codec = acquire (error);
    }
  if (codec == NULL || lacuna_parcel_send (codec->socket, head, request->body, request->file))
    return codec;
  release (codec, FALSE);
  lacuna_error_set_memory (error, _ ("the file"));
  return NULL;
}

static void
set_end (const LacunaCodecRequest *request, const char *how, GError **error)
{
  if (g_str_equal (request->operation, "encode"))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE,
                 _ ("“%s” can't be encoded: the encoder %s. Save it in another format, as PNG for example."),
                 request->name, how);
  else
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
        _ ("“%s” can't be read: the decoder %s. The file is damaged, or made to do harm; use another copy of it."),
        request->name, how);
}

/* Takes the codec's own error, if it sent one. */
static gboolean
take_error (GVariant *head, GError **error)
{
  guint code;
  const char *message;
  g_autofree char *valid = NULL;

  if (!g_variant_lookup (head, "error", "(u^&ay)", &code, &message))
    return FALSE;
  valid = g_utf8_make_valid (message, -1);
  g_set_error_literal (error, LACUNA_ERROR, code <= LACUNA_ERROR_MEMORY ? code : LACUNA_ERROR_FORMAT, valid);
  return TRUE;
}

gboolean
lacuna_codec_call (const LacunaCodecRequest *request, GCancellable *cancellable, GError **error)
{
  guint patience = MIN (request->patience, most_patience);
  g_auto (LacunaParcel) answer = { 0 };
  gboolean failed = FALSE;
  Codec *codec;
  End end;

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || (codec = send_request (request, patience, error)) == NULL)
    return FALSE;
  end = codec_receive (codec, patience, cancellable, &answer);
  failed = end == END_NONE && take_error (answer.head, error);
  if (end == END_NONE && !failed && !request->accept (&answer, request->data))
    end = END_SENSELESS;
  if (end == END_CANCELLED)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  else if (end != END_NONE)
    {
      g_autofree char *how = codec_describe_end (codec, end, patience);

      set_end (request, how, error);
    }
  release (codec, end == END_NONE);
  return end == END_NONE && !failed;
}

gboolean
lacuna_codec_get_confinement (guint *ret_confinement, GError **error)
{
  Codec *codec = acquire (error);

  if (codec == NULL)
    return FALSE;
  *ret_confinement = codec->confinement;
  release (codec, TRUE);
  return TRUE;
}

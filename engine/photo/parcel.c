/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages between a program and lacuna-codec: a packet with two sizes, and sealed memory with a body and a head.
 * The receiver trusts nothing: sizes have to fill the memory exactly, the head has to be in normal form, and a photo as
 * large as its pixels. A parcel owns what it holds. It runs in both processes: on the thread that calls the codec, and
 * on the codec's main thread. */
#include "engine/photo/parcel.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/photo/photo-fields.h"

#define ALIGNMENT 8 /* of a GVariant */
#define MAX_HEAD (G_GUINT64_CONSTANT (64) << 20)
#define MAX_FILES 2

typedef struct {
  guint64 body_size, head_size;
} Packet;

typedef union {
  char room[CMSG_SPACE (MAX_FILES * sizeof (int))];
  struct cmsghdr aligned;
} Control;

static gsize
get_padding (guint64 size)
{
  return -size % ALIGNMENT;
}

static gboolean
send_packet (int socket, Packet packet, const int *files, guint n_files)
{
  Control control = { 0 };
  struct iovec content = { &packet, sizeof packet };
  struct msghdr message = { .msg_iov = &content, .msg_iovlen = 1, .msg_control = control.room,
                            .msg_controllen = CMSG_SPACE (n_files * sizeof *files) };
  struct cmsghdr *part = CMSG_FIRSTHDR (&message);

  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN (n_files * sizeof *files);
  memcpy (CMSG_DATA (part), files, n_files * sizeof *files);
  return TEMP_FAILURE_RETRY (sendmsg (socket, &message, MSG_NOSIGNAL)) == sizeof packet;
}

gboolean
lacuna_parcel_send (int socket, GVariant *head, LacunaShared *body, int file)
{
  static const guint8 padding[ALIGNMENT] = { 0 };
  g_autoptr (LacunaShared) memory = body != NULL ? lacuna_shared_ref (body) : lacuna_shared_new (0);
  Packet packet = { .head_size = g_variant_get_size (head) };
  int files[MAX_FILES] = { -1, file };

  errno = ENOMEM;
  if (memory == NULL)
    return FALSE;
  packet.body_size = lacuna_shared_get_size (memory);
  return lacuna_shared_append (memory, padding, get_padding (packet.body_size))
         && lacuna_shared_append (memory, g_variant_get_data (head), packet.head_size)
         && (files[0] = lacuna_shared_seal (memory)) >= 0 && send_packet (socket, packet, files, file >= 0 ? 2 : 1);
}

gboolean
lacuna_parcel_open (GBytes *memory, guint64 body_size, guint64 head_size, LacunaParcel *ret_parcel)
{
  gsize size = g_bytes_get_size (memory), padding = get_padding (body_size);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) head = NULL;

  if (head_size > MAX_HEAD || head_size > size || body_size > size - head_size
      || padding != size - head_size - body_size)
    return FALSE;
  bytes = g_bytes_new_from_bytes (memory, body_size + padding, head_size);
  head = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  if (!g_variant_is_normal_form (head))
    return FALSE;
  *ret_parcel = (LacunaParcel){ g_steal_pointer (&head), g_bytes_new_from_bytes (memory, 0, body_size), -1 };
  return TRUE;
}

/* Returns how many descriptors came, or -1. */
static int
receive_packet (int socket, Packet *packet, int *files)
{
  Control control = { 0 };
  struct iovec content = { packet, sizeof *packet };
  struct msghdr message
      = { .msg_iov = &content, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
  ssize_t size = TEMP_FAILURE_RETRY (recvmsg (socket, &message, MSG_CMSG_CLOEXEC));
  int n_files = 0;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (&message); size >= 0 && part != NULL; part = CMSG_NXTHDR (&message, part))
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
      {
        n_files = (part->cmsg_len - CMSG_LEN (0)) / sizeof *files;
        memcpy (files, CMSG_DATA (part), n_files * sizeof *files);
      }
  return size == sizeof *packet && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 ? n_files : -1;
}

gboolean
lacuna_parcel_receive (int socket, LacunaParcel *ret_parcel)
{
  Packet packet;
  int files[MAX_FILES] = { -1, -1 };
  gboolean is_sound = receive_packet (socket, &packet, files) > 0;
  g_autoptr (GBytes) memory = is_sound ? lacuna_shared_map (files[0]) : NULL;

  is_sound = memory != NULL && lacuna_parcel_open (memory, packet.body_size, packet.head_size, ret_parcel);
  if (is_sound)
    ret_parcel->file = files[1];
  else if (files[1] >= 0)
    g_close (files[1], NULL);
  if (files[0] >= 0)
    g_close (files[0], NULL);
  return is_sound;
}

void
lacuna_parcel_clear (LacunaParcel *self)
{
  if (self->head != NULL && self->file >= 0)
    g_close (self->file, NULL);
  g_clear_pointer (&self->head, g_variant_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

LacunaShared *
lacuna_parcel_pack_pixels (LacunaPhoto *photo, GVariantDict *head)
{
  gsize size;
  gconstpointer pixels = g_bytes_get_data (photo->pixels, &size);
  LacunaShared *body = photo->shared != NULL ? lacuna_shared_ref (photo->shared) : lacuna_shared_new (size);

  if (body != NULL && photo->shared == NULL)
    memcpy (lacuna_shared_get_data (body), pixels, size);
  g_variant_dict_insert (head, "width", "i", photo->width);
  g_variant_dict_insert (head, "height", "i", photo->height);
  g_variant_dict_insert (head, "bands", "i", photo->bands);
  g_variant_dict_insert (head, "depth", "i", photo->depth);
  g_variant_dict_insert (head, "source-size", "t", (guint64) 0);
  return body;
}

LacunaShared *
lacuna_parcel_pack_photo (LacunaPhoto *photo, GVariantDict *head)
{
  g_autoptr (LacunaShared) body = lacuna_parcel_pack_pixels (photo, head);
  gsize source_size = 0;
  gconstpointer source = photo->source != NULL ? g_bytes_get_data (photo->source, &source_size) : NULL;

  if (body == NULL || !lacuna_shared_append (body, source, source_size))
    return NULL;
  g_variant_dict_insert (head, "source-size", "t", (guint64) source_size);
  g_variant_dict_insert (head, "had-thumbnail", "b", photo->had_thumbnail);
  g_variant_dict_insert (head, "has-profile", "b", photo->has_profile);
  if (photo->format != NULL)
    g_variant_dict_insert (head, "format", "s", photo->format);
  if (photo->note != NULL)
    g_variant_dict_insert (head, "note", "s", photo->note);
  if (photo->record != NULL)
    g_variant_dict_insert_value (head, "record", photo->record);
  return g_steal_pointer (&body);
}

/* Returns a format's name as a static string, or NULL where the name is not known. */
static const char *
find_format (const char *name)
{
  static const char *const formats[] = { "jpeg", "png", "webp", "tiff", "heif", "avif" };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (formats[i], name) == 0)
      return formats[i];
  return NULL;
}

/* Returns a copy of the record, which does not keep the parcel's memory. */
static GVariant *
take_record (GVariant *head)
{
  g_autoptr (GVariant) record = g_variant_lookup_value (head, "record", G_VARIANT_TYPE_VARDICT);
  g_autoptr (GBytes) bytes = NULL;

  if (record == NULL)
    return NULL;
  bytes = g_bytes_new (g_variant_get_data (record), g_variant_get_size (record));
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
}

/* Whether the body holds as many bytes as such a photo and its source have. *ret_size: the photo's. */
static gboolean
has_size (const LacunaParcel *self, const LacunaPhoto *photo, guint64 source_size, gsize *ret_size)
{
  gsize body_size = g_bytes_get_size (self->body);

  if (photo->width < 1 || photo->height < 1 || photo->bands < 1 || photo->bands > 4
      || (photo->depth != 8 && photo->depth != 16) || (guint64) photo->width * photo->height > LACUNA_PHOTO_MAX_PIXELS)
    return FALSE;
  *ret_size = (gsize) photo->width * photo->height * photo->bands * photo->depth / 8;
  return body_size >= *ret_size && body_size - *ret_size == source_size;
}

LacunaPhoto *
lacuna_parcel_unpack_photo (const LacunaParcel *self)
{
  g_autoptr (LacunaPhoto) photo = g_object_new (LACUNA_TYPE_PHOTO, NULL);
  const char *format = NULL, *note = NULL;
  guint64 source_size;
  gsize size;

  if (!g_variant_lookup (self->head, "width", "i", &photo->width)
      || !g_variant_lookup (self->head, "height", "i", &photo->height)
      || !g_variant_lookup (self->head, "bands", "i", &photo->bands)
      || !g_variant_lookup (self->head, "depth", "i", &photo->depth)
      || !g_variant_lookup (self->head, "source-size", "t", &source_size)
      || !has_size (self, photo, source_size, &size))
    return NULL;
  g_variant_lookup (self->head, "had-thumbnail", "b", &photo->had_thumbnail);
  g_variant_lookup (self->head, "has-profile", "b", &photo->has_profile);
  g_variant_lookup (self->head, "format", "&s", &format);
  g_variant_lookup (self->head, "note", "&s", &note);
  photo->format = find_format (format);
  photo->note = g_strdup (note);
  photo->record = take_record (self->head);
  photo->pixels = g_bytes_new_from_bytes (self->body, 0, size);
  if (source_size > 0)
    photo->source = g_bytes_new ((const guint8 *) g_bytes_get_data (self->body, NULL) + size, source_size);
  return g_steal_pointer (&photo);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/photo.h"
#include "engine/photo/shared.h"

G_BEGIN_DECLS

/* What a program and its codec send each other, over a socket of whole packets (SOCK_SEQPACKET): a packet with two
 * sizes and the descriptor of sealed memory, in which the body lies (samples, or an encoded file), and behind it the
 * head. The receiver trusts nothing of it. Private to the photo and the codec room. */
typedef struct {
  GVariant *head; /* a{sv}, in normal form */
  GBytes   *body; /* may be empty */
  int       file; /* a descriptor that came along; -1: none */
} LacunaParcel;

/* The body, which is sealed thereby, may be NULL; a descriptor -1. FALSE, with errno set: no memory, or nobody is
 * there. */
gboolean lacuna_parcel_send (int socket, GVariant *head, LacunaShared *body, int file);

/* FALSE: nobody is there, or what came is no parcel. */
gboolean lacuna_parcel_receive (int socket, LacunaParcel *ret_parcel);

/* Opens what lies in memory: a body of that size, and the head. */
gboolean lacuna_parcel_open (GBytes *memory, guint64 body_size, guint64 head_size, LacunaParcel *ret_parcel);

/* A photo's pixels and its source file as a body, unless a decoder made one already. NULL: no memory. */
LacunaShared *lacuna_parcel_pack_photo (LacunaPhoto *photo, GVariantDict *head);

/* Its pixels alone. */
LacunaShared *lacuna_parcel_pack_pixels (LacunaPhoto *photo, GVariantDict *head);

/* NULL: it is no sound photo. Its pixels are those of the parcel. */
LacunaPhoto *lacuna_parcel_unpack_photo (const LacunaParcel *self);

void lacuna_parcel_clear (LacunaParcel *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaParcel, lacuna_parcel_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/photo/parcel.h"

G_BEGIN_DECLS

/* The descriptor on which the codec's program is asked. */
#define LACUNA_CODEC_SOCKET 3

/* Photos and masks come from strangers, and what parses them is large and old. So files are decoded and encoded by a
 * program of its own, lacuna-codec, which can do nothing but that (engine/codec/confine.h): it is handed a descriptor
 * or memory, and gives memory back. It is started when it is first needed, serves one call at a time, and stays for the
 * next; as many run at once as there are processors. It ends with the program that started it. Private to the photo
 * room. */
typedef struct {
  const char   *operation; /* "decode", "check-packing", "check-size", "encode", "convert", "scale" or "suffixes" (engine/codec/serve.h) */
  const char   *name;      /* of the file, in messages */
  GVariantDict *arguments; /* more of them; or NULL */
  int           file;      /* a descriptor to read; or -1 */
  LacunaShared *body;      /* or NULL */
  guint         patience;  /* seconds after which the codec hangs */
  gboolean    (*accept) (const LacunaParcel *answer, gpointer data); /* takes the answer; FALSE: it makes no sense */
  gpointer      data;
} LacunaCodecRequest;

/* Any thread. LACUNA_ERROR_FORMAT where the codec ends or hangs, or LACUNA_ERROR_FILE when it was to encode; errors of
 * the operation, G_IO_ERROR_CANCELLED. */
gboolean lacuna_codec_call (const LacunaCodecRequest *request, GCancellable *cancellable, GError **error);

/* Asks the codec what confines it (LacunaConfinement). LACUNA_ERROR_FILE: it can't be started. */
gboolean lacuna_codec_get_confinement (guint *ret_confinement, GError **error);

/* Allows a call at most so many seconds; for tests. */
void lacuna_codec_limit_patience (guint seconds);

G_END_DECLS

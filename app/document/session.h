/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A session that a program which is no longer running left behind. */
typedef struct {
  char      *path;       /* its folder, for lacuna_document_recover_async */
  char      *photo_path;
  GDateTime *time;       /* last written, local */
  guint      n_fills;
} LacunaSession;

void       lacuna_session_free    (LacunaSession *self);
/* Newest first; those of living programs are left out. */
GPtrArray *lacuna_sessions_list   (void); /* of LacunaSession */
/* The photo of a session, NULL where that can't be read. */
char      *lacuna_session_get_photo_path (const char *path);
/* Removes its files. */
void       lacuna_session_discard (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSession, lacuna_session_free)

G_END_DECLS

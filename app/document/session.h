/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/document/fingerprint.h"

G_BEGIN_DECLS

/* How far the work on a photo has come. */
typedef enum {
  LACUNA_SESSION_UNDONE, /* every step was undone */
  LACUNA_SESSION_LEARNT, /* the same, but the photo was learnt */
  LACUNA_SESSION_MARKED, /* something is marked that was not filled yet */
  LACUNA_SESSION_FILLED,
  LACUNA_SESSION_SAVED,  /* filled, and that was saved */
} LacunaSessionState;

/* The work on a photo: a folder with a copy of the photo, the steps, a small picture, and session.json, which names
 * them. It stays when the photo is closed and when the program ends, in whatever way. */
typedef struct {
  char              *path;       /* its folder */
  char              *photo_path; /* where the photo lies, or the project file that it came in */
  LacunaFingerprint  photo;      /* that file as it was last seen */
  char              *preview;    /* the small picture, a PNG which may be missing */
  LacunaSessionState state;
  GDateTime         *time;       /* last written, local */
  gsize              size;       /* bytes of its files */
} LacunaSession;

void           lacuna_session_free    (LacunaSession *self);

/* How many sessions are kept at most, and how many bytes all of them may take. */
#define LACUNA_SESSIONS_MOST 100
#define LACUNA_SESSIONS_MOST_BYTES (4ull << 30)

/* Newest first, those of open photos among them. What can't be read is moved aside. May be called from a thread. */
GPtrArray     *lacuna_sessions_list   (void); /* of LacunaSession */
/* If there are too many sessions, or too large ones, forgets the oldest whose work was saved, and no others. Removes
 * these from sessions, a list as above. Returns the bytes of those that stay, which is too much where too few were
 * saved. */
gsize          lacuna_sessions_prune  (GPtrArray *sessions);
/* Removes what was forgotten and could have been restored until the program ended. */
void           lacuna_sessions_sweep  (void);
/* The session of the file at path, also where that was moved or copied over itself since. NULL: none. *ret_changed: there
 * is one of an earlier content of the file. */
LacunaSession *lacuna_session_find    (const char *path, gboolean *ret_changed);
/* Does the same among sessions, a list as above. Returns the session's index, or their number where there is none. */
guint          lacuna_sessions_look_up (GPtrArray *sessions, const char *path, gboolean *ret_changed);
/* Reads the session in the folder at path; NULL: there is nothing that can be read. */
LacunaSession *lacuna_session_read    (const char *path);

/* Takes a session from the list; FALSE: it is open. It can be restored until it is removed. */
gboolean       lacuna_session_forget  (const char *path);
void           lacuna_session_restore (const char *path);
/* Removes the files of a session that was forgotten. */
void           lacuna_session_remove_forgotten (const char *path);
/* Moves a session that can't be read aside. */
void           lacuna_session_put_aside (const char *path);

/* The folder that sessions are in. */
char *lacuna_sessions_get_root (void);
/* Returns the folder of the session with that id, which is the name of the folder. */
char *lacuna_session_get_path  (const char *id);
/* The lock's file descriptor, or -1 where a living program has it. */
int   lacuna_session_lock      (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaSession, lacuna_session_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a file's content is recognized by: size and date, which are quick to compare, or else its sum. */
typedef struct {
  gint64 size; /* bytes; -1: there is no such plain file */
  gint64 time; /* µs: of the last change */
  char  *sum;  /* SHA-256 in hexadecimal digits; NULL: not taken yet */
} LacunaFingerprint;

void     lacuna_fingerprint_clear    (LacunaFingerprint *self);
/* Takes size and date; the sum is not known then. */
void     lacuna_fingerprint_stat     (LacunaFingerprint *self, const char *path);
/* Whether the file at path has that size and date. */
gboolean lacuna_fingerprint_is_fresh (const LacunaFingerprint *self, const char *path);
/* Whether the file at path has that content. Where the date differs the sums are compared, which reads the file. */
gboolean lacuna_fingerprint_is_of    (const LacunaFingerprint *self, const char *path);
/* A file's sum, NULL where it can't be read. */
char    *lacuna_fingerprint_sum      (const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LacunaFingerprint, lacuna_fingerprint_clear)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a pickle of weights is made of. Nothing of it is ever called: the few classes and functions that such files name
 * are known here as data, and a pickle that names another one is refused. */
typedef enum {
  LACUNA_PICKLE_NONE,
  LACUNA_PICKLE_NUMBER,  /* whole, or a truth value */
  LACUNA_PICKLE_REAL,
  LACUNA_PICKLE_TEXT,
  LACUNA_PICKLE_TUPLE,
  LACUNA_PICKLE_LIST,
  LACUNA_PICKLE_DICT,    /* items: key, value, key, value, … */
  LACUNA_PICKLE_GLOBAL,  /* text: "module name", one of those that are known */
  LACUNA_PICKLE_STORAGE, /* items: "storage", class, key, place, number of elements, … */
  LACUNA_PICKLE_TENSOR,  /* items: storage, first element, sizes, strides, … */
} LacunaPickleKind;

typedef struct {
  LacunaPickleKind kind;
  gint64           number;
  char            *text;  /* or NULL */
  GPtrArray       *items; /* of LacunaPickleValue, borrowed; NULL: none */
} LacunaPickleValue;

/* Owns the values. They may contain each other, and themselves: to be walked only so deep. */
typedef struct {
  GPtrArray               *values;
  const LacunaPickleValue *root;
} LacunaPickle;

/* Reads the pickle that begins at *at of the bytes, and moves *at behind it. LACUNA_ERROR_FORMAT. */
LacunaPickle *lacuna_pickle_read (const guint8 *data, gsize size, gsize *at, GError **error);
void          lacuna_pickle_free (LacunaPickle *self);

guint                    lacuna_pickle_count (const LacunaPickleValue *value);
const LacunaPickleValue *lacuna_pickle_get (const LacunaPickleValue *value, guint i, LacunaPickleKind kind); /* or NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaPickle, lacuna_pickle_free)

G_END_DECLS

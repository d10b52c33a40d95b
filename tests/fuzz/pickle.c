/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/import/pickle.h"

#include "tests/fuzz/fuzz.h"

/* Refused, or a value that can be looked at. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize at = 0;
  g_autoptr (LacunaPickle) pickle = lacuna_pickle_read (data, size, &at, NULL);

  g_assert_true (at <= size);
  for (guint i = 0; pickle != NULL && i < pickle->values->len; i++)
    {
      const LacunaPickleValue *value = pickle->values->pdata[i];

      for (guint j = 0; j <= lacuna_pickle_count (value); j++)
        lacuna_pickle_get (value, j, LACUNA_PICKLE_TEXT);
    }
  return 0;
}

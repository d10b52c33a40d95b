/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/train/snapshot.h"
#include "tests/fuzz/fuzz.h"

/* Whatever the text, it is refused or says the same when it is written and read again. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size), *first = NULL, *second = NULL;
  g_autoptr (LacunaTrainingProgress) progress = lacuna_training_progress_from_json (text, NULL), again = NULL;

  if (progress == NULL)
    return 0;
  g_assert_cmpint (progress->step, >=, 0);
  first = lacuna_training_progress_to_json (progress);
  again = lacuna_training_progress_from_json (first, NULL);
  g_assert_nonnull (again);
  second = lacuna_training_progress_to_json (again);
  g_assert_cmpstr (first, ==, second);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cl/self-test.h"

#include <signal.h>
#include <sys/wait.h>

#include "engine/cl/context-private.h"
#include "engine/cl/device-list.h"
#include "engine/cl/device-private.h"
#include "engine/cl/device-limits.h"
#include "engine/cl/pocl.h"
#include "engine/cl/verdict.h"
#include "engine/helper.h"

#define PROGRAM "lacuna-self-test"
#define PATIENCE 180 /* seconds for a step, in which some programs are compiled */

static guint most_patience = PATIENCE;

void
lacuna_self_test_limit_patience (guint seconds)
{
  most_patience = seconds;
}

/* cache: of kernels, in place of the user's; or NULL. FALSE: it could not be run, or was cancelled. */
static gboolean
run (LacunaDevice *device, const char *cache, GCancellable *cancellable, LacunaHelperRun *ret_run)
{
  g_autofree char *program = lacuna_helper_find (PROGRAM);
  g_autofree char *place = g_strdup_printf ("%u", lacuna_device_get_place (device));
  const char *arguments[] = { program, lacuna_device_get_platform (device), place, NULL };
  g_auto (GStrv) environment = g_get_environ ();

  if (cache != NULL)
    {
      environment = g_environ_setenv (environment, "XDG_CACHE_HOME", cache, TRUE);
      environment = g_environ_setenv (environment, "POCL_CACHE_DIR", cache, TRUE);
    }
  return program != NULL && lacuna_helper_run (arguments, environment, most_patience, cancellable, ret_run, NULL);
}

/* A program that says nothing at all, or that the system killed, tells nothing of the device. */
static LacunaVerdict
judge (const LacunaHelperRun *result, char **ret_reason)
{
  gboolean has_code = result->is_over && WIFEXITED (result->status);

  if (has_code && WEXITSTATUS (result->status) == LACUNA_SELF_TEST_PASSED)
    return LACUNA_VERDICT_SOUND;
  if (result->last[0] == '\0' || (has_code && WEXITSTATUS (result->status) == LACUNA_SELF_TEST_UNDECIDED)
      || (result->is_over && WIFSIGNALED (result->status) && WTERMSIG (result->status) == SIGKILL))
    return LACUNA_VERDICT_NONE;
  *ret_reason = has_code && WEXITSTATUS (result->status) == LACUNA_SELF_TEST_FAILED
                    ? g_strdup (result->last)
                    : lacuna_helper_describe_end (result);
  return LACUNA_VERDICT_AGAINST;
}

/* Whether the device passes with a cache that is empty: then the user's is damaged, and is emptied. */
static gboolean
passes_anew (LacunaDevice *device, GCancellable *cancellable)
{
  g_autofree char *cache = g_dir_make_tmp ("lacuna-self-test-XXXXXX", NULL);
  g_auto (LacunaHelperRun) result = { 0 };
  g_autofree char *reason = NULL;
  gboolean passes
      = cache != NULL && run (device, cache, cancellable, &result) && judge (&result, &reason) == LACUNA_VERDICT_SOUND;

  if (passes)
    {
      lacuna_binaries_clear ();
      lacuna_pocl_clear ();
    }
  if (cache != NULL)
    lacuna_pocl_delete_folder (cache);
  return passes;
}

static LacunaVerdict
test (LacunaDevice *device, GCancellable *cancellable, char **ret_reason)
{
  g_auto (LacunaHelperRun) result = { 0 };
  LacunaVerdict verdict;

  if (!run (device, NULL, cancellable, &result))
    return LACUNA_VERDICT_NONE;
  verdict = judge (&result, ret_reason);
  if (verdict == LACUNA_VERDICT_AGAINST && result.is_over && passes_anew (device, cancellable))
    {
      g_clear_pointer (ret_reason, g_free);
      verdict = LACUNA_VERDICT_SOUND;
    }
  return verdict;
}

/* Whether nothing is known against it; it is then marked as being used. */
static gboolean
passes (LacunaDevice *device, GCancellable *cancellable)
{
  g_autofree char *name = lacuna_verdict_get_name (device);
  g_autofree char *reason = NULL;
  LacunaVerdict verdict = lacuna_verdict_load (device, NULL);

  if (verdict == LACUNA_VERDICT_NONE)
    {
      verdict = test (device, cancellable, &reason);
      if (g_cancellable_is_cancelled (cancellable))
        return FALSE;
      if (verdict != LACUNA_VERDICT_NONE)
        lacuna_verdict_store (device, reason);
    }
  if (verdict != LACUNA_VERDICT_AGAINST)
    lacuna_pocl_use (name);
  return verdict != LACUNA_VERDICT_AGAINST;
}

/* Each that fails is not found again. */
LacunaDevice *
lacuna_self_test_find (const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (LacunaDevice) device = NULL;

  while ((device = lacuna_device_find (name, error)) != NULL && !passes (device, cancellable))
    {
      g_clear_object (&device);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&device);
}

LacunaDevice *
lacuna_self_test_find_next (LacunaDevice *failed, GCancellable *cancellable)
{
  g_autoptr (LacunaDevice) device = NULL;

  while (!g_cancellable_is_cancelled (cancellable) && (device = lacuna_device_find_next (failed)) != NULL
         && !passes (device, cancellable))
    g_clear_object (&device);
  return g_steal_pointer (&device);
}

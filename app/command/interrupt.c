/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command/interrupt.h"

#include <signal.h>
#include <stdlib.h>

static int caught; /* atomic: the signal's number, or 0 */

static sigset_t
get_signals (void)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  return signals;
}

/* Ends the process by the signal, as if it had never been caught. */
static void
die_of (int number)
{
  sigset_t signals = get_signals ();

  signal (number, SIG_DFL);
  raise (number);
  pthread_sigmask (SIG_UNBLOCK, &signals, NULL);
}

static gpointer
wait_for_signals (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  sigset_t signals = get_signals ();
  int number;

  sigwait (&signals, &number);
  g_atomic_int_set (&caught, number);
  g_cancellable_cancel (cancellable);
  sigwait (&signals, &number);
  die_of (number);
  return NULL;
}

GCancellable *
lacuna_interrupt_new (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  sigset_t signals = get_signals ();
  GThread *thread;

  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  thread = g_thread_try_new ("interrupt", wait_for_signals, g_object_ref (cancellable), NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    {
      /* Signals then end the program at once. */
      g_object_unref (cancellable);
      pthread_sigmask (SIG_UNBLOCK, &signals, NULL);
    }
  return cancellable;
}

void
lacuna_interrupt_end (void)
{
  int number = g_atomic_int_get (&caught);

  if (number != 0)
    die_of (number);
}

#include "app/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "app/command.h"

static sigset_t
get_signals (void)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  return signals;
}

static gpointer
wait_for_signals (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;
  sigset_t signals = get_signals ();
  int number;

  sigwait (&signals, &number);
  g_cancellable_cancel (cancellable);
  sigwait (&signals, &number);
  _exit (LACUNA_EXIT_FAILED);
}

GCancellable *
lacuna_interrupt_new (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  sigset_t signals = get_signals ();

  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  g_thread_unref (g_thread_new ("interrupt", wait_for_signals, g_object_ref (cancellable)));
  return cancellable;
}

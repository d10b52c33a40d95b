/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GIO module which watches the main loop of the program that loads it by GIO_EXTRA_MODULES, and writes to the file
 * that LACUNA_WATCHDOG names:
 *   stall BLOCKED GAP WORKED
 *                       where a timer that should fire every PERIOD fired more than LATE later: the milliseconds for
 *                       which the loop was blocked, those of the whole gap, in which the thread may also have been
 *                       ready and waited for a processor, and those of its own processor time, without what it waited
 *                       for others, such as a display server that is as short of processors;
 *   frame TIME          the milliseconds from a motion of the pointer, as the display server dates it, to the end of
 *                       the frame that drew it: a line for each motion, with those that GTK had put together. */
#include <gtk/gtk.h>
#include <stdio.h>
#include <time.h>

#define PERIOD 5
#define LATE 10

void   g_io_watchdog_load   (GIOModule *module);
void   g_io_watchdog_unload (GIOModule *module);
char **g_io_watchdog_query  (void);

static FILE *report;

/* For how long the main thread was ready while others ran, in microseconds. */
static gint64
get_waited (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents ("/proc/self/schedstat", &text, NULL, NULL))
    return 0;
  words = g_strsplit (text, " ", 3);
  return words[0] != NULL && words[1] != NULL ? g_ascii_strtoll (words[1], NULL, 10) / 1000 : 0;
}

/* The main thread's processor time, in microseconds. */
static gint64
get_worked (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* moved: of guint32, the times of motions that no frame has shown. */
static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  GArray *moved = data;
  guint32 now = (guint32) (g_get_monotonic_time () / 1000);

  for (guint i = 0; i < moved->len; i++)
    fprintf (report, "frame %u\n", now - g_array_index (moved, guint32, i));
  g_array_set_size (moved, 0);
  g_signal_handlers_disconnect_by_func (clock, on_painted, moved);
}

static gboolean
on_event (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GdkEvent *event = g_value_peek_pointer (&values[1]);
  GArray *moved = data;
  g_autofree GdkTimeCoord *history = NULL;
  guint32 time = gdk_event_get_time (event);
  GdkFrameClock *clock = gdk_surface_get_frame_clock (gdk_event_get_surface (event));
  guint n = 0;

  /* What GTK makes up itself has no time, and a surface that is gone no clock. */
  if (gdk_event_get_event_type (event) != GDK_MOTION_NOTIFY || time == GDK_CURRENT_TIME || clock == NULL)
    return TRUE;
  if (moved->len == 0)
    g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), moved);
  history = gdk_event_get_history (event, &n);
  for (guint i = 0; i < n; i++)
    g_array_append_val (moved, history[i].time);
  g_array_append_val (moved, time);
  return TRUE;
}

static void
watch_motions (void)
{
  static gboolean watching;

  if (watching || g_type_from_name ("GdkSurface") == 0)
    return;
  watching = TRUE;
  g_type_class_ref (GDK_TYPE_SURFACE);
  g_signal_add_emission_hook (g_signal_lookup ("event", GDK_TYPE_SURFACE), 0, on_event,
                              g_array_new (FALSE, FALSE, sizeof (guint32)), NULL);
}

static gboolean
on_timer (gpointer data)
{
  static gint64 last_fired, last_waited, last_worked;
  gint64 gap = last_fired != 0 ? g_get_monotonic_time () - last_fired - 1000 * PERIOD : 0;

  watch_motions ();
  if (gap > 1000 * LATE)
    fprintf (report, "stall %.1f %.1f %.1f\n", MAX (0, gap - (get_waited () - last_waited)) / 1e3, gap / 1e3,
             (get_worked () - last_worked) / 1e3);
  fflush (report);
  last_waited = get_waited ();
  last_worked = get_worked ();
  last_fired = g_get_monotonic_time ();
  return G_SOURCE_CONTINUE;
}

void
g_io_watchdog_load (GIOModule *module)
{
  const char *path = g_getenv ("LACUNA_WATCHDOG");

  if (path == NULL || (report = fopen (path, "a")) == NULL)
    return;
  g_type_module_use (G_TYPE_MODULE (module));
  g_timeout_add_full (G_PRIORITY_HIGH, PERIOD, on_timer, NULL, NULL);
}

void
g_io_watchdog_unload (GIOModule *module)
{
}

char **
g_io_watchdog_query (void)
{
  char *points[] = { (char *) "lacuna-watchdog", NULL };

  return g_strdupv (points);
}

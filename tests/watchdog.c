/* A GIO module which watches the main loop of the program that loads it by GIO_EXTRA_MODULES, with a timer that
 * should fire every PERIOD. Where it fired more than LATE later, a line goes to the file that LACUNA_WATCHDOG
 * names: the milliseconds for which the loop was blocked, and those of the whole gap, in which the thread may also
 * have been ready and waited for a processor. */
#include <gio/gio.h>
#include <stdio.h>

#define PERIOD 5
#define LATE 10

void   g_io_watchdog_load   (GIOModule *module);
void   g_io_watchdog_unload (GIOModule *module);
char **g_io_watchdog_query  (void);

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

static gboolean
on_timer (gpointer data)
{
  static gint64 last_fired, last_waited;
  gint64 gap = last_fired != 0 ? g_get_monotonic_time () - last_fired - 1000 * PERIOD : 0;

  if (gap > 1000 * LATE)
    {
      FILE *file = fopen (g_getenv ("LACUNA_WATCHDOG"), "a");

      if (file != NULL)
        {
          fprintf (file, "%.1f %.1f\n", MAX (0, gap - (get_waited () - last_waited)) / 1e3, gap / 1e3);
          fclose (file);
        }
    }
  last_waited = get_waited ();
  last_fired = g_get_monotonic_time ();
  return G_SOURCE_CONTINUE;
}

void
g_io_watchdog_load (GIOModule *module)
{
  if (g_getenv ("LACUNA_WATCHDOG") != NULL)
    {
      g_type_module_use (G_TYPE_MODULE (module));
      g_timeout_add_full (G_PRIORITY_HIGH, PERIOD, on_timer, NULL, NULL);
    }
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

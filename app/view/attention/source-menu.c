/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/view/attention/source-menu.h"

#include <glib/gi18n.h>

GMenuModel *
lacuna_source_menu_new (int source)
{
  const struct {
    const char *label, *action, *key;
  } entries[] = {
    { _ ("_Not This One"), "view.source-not", "n" },
    { _ ("_More of This"), "view.source-more", "m" },
    { _ ("_Copy From Here"), "view.source-copy", "c" },
  };
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (entries[i].label, NULL);

      g_menu_item_set_action_and_target (item, entries[i].action, "i", source);
      g_menu_item_set_attribute (item, "accel", "s", entries[i].key);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON that may come from anyone. A text reaches json-glib only if it is UTF-8 without comments and nests no deeper
 * than it should; a getter returns its fallback for what is missing, of another type, or not finite. There is no state,
 * and any thread may call; the window and the command line read their own files with it too. */
#include "engine/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gboolean
lacuna_json_is_flat (const char *text, gsize length, guint nesting)
{
  gboolean quoted = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '\0')
        return FALSE;
      if (c == '\\' && quoted)
        i++;
      else if (c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (c == '{' || c == '[')
        {
          if (depth++ == nesting)
            return FALSE;
        }
      else if (c == '}' || c == ']')
        {
          if (depth-- == 0)
            return FALSE;
        }
      else if (!g_ascii_isalnum (c) && strchr (" \t\r\n:,.+-", c) == NULL)
        return FALSE;
    }
  return TRUE;
}

JsonNode *
lacuna_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) root = NULL;

  if (!g_utf8_validate (text, length, NULL) || !lacuna_json_is_flat (text, length, LACUNA_JSON_NESTING))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, _ ("it is no plain JSON"));
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, length, error))
    return NULL;
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, _ ("it is empty"));
  return g_steal_pointer (&root);
}

double
lacuna_json_node_get_number (JsonNode *node, double fallback)
{
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : NAN;

  return isfinite (number) ? number : fallback;
}

const char *
lacuna_json_node_get_text (JsonNode *node, const char *fallback)
{
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  /* json-glib makes half of a surrogate pair from \u what is no UTF-8. */
  return text != NULL && g_utf8_validate (text, -1, NULL) ? text : fallback;
}

JsonObject *
lacuna_json_node_get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
lacuna_json_get_text (JsonObject *object, const char *name, const char *fallback)
{
  return lacuna_json_node_get_text (json_object_get_member (object, name), fallback);
}

double
lacuna_json_get_number (JsonObject *object, const char *name, double fallback)
{
  return lacuna_json_node_get_number (json_object_get_member (object, name), fallback);
}

gint64
lacuna_json_get_int (JsonObject *object, const char *name, gint64 least, gint64 most, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  double number = type == G_TYPE_DOUBLE ? json_node_get_double (node) : NAN;
  gint64 value = type == G_TYPE_INT64 ? json_node_get_int (node) : fallback;

  /* Beyond 2^53 a double is none that was written as a whole number. */
  if (fabs (number) <= (double) (1ll << 53))
    value = (gint64) number;
  return value >= least && value <= most ? value : fallback;
}

gboolean
lacuna_json_get_flag (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

JsonArray *
lacuna_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
lacuna_json_get_object (JsonObject *object, const char *name)
{
  return lacuna_json_node_get_object (json_object_get_member (object, name));
}

/* A number with an exponent and no fraction, as 1e-08, json-glib writes as “1e-08.0”, which is no JSON: the number next
 * to it has a fraction. */
static JsonNode *
make_number (double number)
{
  JsonNode *node = json_node_alloc ();
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.17g", number);
  if (!isfinite (number))
    return json_node_init_null (node);
  if (strchr (text, 'e') != NULL && strchr (text, '.') == NULL)
    number = nextafter (number, 0.0);
  return json_node_init_double (node, number);
}

void
lacuna_json_set_number (JsonObject *object, const char *name, double number)
{
  json_object_set_member (object, name, make_number (number));
}

void
lacuna_json_add_number (JsonArray *array, double number)
{
  json_array_add_element (array, make_number (number));
}

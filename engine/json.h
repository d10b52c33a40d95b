/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON that may come from anyone: what is missing, or of another kind than it should be, is the fallback. No part of
 * the library; the window and the command line read their files with it too. */

/* The deepest that arrays and objects of the program's files lie in one another. */
#define LACUNA_JSON_NESTING 6

/* Whether text nests no deeper: json-glib recurses as deep as it is told to. Nothing but plain JSON, as comments, which
 * it takes, could hide brackets. */
gboolean    lacuna_json_is_flat (const char *text, gsize length, guint nesting);

/* Text of UTF-8 that is flat. JSON_PARSER_ERROR; never NULL without it. */
JsonNode   *lacuna_json_parse   (const char *text, gsize length, GError **error);

const char *lacuna_json_get_text   (JsonObject *object, const char *name, const char *fallback);
double      lacuna_json_get_number (JsonObject *object, const char *name, double fallback);
/* Returns a number from least to most, and the fallback for any other. A number with a fraction loses that. */
gint64      lacuna_json_get_int    (JsonObject *object, const char *name, gint64 least, gint64 most, gint64 fallback);
gboolean    lacuna_json_get_flag   (JsonObject *object, const char *name); /* fallback FALSE */
JsonArray  *lacuna_json_get_array  (JsonObject *object, const char *name); /* fallback NULL */
JsonObject *lacuna_json_get_object (JsonObject *object, const char *name); /* fallback NULL */

/* Add a number; one that is not finite becomes null. */
void        lacuna_json_set_number (JsonObject *object, const char *name, double number);
void        lacuna_json_add_number (JsonArray *array, double number);

/* Return what a node itself is; node NULL: the fallback. */
double      lacuna_json_node_get_number (JsonNode *node, double fallback);
const char *lacuna_json_node_get_text   (JsonNode *node, const char *fallback);
JsonObject *lacuna_json_node_get_object (JsonNode *node);

G_END_DECLS

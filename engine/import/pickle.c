/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine for the instructions of Python's pickle that weights need, which calls nothing: a class or function is
 * known by name and stands for what would come of it, and any other refuses the file. The LacunaPickle owns all values;
 * stack, memo and items borrow them, and may form circles. Their number is bounded. It runs on the thread of the
 * import: a worker of the window, or the command line's main thread. */
#include "engine/import/pickle.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

/* The most values of a pickle: a byte can make one, which takes some fifty times as much memory. */
#define MOST_VALUES (1 << 18)

typedef LacunaPickleValue Value;

/* What a pickle may name, and what comes of it when it is called. */
static const struct {
  const char *name;
  enum {
    CLASS, /* not called */
    DICT,
    TENSOR,
    FIRST, /* of its arguments */
    NOTHING,
  } result;
} globals[] = {
  { "collections OrderedDict", DICT },
  { "torch._utils _rebuild_tensor", TENSOR },
  { "torch._utils _rebuild_tensor_v2", TENSOR },
  { "torch._utils _rebuild_parameter", FIRST },
  { "torch.nn.parameter Parameter", FIRST },
  { "torch Size", FIRST },
  { "torch device", NOTHING },
  { "torch FloatStorage", CLASS },
  { "torch HalfStorage", CLASS },
  { "torch BFloat16Storage", CLASS },
  { "torch DoubleStorage", CLASS },
  { "torch LongStorage", CLASS },
  { "torch IntStorage", CLASS },
  { "torch ShortStorage", CLASS },
  { "torch CharStorage", CLASS },
  { "torch ByteStorage", CLASS },
  { "torch BoolStorage", CLASS },
};

typedef struct {
  const guint8 *data;
  gsize size, at;
  LacunaPickle *pickle;
  GPtrArray *stack; /* of Value, borrowed */
  GArray *marks;    /* of guint: how high the stack was */
  GHashTable *memo; /* of Value, borrowed, by number */
} Machine;

static void
value_free (gpointer data)
{
  Value *self = data;

  g_free (self->text);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

void
lacuna_pickle_free (LacunaPickle *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->values);
  g_free (self);
}

guint
lacuna_pickle_count (const Value *value)
{
  return value->items != NULL ? value->items->len : 0;
}

const Value *
lacuna_pickle_get (const Value *value, guint i, LacunaPickleKind kind)
{
  const Value *item = i < lacuna_pickle_count (value) ? value->items->pdata[i] : NULL;

  return item != NULL && item->kind == kind ? item : NULL;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its pickle %s"), why);
  return FALSE;
}

/* Pushes a new value onto the stack. NULL with error set: there are too many. */
static Value *
push_new (Machine *self, LacunaPickleKind kind, GError **error)
{
  Value *value;

  if (self->pickle->values->len >= MOST_VALUES)
    {
      refuse (error, _ ("holds far more than weights"));
      return NULL;
    }
  value = g_new0 (Value, 1);
  value->kind = kind;
  g_ptr_array_add (self->pickle->values, value);
  g_ptr_array_add (self->stack, value);
  return value;
}

static gboolean
push_number (Machine *self, LacunaPickleKind kind, gint64 number, GError **error)
{
  Value *value = push_new (self, kind, error);

  if (value != NULL)
    value->number = number;
  return value != NULL;
}

static gboolean
push_text (Machine *self, LacunaPickleKind kind, const char *text, gsize size, GError **error)
{
  Value *value;

  if (!g_utf8_validate_len (text, size, NULL))
    return refuse (error, _ ("has a text which is none"));
  value = push_new (self, kind, error);
  if (value != NULL)
    value->text = g_strndup (text, size);
  return value != NULL;
}

/* Returns how high the stack was at the last mark, below which nothing may be taken; 0 without one. */
static guint
get_floor (Machine *self)
{
  return self->marks->len > 0 ? g_array_index (self->marks, guint, self->marks->len - 1) : 0;
}

static Value *
pop (Machine *self)
{
  return self->stack->len > get_floor (self) ? g_ptr_array_steal_index (self->stack, self->stack->len - 1) : NULL;
}

static Value *
peek (Machine *self, LacunaPickleKind kind)
{
  Value *top = self->stack->len > get_floor (self) ? self->stack->pdata[self->stack->len - 1] : NULL;

  return top != NULL && top->kind == kind ? top : NULL;
}

/* Takes n values off the stack and into items, in their order. */
static gboolean
gather (Machine *self, guint n, GPtrArray **items)
{
  guint first;

  if (n > self->stack->len - get_floor (self))
    return FALSE;
  first = self->stack->len - n;
  if (*items == NULL && n > 0)
    *items = g_ptr_array_new ();
  for (guint i = first; i < self->stack->len; i++)
    g_ptr_array_add (*items, self->stack->pdata[i]);
  g_ptr_array_set_size (self->stack, first);
  return TRUE;
}

/* Takes the values above the last mark into items, and removes the mark. */
static gboolean
gather_marked (Machine *self, GPtrArray **items)
{
  if (self->marks->len == 0 || !gather (self, self->stack->len - get_floor (self), items))
    return FALSE;
  g_array_set_size (self->marks, self->marks->len - 1);
  return TRUE;
}

static gboolean
push_tuple (Machine *self, guint n, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  Value *value;

  if (!gather (self, n, &items))
    return refuse (error, _ ("takes more than there is"));
  value = push_new (self, LACUNA_PICKLE_TUPLE, error);
  if (value != NULL)
    value->items = g_steal_pointer (&items);
  return value != NULL;
}

static gboolean
push_marked_tuple (Machine *self, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  Value *value;

  if (!gather_marked (self, &items))
    return refuse (error, _ ("takes what was not marked"));
  value = push_new (self, LACUNA_PICKLE_TUPLE, error);
  if (value != NULL)
    value->items = g_steal_pointer (&items);
  return value != NULL;
}

/* Adds n values, or the marked ones (-1), to what lies below them. */
static gboolean
append (Machine *self, LacunaPickleKind kind, int n, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  Value *into;

  if (!(n < 0 ? gather_marked (self, &items) : gather (self, n, &items)))
    return refuse (error, _ ("takes more than there is"));
  into = peek (self, kind);
  if (into == NULL || (kind == LACUNA_PICKLE_DICT && items != NULL && items->len % 2 != 0))
    return refuse (error, _ ("adds to what is no list or dictionary"));
  if (items != NULL && into->items == NULL)
    into->items = g_steal_pointer (&items);
  else if (items != NULL)
    g_ptr_array_extend (into->items, items, NULL, NULL);
  return TRUE;
}

static gboolean
push_global (Machine *self, const char *module, const char *name, GError **error)
{
  g_autofree char *global = g_strdup_printf ("%s %s", module, name);
  g_autofree char *valid = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (globals); i++)
    if (strcmp (globals[i].name, global) == 0)
      {
        Value *value = push_new (self, LACUNA_PICKLE_GLOBAL, error);

        if (value == NULL)
          return FALSE;
        value->text = g_steal_pointer (&global);
        value->number = globals[i].result;
        return TRUE;
      }
  valid = g_utf8_make_valid (global, -1);
  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
               _ ("its pickle asks for “%s”, which is no part of weights and might do anything. Save nothing but the "
                  "state_dict"),
               valid);
  return FALSE;
}

/* Pushes what would come of calling one of the globals, without calling it. */
static gboolean
reduce (Machine *self, GError **error)
{
  Value *arguments = pop (self), *callee = arguments != NULL ? pop (self) : NULL, *value;
  const Value *first;

  if (callee == NULL || callee->kind != LACUNA_PICKLE_GLOBAL || arguments->kind != LACUNA_PICKLE_TUPLE
      || callee->number == CLASS)
    return refuse (error, _ ("calls what can't be called"));
  switch (callee->number)
    {
    case NOTHING:
      return push_new (self, LACUNA_PICKLE_NONE, error) != NULL;
    case FIRST:
      if (lacuna_pickle_count (arguments) == 0)
        return refuse (error, _ ("calls without arguments"));
      g_ptr_array_add (self->stack, arguments->items->pdata[0]);
      return TRUE;
    case DICT:
      first = lacuna_pickle_count (arguments) > 0 ? arguments->items->pdata[0] : NULL;
      if (first != NULL && (first->kind != LACUNA_PICKLE_LIST || lacuna_pickle_count (first) > 0))
        return refuse (error, _ ("was written by Python 2; load it in Python 3 and save it again"));
      return push_new (self, LACUNA_PICKLE_DICT, error) != NULL;
    default:
      value = push_new (self, LACUNA_PICKLE_TENSOR, error);
      if (value != NULL && arguments->items != NULL)
        value->items = g_ptr_array_ref (arguments->items);
      return value != NULL;
    }
}

static gboolean
load_persistent (Machine *self, GError **error)
{
  Value *id = pop (self), *value;

  if (id == NULL || id->kind != LACUNA_PICKLE_TUPLE)
    return refuse (error, _ ("refers to what is no storage"));
  value = push_new (self, LACUNA_PICKLE_STORAGE, error);
  if (value != NULL && id->items != NULL)
    value->items = g_ptr_array_ref (id->items);
  return value != NULL;
}

static gboolean
put (Machine *self, guint64 number, GError **error)
{
  if (self->stack->len <= get_floor (self))
    return refuse (error, _ ("remembers what is not there"));
  g_hash_table_insert (self->memo, GUINT_TO_POINTER (number), self->stack->pdata[self->stack->len - 1]);
  return TRUE;
}

static gboolean
get (Machine *self, guint64 number, GError **error)
{
  Value *value = g_hash_table_lookup (self->memo, GUINT_TO_POINTER (number));

  if (value == NULL)
    return refuse (error, _ ("recalls what it never had"));
  g_ptr_array_add (self->stack, value);
  return TRUE;
}

/* Takes the next size bytes. NULL: there are not as many. */
static const guint8 *
take (Machine *self, guint64 size)
{
  const guint8 *bytes = self->data + self->at;

  if (size > self->size - self->at)
    return NULL;
  self->at += size;
  return bytes;
}

/* Takes a little-endian number of size bytes. FALSE: it is cut off. */
static gboolean
take_number (Machine *self, guint size, guint64 *ret_number)
{
  const guint8 *bytes = take (self, size);

  *ret_number = 0;
  for (guint i = 0; bytes != NULL && i < size; i++)
    *ret_number |= (guint64) bytes[i] << 8 * i;
  return bytes != NULL;
}

/* Takes the text before the next line break. NULL: there is none near. */
static char *
take_line (Machine *self)
{
  const guint8 *begin = self->data + self->at;
  const guint8 *end = memchr (begin, '\n', MIN (self->size - self->at, 256));

  if (end == NULL)
    return NULL;
  self->at += end - begin + 1;
  return g_strndup ((const char *) begin, end - begin);
}

static gboolean
load_text (Machine *self, guint length_size, GError **error)
{
  const guint8 *text;
  guint64 size;

  if (!take_number (self, length_size, &size) || (text = take (self, size)) == NULL)
    return refuse (error, _ ("is cut off"));
  return push_text (self, LACUNA_PICKLE_TEXT, (const char *) text, size, error);
}

static gboolean
load_global (Machine *self, GError **error)
{
  g_autofree char *module = take_line (self);
  g_autofree char *name = module != NULL ? take_line (self) : NULL;

  return name != NULL ? push_global (self, module, name, error) : refuse (error, _ ("is cut off"));
}

static gboolean
load_stacked_global (Machine *self, GError **error)
{
  Value *name = pop (self), *module = name != NULL ? pop (self) : NULL;

  if (module == NULL || name->kind != LACUNA_PICKLE_TEXT || module->kind != LACUNA_PICKLE_TEXT)
    return refuse (error, _ ("asks for what has no name"));
  return push_global (self, module->text, name->text, error);
}

/* Pushes a whole number of up to 8 bytes, with a sign. */
static gboolean
load_long (Machine *self, GError **error)
{
  guint64 size, number;

  if (!take_number (self, 1, &size) || size > 8 || !take_number (self, size, &number))
    return refuse (error, _ ("has too large a number, or is cut off"));
  if (size > 0 && size < 8 && number >> (8 * size - 1) != 0)
    number |= G_MAXUINT64 << 8 * size;
  return push_number (self, LACUNA_PICKLE_NUMBER, (gint64) number, error);
}

static gboolean
load_number (Machine *self, guint size, GError **error)
{
  guint64 number;

  if (!take_number (self, size, &number))
    return refuse (error, _ ("is cut off"));
  return push_number (self, LACUNA_PICKLE_NUMBER, size == 4 ? (gint32) number : (gint64) number, error);
}

static gboolean
load_memo (Machine *self, guint size, gboolean (*what) (Machine *, guint64, GError **), GError **error)
{
  guint64 number;

  return take_number (self, size, &number) ? what (self, number, error) : refuse (error, _ ("is cut off"));
}

/* Drops the state that an object is given, such as a dictionary's attributes: it is no weights. */
static gboolean
drop_state (Machine *self, GError **error)
{
  return pop (self) != NULL && self->stack->len > get_floor (self) ? TRUE : refuse (error, _ ("builds on nothing"));
}

static gboolean
skip (Machine *self, guint size, GError **error)
{
  return take (self, size) != NULL ? TRUE : refuse (error, _ ("is cut off"));
}

static gboolean
mark (Machine *self)
{
  g_array_append_val (self->marks, self->stack->len);
  return TRUE;
}

/* One step; the letters are those of Python's pickle protocols 2 to 4. First what makes a value of others. */
static gboolean
step_container (Machine *self, guint8 code, GError **error)
{
  switch (code)
    {
    case '(':
      return mark (self);
    case '}':
      return push_new (self, LACUNA_PICKLE_DICT, error) != NULL;
    case ']':
      return push_new (self, LACUNA_PICKLE_LIST, error) != NULL;
    case ')':
      return push_tuple (self, 0, error);
    case 0x85:
    case 0x86:
    case 0x87:
      return push_tuple (self, code - 0x84, error);
    case 't':
      return push_marked_tuple (self, error);
    case 's':
      return append (self, LACUNA_PICKLE_DICT, 2, error);
    case 'u':
      return append (self, LACUNA_PICKLE_DICT, -1, error);
    case 'a':
      return append (self, LACUNA_PICKLE_LIST, 1, error);
    case 'e':
      return append (self, LACUNA_PICKLE_LIST, -1, error);
    default:
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                   _ ("its pickle has the instruction 0x%02x, which weights don't need"), code);
      return FALSE;
    }
}

/* What refers to something: the memo, a class, a call, the storage. */
static gboolean
step_reference (Machine *self, guint8 code, GError **error)
{
  switch (code)
    {
    case 'c':
      return load_global (self, error);
    case 0x93:
      return load_stacked_global (self, error);
    case 'q':
      return load_memo (self, 1, put, error);
    case 'r':
      return load_memo (self, 4, put, error);
    case 0x94:
      return put (self, g_hash_table_size (self->memo), error);
    case 'h':
      return load_memo (self, 1, get, error);
    case 'j':
      return load_memo (self, 4, get, error);
    case 'R':
      return reduce (self, error);
    case 'Q':
      return load_persistent (self, error);
    case 'b':
      return drop_state (self, error);
    default:
      return step_container (self, code, error);
    }
}

static gboolean
step (Machine *self, guint8 code, GError **error)
{
  switch (code)
    {
    case 0x80: /* protocol */
      return skip (self, 1, error);
    case 0x95: /* frame */
      return skip (self, 8, error);
    case 'N':
      return push_new (self, LACUNA_PICKLE_NONE, error) != NULL;
    case 0x88:
    case 0x89:
      return push_number (self, LACUNA_PICKLE_NUMBER, code == 0x88, error);
    case 'K':
      return load_number (self, 1, error);
    case 'M':
      return load_number (self, 2, error);
    case 'J':
      return load_number (self, 4, error);
    case 0x8a:
      return load_long (self, error);
    case 'G':
      return skip (self, 8, error) && push_new (self, LACUNA_PICKLE_REAL, error) != NULL;
    case 'X':
    case 'T':
      return load_text (self, 4, error);
    case 0x8c:
    case 'U':
      return load_text (self, 1, error);
    default:
      return step_reference (self, code, error);
    }
}

static gboolean
run (Machine *self, GError **error)
{
  while (self->at < self->size)
    {
      guint8 code = self->data[self->at++];

      if (code == '.')
        {
          self->pickle->root = pop (self);
          return self->pickle->root != NULL && self->marks->len == 0 ? TRUE : refuse (error, _ ("ends amid something"));
        }
      /* Values may be recalled without number. */
      if (self->stack->len > MOST_VALUES)
        return refuse (error, _ ("holds far more than weights"));
      if (!step (self, code, error))
        return FALSE;
    }
  return refuse (error, _ ("is cut off"));
}

LacunaPickle *
lacuna_pickle_read (const guint8 *data, gsize size, gsize *at, GError **error)
{
  g_autoptr (LacunaPickle) pickle = g_new0 (LacunaPickle, 1);
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) memo = g_hash_table_new (NULL, NULL);
  Machine machine = { data, size, *at, pickle, stack, marks, memo };

  pickle->values = g_ptr_array_new_with_free_func (value_free);
  if (!run (&machine, error))
    return NULL;
  *at = machine.at;
  return g_steal_pointer (&pickle);
}

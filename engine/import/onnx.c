/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the parameters among the initializers of an ONNX model. protobuf-c takes all its memory from a budget of about
 * twice the file's size, as a few bytes there can ask for much here; a tensor's data are taken over from the message
 * and not copied, but for halves. It runs on the thread of the import: a worker of the window, or the command line's
 * main thread. */
#include "engine/import/onnx.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/onnx.pb-c.h"

#define LOCATION_EXTERNAL 1
#define MOST_VERSION 127 /* of the format; 10 in 2025 */
#define LEAST_BUDGET ((gsize) 1 << 20)

typedef Lacuna__OnnxTensor Tensor;

/* The memory that protobuf-c may take: messages are larger in memory than they may be in a file, 2 bytes there over 100
 * here. */
typedef struct {
  ProtobufCAllocator functions;
  gsize left; /* bytes */
} Budget;

static void *
take (void *data, size_t size)
{
  Budget *self = data;

  if (size > self->left)
    return NULL;
  self->left -= size;
  return g_try_malloc (size);
}

static void
give_back (void *data, void *memory)
{
  g_free (memory);
}

/* ONNX's numbers of the types that are read. */
static LacunaNumber
get_number (int type)
{
  switch (type)
    {
    case 1:
      return LACUNA_NUMBER_F32;
    case 10:
      return LACUNA_NUMBER_F16;
    case 11:
      return LACUNA_NUMBER_F64;
    case 16:
      return LACUNA_NUMBER_BF16;
    default:
      return LACUNA_NUMBER_OTHER;
    }
}

/* Little-endian values of what the message holds as floats. */
static GBytes *
take_floats (Tensor *self)
{
  float *values = self->float_data;
  const gsize n = self->n_float_data;

  for (gsize i = 0; i < n; i++)
    {
      guint32 word;

      memcpy (&word, &values[i], sizeof word);
      word = GUINT32_TO_LE (word);
      memcpy (&values[i], &word, sizeof word);
    }
  self->float_data = NULL;
  return g_bytes_new_take (values, n * sizeof *values);
}

/* Little-endian halves of those that the message holds, each in an integer of its own. */
static GBytes *
make_halves (const Tensor *self)
{
  guint16 *halves = g_new (guint16, MAX (self->n_int32_data, 1));

  for (gsize i = 0; i < self->n_int32_data; i++)
    halves[i] = GUINT16_TO_LE ((guint16) self->int32_data[i]);
  return g_bytes_new_take (halves, self->n_int32_data * sizeof *halves);
}

/* Takes the data of a tensor from the message, in whichever of the forms it has; NULL: in none. */
static GBytes *
take_data (Tensor *self, LacunaNumber number)
{
  if (self->has_raw_data)
    {
      guint8 *data = self->raw_data.data;

      self->raw_data.data = NULL;
      return g_bytes_new_take (data, self->raw_data.len);
    }
  if (number == LACUNA_NUMBER_F32 && self->n_float_data > 0)
    return take_floats (self);
  if ((number == LACUNA_NUMBER_F16 || number == LACUNA_NUMBER_BF16) && self->n_int32_data > 0)
    return make_halves (self);
  return NULL;
}

static gboolean
add_tensor (LacunaCheckpoint *checkpoint, Tensor *self, GError **error)
{
  const LacunaNumber number = get_number (self->data_type);
  g_autoptr (GBytes) data = NULL;
  LacunaCheckpointTensor *tensor;

  if (self->data_location == LOCATION_EXTERNAL)
    return lacuna_checkpoint_refuse_tensor (
        self->name,
        _ ("has its data in another file. Export the model into one file, in PyTorch by "
           "torch.onnx.export (…, external_data=False)"),
        error);
  tensor = lacuna_checkpoint_add (checkpoint, self->name, number, MIN (self->n_dims, G_MAXUINT), self->dims, error);
  if (tensor == NULL)
    return FALSE;
  if (number == LACUNA_NUMBER_OTHER)
    return TRUE;
  data = take_data (self, number);
  if (data == NULL)
    return lacuna_checkpoint_refuse_tensor (self->name, _ ("has no data, or in a form that can't be read"), error);
  return lacuna_checkpoint_tensor_set_data (tensor, data, 0, g_bytes_get_size (data), error);
}

/* Whether that is a parameter, and no constant that the export made up. */
static gboolean
is_parameter (const char *name)
{
  return name != NULL && g_utf8_validate (name, -1, NULL)
         && (g_str_has_suffix (name, ".weight") || g_str_has_suffix (name, ".bias"));
}

static LacunaCheckpoint *
read_graph (const Lacuna__OnnxGraph *graph, GError **error)
{
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_checkpoint_new ();

  for (gsize i = 0; i < graph->n_initializer; i++)
    if (is_parameter (graph->initializer[i]->name) && !add_tensor (checkpoint, graph->initializer[i], error))
      return NULL;
  return lacuna_checkpoint_complete (checkpoint, error) ? g_steal_pointer (&checkpoint) : NULL;
}

gboolean
lacuna_onnx_is (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size > 2 && data[0] == (1 << 3) && data[1] > 0 && data[1] <= MOST_VERSION;
}

LacunaCheckpoint *
lacuna_onnx_read (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Budget budget = { { take, give_back, &budget }, 2 * size + LEAST_BUDGET };
  Lacuna__OnnxModel *model = lacuna__onnx_model__unpack (&budget.functions, size, data);
  LacunaCheckpoint *checkpoint = NULL;

  if (model != NULL && model->graph != NULL)
    checkpoint = read_graph (model->graph, error);
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
                 _ ("it is not an ONNX model, or cut off or damaged, or there is no memory for it"));
  lacuna__onnx_model__free_unpacked (model, &budget.functions);
  return checkpoint;
}

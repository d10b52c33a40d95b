/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognises whose checkpoint it is (the .ini files of families/): the family and prefix that know most names win, shapes tell
 * architecture and width, and one tensor that is missing, misshapen or unknown refuses the whole. So after
 * lacuna_match_find every tensor of the generator is there in its shape, which writing relies on; that of critics is
 * not. It runs on the thread of the import: a worker of the window, or the command line's main thread. */
#include "engine/import/family.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "engine/error.h"
#include "engine/import/import-resources.h"
#include "engine/network/layers.h"
#include "engine/weights/weights.h"

#define FOLDER "/org/lacuna/import/families"
#define N_CRITIC_LAYERS LACUNA_MATCH_CRITIC_LAYERS

static const char *const critic_layers[N_CRITIC_LAYERS] = {
  "global.conv1", "global.conv2", "global.conv3", "global.conv4", "global.fc",
  "local.conv1",  "local.conv2",  "local.conv3",  "local.conv4",  "local.fc",
};

struct _LacunaFamily {
  char *title, *channels, *note, *weight, *bias; /* the last two: what follows a layer's name */
  char **prefixes;
  char **ignored; /* patterns of names behind the prefix */
  gboolean hwio;  /* kernel×kernel×in×out, else out×in×kernel×kernel */
  char *layers[LACUNA_N_LAYERS];
  char *critics[N_CRITIC_LAYERS]; /* or NULL */
};

/* What does not fit, each in one list. */
typedef struct {
  GString *missing, *misshapen, *extra;
} Problems;

static void
family_free (LacunaFamily *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->channels);
  g_free (self->note);
  g_free (self->weight);
  g_free (self->bias);
  g_strfreev (self->prefixes);
  g_strfreev (self->ignored);
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    g_free (self->layers[i]);
  for (guint i = 0; i < N_CRITIC_LAYERS; i++)
    g_free (self->critics[i]);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LacunaFamily, family_free)

/* Loads a family from the program's own resources, whose files are taken to be right. */
static LacunaFamily *
family_load (const char *name)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_path ("/", FOLDER, name, NULL);
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (lacuna_import_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *layout = NULL;
  LacunaFamily *self = g_new0 (LacunaFamily, 1);

  g_key_file_load_from_bytes (file, bytes, G_KEY_FILE_NONE, NULL);
  layout = g_key_file_get_string (file, "family", "layout", NULL);
  self->hwio = g_strcmp0 (layout, "HWIO") == 0;
  self->title = g_key_file_get_string (file, "family", "title", NULL);
  self->channels = g_key_file_get_string (file, "family", "channels", NULL);
  self->note = g_key_file_get_string (file, "family", "note", NULL);
  self->weight = g_key_file_get_string (file, "family", "weight", NULL);
  self->bias = g_key_file_get_string (file, "family", "bias", NULL);
  self->prefixes = g_key_file_get_string_list (file, "family", "prefixes", NULL, NULL);
  self->ignored = g_key_file_get_string_list (file, "family", "ignored", NULL, NULL);
  for (guint i = 0; i < LACUNA_N_LAYERS; i++)
    self->layers[i] = g_key_file_get_string (file, "layers", lacuna_layer_get (i)->name, NULL);
  for (guint i = 0; i < N_CRITIC_LAYERS; i++)
    self->critics[i] = g_key_file_get_string (file, "critics", critic_layers[i], NULL);
  return self;
}

static char *
get_name (const LacunaFamily *self, const char *prefix, const char *layer, gboolean weight)
{
  return g_strconcat (prefix, layer, weight ? self->weight : self->bias, NULL);
}

static const LacunaCheckpointTensor *
find (const LacunaMatch *self, LacunaCheckpoint *checkpoint, const char *layer, gboolean weight)
{
  g_autofree char *name = get_name (self->family, self->prefix, layer, weight);

  return lacuna_checkpoint_find (checkpoint, name);
}

static guint
count_found (const LacunaFamily *self, const char *prefix, LacunaCheckpoint *checkpoint)
{
  guint n = 0;

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      g_autofree char *name = get_name (self, prefix, self->layers[i / 2], i % 2);

      n += lacuna_checkpoint_find (checkpoint, name) != NULL;
    }
  return n;
}

/* Finds the family and prefix by which most names are known. FALSE: none is known. */
static gboolean
recognise (LacunaCheckpoint *checkpoint, LacunaMatch *match)
{
  g_auto (GStrv) names
      = g_resource_enumerate_children (lacuna_import_get_resource (), FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  guint most = 0;

  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (LacunaFamily) family = family_load (*name);
      const char *best = NULL;

      for (char **prefix = family->prefixes; *prefix != NULL; prefix++)
        {
          guint n = count_found (family, *prefix, checkpoint);

          if (n > most)
            {
              most = n;
              best = *prefix;
            }
        }
      if (best == NULL)
        continue;
      lacuna_match_clear (match);
      match->prefix = g_strdup (best);
      match->family = g_steal_pointer (&family);
    }
  return most > 0;
}

void
lacuna_match_clear (LacunaMatch *self)
{
  g_clear_pointer (&self->family, family_free);
  g_clear_pointer (&self->prefix, g_free);
}

static void
refuse_unknown (LacunaCheckpoint *checkpoint, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < MIN (checkpoint->tensors->len, 5); i++)
    g_string_append_printf (names, _ ("%s“%s”"), i == 0 ? "" : ", ",
                            g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i).name);
  if (checkpoint->tensors->len == 0)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("it holds no tensors"));
  else
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                 _ ("its %u tensors (%s%s) are not those of this network under any name that is known"),
                 checkpoint->tensors->len, names->str, checkpoint->tensors->len > 5 ? ", …" : "");
}

/* The second architecture has the first one's names, and twice the channels that the next layer takes. */
static gboolean
is_gated (const LacunaMatch *self, LacunaCheckpoint *checkpoint)
{
  const guint in = self->family->hwio ? 2 : 1, out = self->family->hwio ? 3 : 0;
  const LacunaCheckpointTensor *first = find (self, checkpoint, self->family->layers[0], TRUE);
  const LacunaCheckpointTensor *second = find (self, checkpoint, self->family->layers[1], TRUE);

  return first != NULL && second != NULL && first->n_dims == 4 && second->n_dims == 4
         && first->dims[out] == 2 * (guint64) second->dims[in];
}

static gboolean
read_network (LacunaMatch *self, LacunaCheckpoint *checkpoint)
{
  const LacunaCheckpointTensor *bias = find (self, checkpoint, self->family->layers[0], FALSE);

  self->network.architecture = is_gated (self, checkpoint) ? LACUNA_ARCHITECTURE_V2 : LACUNA_ARCHITECTURE_V1;
  return bias != NULL && bias->n_dims == 1 && lacuna_network_set_sums (&self->network, bias->dims[0]);
}

/* Writes in which shape layer i's weights (else: biases) lie in the file. Returns the number of dims. */
static guint
get_shape (const LacunaMatch *self, guint i, gboolean weight, guint dims[4])
{
  LacunaConvForm form = lacuna_layer_get_form (i, self->network);

  dims[0] = lacuna_conv_form_get_sums (&form);
  if (!weight)
    return 1;
  dims[1] = form.in;
  dims[2] = dims[3] = form.kernel;
  if (self->family->hwio)
    {
      dims[0] = dims[1] = form.kernel;
      dims[2] = form.in;
      dims[3] = lacuna_conv_form_get_sums (&form);
    }
  return 4;
}

static void
list (GString *names, const char *name, const char *remark)
{
  /* TRANSLATORS: a name in a list, before it a comma, and after it what is wrong with it */
  g_string_append_printf (names, _ ("%s“%s”%s"), names->len > 0 ? ", " : "", name, remark);
}

static void
check_tensor (const LacunaMatch *self, LacunaCheckpoint *checkpoint, guint i, gboolean weight, Problems *problems)
{
  g_autofree char *name = get_name (self->family, self->prefix, self->family->layers[i], weight);
  const LacunaCheckpointTensor *tensor = lacuna_checkpoint_find (checkpoint, name);
  guint dims[4], n_dims = get_shape (self, i, weight, dims);

  if (tensor == NULL)
    list (problems->missing, name, "");
  else if (tensor->n_dims != n_dims || memcmp (tensor->dims, dims, n_dims * sizeof *dims) != 0)
    {
      g_autofree char *found = lacuna_weights_format_shape (tensor->n_dims, tensor->dims);
      g_autofree char *expected = lacuna_weights_format_shape (n_dims, dims);
      g_autofree char *remark = g_strdup_printf (_ (" (%s instead of %s)"), found, expected);

      list (problems->misshapen, name, remark);
    }
}

/* Returns the names that the family has for the network and its critics. */
static GHashTable *
collect_names (const LacunaMatch *self)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    g_hash_table_add (names, get_name (self->family, self->prefix, self->family->layers[i / 2], i % 2));
  for (guint i = 0; i < 2 * N_CRITIC_LAYERS; i++)
    if (self->family->critics[i / 2] != NULL)
      g_hash_table_add (names, get_name (self->family, self->prefix, self->family->critics[i / 2], i % 2));
  return names;
}

static void
check_extra (const LacunaMatch *self, LacunaCheckpoint *checkpoint, Problems *problems)
{
  g_autoptr (GHashTable) names = collect_names (self);

  for (guint i = 0; i < checkpoint->tensors->len; i++)
    {
      const char *name = g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i).name;
      gboolean known = g_hash_table_contains (names, name);

      for (char **pattern = self->family->ignored; pattern != NULL && *pattern != NULL && !known; pattern++)
        known = g_pattern_match_simple (*pattern, name);
      if (!known)
        list (problems->extra, name, "");
    }
}

static void
append_problem (GString *text, const char *what, const GString *names)
{
  if (names->len > 0)
    g_string_append_printf (text, "%s %s %s", text->len > 0 ? ";" : "", what, names->str);
}

static gboolean
check_tensors (const LacunaMatch *self, LacunaCheckpoint *checkpoint, GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL), misshapen = g_string_new (NULL), extra = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  Problems problems = { missing, misshapen, extra };

  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    check_tensor (self, checkpoint, i / 2, i % 2 == 0, &problems);
  check_extra (self, checkpoint, &problems);
  append_problem (text, _ ("it lacks"), missing);
  append_problem (text, _ ("of another shape are"), misshapen);
  append_problem (text, _ ("not of the network are"), extra);
  if (text->len == 0)
    return TRUE;
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("it looks like weights of this network (%s), but%s"),
               self->family->title, text->str);
  return FALSE;
}

gboolean
lacuna_match_find (LacunaCheckpoint *checkpoint, LacunaMatch *ret_match, GError **error)
{
  g_auto (LacunaMatch) match = { 0 };

  if (!recognise (checkpoint, &match))
    refuse_unknown (checkpoint, error);
  else if (!read_network (&match, checkpoint))
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
        _ ("it lacks the first layer's biases “%s%s%s”, whose number is the network's width: an even one from 2 "
           "to 1024"),
        match.prefix, match.family->layers[0], match.family->bias);
  else if (check_tensors (&match, checkpoint, error))
    {
      *ret_match = match;
      match = (LacunaMatch){ 0 };
      return TRUE;
    }
  return FALSE;
}

const char *
lacuna_match_get_title (const LacunaMatch *self)
{
  return self->family->title;
}

const char *
lacuna_match_get_channels (const LacunaMatch *self)
{
  return self->family->channels;
}

const char *
lacuna_match_get_note (const LacunaMatch *self)
{
  return self->family->note;
}

/* kernel×kernel×in×out to out×in×kernel×kernel. */
static void
turn (float **values, guint dims[4])
{
  const gsize taps = (gsize) dims[0] * dims[1], in = dims[2], out = dims[3];
  float *turned = g_new (float, MAX (taps * in * out, 1));
  const guint kernel[] = { dims[0], dims[1] };

  for (gsize tap = 0; tap < taps; tap++)
    for (gsize i = 0; i < in; i++)
      for (gsize o = 0; o < out; o++)
        turned[(o * in + i) * taps + tap] = (*values)[(tap * in + i) * out + o];
  g_free (*values);
  *values = turned;
  dims[0] = out;
  dims[1] = in;
  dims[2] = kernel[0];
  dims[3] = kernel[1];
}

static gboolean
write_tensor (const LacunaMatch *self, const LacunaCheckpointTensor *tensor, const char *layer, gboolean weight,
              LacunaWeightsWriter *writer, GError **error)
{
  g_autofree char *name = g_strconcat (layer, weight ? ".weight" : ".bias", NULL);
  g_autofree float *values = lacuna_checkpoint_tensor_read (tensor, error);
  guint dims[4];

  if (values == NULL)
    return FALSE;
  memcpy (dims, tensor->dims, sizeof dims);
  if (tensor->n_dims == 4 && self->family->hwio)
    turn (&values, dims);
  lacuna_weights_writer_add (writer, name, tensor->number == LACUNA_NUMBER_F16 ? LACUNA_TYPE_F16 : LACUNA_TYPE_F32,
                             tensor->n_dims, dims, values);
  return TRUE;
}

gboolean
lacuna_match_write_generator (const LacunaMatch *self, LacunaCheckpoint *checkpoint, LacunaWeightsWriter *writer,
                              GError **error)
{
  for (guint i = 0; i < 2 * LACUNA_N_LAYERS; i++)
    {
      const LacunaCheckpointTensor *tensor = find (self, checkpoint, self->family->layers[i / 2], i % 2 == 0);

      if (!write_tensor (self, tensor, lacuna_layer_get (i / 2)->name, i % 2 == 0, writer, error))
        return FALSE;
    }
  return TRUE;
}

/* A dense layer's weights, as one column, by height, width and channels of the features. */
static gboolean
write_dense (const LacunaCheckpointTensor *tensor, guint channels, const char *layer, LacunaWeightsWriter *writer,
             GError **error)
{
  const guint area = channels > 0 ? tensor->n_elements / channels : 0, side = sqrt (area);
  g_autofree char *name = g_strconcat (layer, ".weight", NULL);
  g_autofree float *values = NULL;

  if (side == 0 || (gsize) side * side * channels != tensor->n_elements)
    {
      g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT, _ ("its critic's tensor “%s” is not of square features"),
                   tensor->name);
      return FALSE;
    }
  values = lacuna_checkpoint_tensor_read (tensor, error);
  if (values != NULL)
    lacuna_weights_writer_add (writer, name, LACUNA_TYPE_F32, 3, (guint[]){ side, side, channels }, values);
  return values != NULL;
}

gboolean
lacuna_match_write_critics (const LacunaMatch *self, LacunaCheckpoint *checkpoint, LacunaWeightsWriter *writer,
                            guint *ret_n, GError **error)
{
  guint channels = 0;

  *ret_n = 0;
  for (guint i = 0; i < N_CRITIC_LAYERS; i++)
    {
      const char *layer = self->family->critics[i];
      const LacunaCheckpointTensor *weight = layer != NULL ? find (self, checkpoint, layer, TRUE) : NULL;
      const LacunaCheckpointTensor *bias = weight != NULL ? find (self, checkpoint, layer, FALSE) : NULL;
      gboolean dense = g_str_has_suffix (critic_layers[i], ".fc");

      if (bias == NULL || weight->n_dims != (dense ? 2 : 4) || bias->n_dims != 1)
        continue;
      if (!(dense ? write_dense (weight, channels, critic_layers[i], writer, error)
                  : write_tensor (self, weight, critic_layers[i], TRUE, writer, error))
          || !write_tensor (self, bias, critic_layers[i], FALSE, writer, error))
        return FALSE;
      channels = bias->dims[0];
      ++*ret_n;
    }
  return TRUE;
}

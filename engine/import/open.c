/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells by their content which format files have, and has the right reader read them; a folder or a part of a
 * TensorFlow checkpoint leads to its index. Only regular files of at most 1 GiB are read, each whole, into bytes that
 * the checkpoint's tensors share. It runs on the thread of the import: a worker of the window, or the command line's
 * main thread. */
#include "engine/import/open.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/error.h"
#include "engine/import/bundle.h"
#include "engine/import/onnx.h"
#include "engine/import/table.h"
#include "engine/import/torch.h"
#include "engine/weights/header.h"

#define INDEX ".index"
#define TAR_MAGIC_AT 257

/* Reads all of a file, which has to be a regular one and not too large. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GStatBuf info;
  char *data;
  gsize size;

  if (g_stat (path, &info) == 0 && !S_ISREG (info.st_mode))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("it is not a file"));
  else if (g_stat (path, &info) == 0 && (guint64) info.st_size > LACUNA_CHECKPOINT_MOST_BYTES)
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("it has more than 1 GiB, far more than this network"));
  else if (!g_file_get_contents (path, &data, &size, &reason))
    g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FILE, _ ("it can't be read: %s"), reason->message);
  else
    return g_bytes_new_take (data, size);
  return NULL;
}

LacunaCheckpoint *
lacuna_checkpoint_read_safetensors (GBytes *bytes, GError **error)
{
  static const LacunaNumber numbers[] = {
    [LACUNA_TYPE_F32] = LACUNA_NUMBER_F32,
    [LACUNA_TYPE_F16] = LACUNA_NUMBER_F16,
    [LACUNA_TYPE_I32] = LACUNA_NUMBER_OTHER,
  };
  g_autoptr (LacunaCheckpoint) checkpoint = lacuna_checkpoint_new ();
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (LacunaHeaderEntry));
  gboolean done = lacuna_header_read (bytes, g_bytes_get_size (bytes), entries, checkpoint->metadata, error);

  for (guint i = 0; i < entries->len; i++)
    {
      const LacunaHeaderEntry *entry = &g_array_index (entries, LacunaHeaderEntry, i);
      g_autofree const char *name = entry->public.name;
      const LacunaNumber number = numbers[entry->public.type];
      gint64 dims[G_N_ELEMENTS (entry->public.dims)];
      LacunaCheckpointTensor *tensor;

      if (!done)
        continue;
      for (guint j = 0; j < entry->public.n_dims; j++)
        dims[j] = entry->public.dims[j];
      tensor = lacuna_checkpoint_add (checkpoint, name, number, entry->public.n_dims, dims, error);
      done = tensor != NULL
             && lacuna_checkpoint_tensor_set_data (tensor, bytes, entry->begin,
                                                   tensor->n_elements * lacuna_number_get_size (number), error);
    }
  return done && lacuna_checkpoint_complete (checkpoint, error) ? g_steal_pointer (&checkpoint) : NULL;
}

/* Sets the checkpoint's `absent`, where there is no data: what names and shapes tell, and which file the data would be
 * in. */
static void
set_absent (LacunaCheckpoint *checkpoint, const char *shard)
{
  g_autofree char *name = g_path_get_basename (shard);
  g_autofree char *size = NULL;
  guint64 n_bytes = 0;

  for (guint i = 0; i < checkpoint->tensors->len; i++)
    {
      const LacunaCheckpointTensor *tensor = &g_array_index (checkpoint->tensors, LacunaCheckpointTensor, i);

      n_bytes += tensor->n_elements * lacuna_number_get_size (tensor->number);
    }
  size = g_format_size (n_bytes);
  g_set_error (&checkpoint->absent, LACUNA_ERROR, LACUNA_ERROR_FILE,
               _ ("its index is sound, with %u variables (%s), but their data is missing. Put “%s” beside it, which is "
                  "published at the same place"),
               checkpoint->tensors->len, size, name);
}

static void
unref_bytes (gpointer bytes)
{
  g_clear_pointer ((GBytes **) bytes, g_bytes_unref);
}

/* stem: what the names of all files of the checkpoint begin with. */
static LacunaCheckpoint *
open_bundle (const char *stem, GBytes *index, GError **error)
{
  const guint n = lacuna_bundle_count_shards (index, error);
  g_autoptr (GArray) shards = g_array_new (FALSE, TRUE, sizeof (GBytes *));

  g_array_set_clear_func (shards, unref_bytes);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s.data-%05u-of-%05u", stem, i, n);
      GBytes *bytes;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        {
          LacunaCheckpoint *checkpoint = lacuna_bundle_read (index, NULL, n, error);

          if (checkpoint != NULL)
            set_absent (checkpoint, path);
          return checkpoint;
        }
      bytes = read_file (path, error);
      if (bytes == NULL)
        return NULL;
      g_array_append_val (shards, bytes);
    }
  return n > 0 ? lacuna_bundle_read (index, (GBytes *const *) shards->data, n, error) : NULL;
}

static gboolean
is_tar (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > TAR_MAGIC_AT + 5 && memcmp (data + TAR_MAGIC_AT, "ustar", 5) == 0;
}

/* The header of a safetensors file is JSON behind its length. */
static gboolean
is_safetensors (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return size > 8 && data[8] == '{';
}

static LacunaCheckpoint *
open_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = read_file (path, error);

  if (bytes == NULL)
    return NULL;
  if (lacuna_table_is (bytes))
    {
      g_autofree char *stem
          = g_str_has_suffix (path, INDEX) ? g_strndup (path, strlen (path) - strlen (INDEX)) : g_strdup (path);

      return open_bundle (stem, bytes, error);
    }
  if (lacuna_torch_is (bytes))
    return lacuna_torch_read (bytes, error);
  if (is_safetensors (bytes))
    return lacuna_checkpoint_read_safetensors (bytes, error);
  if (lacuna_onnx_is (bytes))
    return lacuna_onnx_read (bytes, error);
  if (is_tar (bytes))
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
        _ ("it is a tar archive, as PyTorch wrote them before 0.1.10, or one to be unpacked. Load it in PyTorch "
           "1.6 or later and save its state_dict anew with torch.save"));
  else
    g_set_error (
        error, LACUNA_ERROR, LACUNA_ERROR_FORMAT,
        _ ("it is neither a safetensors file, nor one of PyTorch or ONNX, nor the index of a TensorFlow checkpoint"));
  return NULL;
}

/* Returns the index that a file of data, or the graph, lies beside, or NULL. */
static char *
find_index (const char *path)
{
  static const char *const parts[] = { ".data-", ".meta", "" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = g_strrstr (path, parts[i]);
      g_autofree char *stem
          = part != NULL && i + 1 < G_N_ELEMENTS (parts) ? g_strndup (path, part - path) : g_strdup (path);
      g_autofree char *index = g_strconcat (stem, INDEX, NULL);

      if (part != NULL && g_file_test (index, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&index);
    }
  return NULL;
}

/* Returns the index that the file “checkpoint” of a folder names as the latest, or NULL. */
static char *
find_latest (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (GRegex) regex = g_regex_new ("^model_checkpoint_path: \"([^\"]+)\"", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GBytes) bytes = read_file (path, NULL);
  g_autofree char *text
      = bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), MIN (g_bytes_get_size (bytes), 4096)) : NULL;
  g_autofree char *stem = NULL, *base = NULL, *file = NULL;

  if (text == NULL || !g_utf8_validate (text, -1, NULL) || !g_regex_match (regex, text, 0, &match))
    return NULL;
  stem = g_match_info_fetch (match, 1);
  base = g_path_get_basename (stem);
  file = g_strconcat (base, INDEX, NULL);
  return g_build_filename (folder, file, NULL);
}

/* Finds the one file in a folder that may be a checkpoint. */
static char *
find_in_folder (const char *folder, GError **error)
{
  static const char *const suffixes[] = { INDEX, ".safetensors", ".pth", ".pt", ".onnx" };
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *latest = find_latest (folder), *found = NULL;
  guint n = 0;
  const char *name;

  if (latest != NULL && g_file_test (latest, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&latest);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
      if (g_str_has_suffix (name, suffixes[i]))
        {
          g_free (found);
          found = g_build_filename (folder, name, NULL);
          n++;
        }
  if (n == 1)
    return g_steal_pointer (&found);
  g_set_error (
      error, LACUNA_ERROR, LACUNA_ERROR_FILE,
      n == 0
          ? _ ("there is no file of weights in this folder: a .index with its data, .pt, .pth, .safetensors or .onnx")
          : _ ("there are several files of weights in this folder. Choose one of them"));
  return NULL;
}

LacunaCheckpoint *
lacuna_checkpoint_open (const char *path, char **ret_source, GError **error)
{
  g_autofree char *source = NULL;
  LacunaCheckpoint *checkpoint;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    source = find_in_folder (path, error);
  else
    {
      source = find_index (path);
      if (source == NULL)
        source = g_strdup (path);
    }
  checkpoint = source != NULL ? open_file (source, error) : NULL;
  if (checkpoint != NULL)
    *ret_source = g_steal_pointer (&source);
  return checkpoint;
}

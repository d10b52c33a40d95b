/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes zip archives in memory, by libarchive. Of an archive from elsewhere all files together may have
 * `budget` bytes, and a size that is not told, a name twice or bytes behind the end refuse it; names are keys and never
 * paths. There is no state; any thread may call: projects on a worker of the window, torch.c on the thread of an
 * import. */
#include "engine/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/error.h"

#define END_SIZE 22 /* of the record that ends an archive without a comment */
#define MOST_FILES 20000
#define MOST_WRITTEN (3ull << 30) /* bytes: below what a GByteArray holds */

typedef struct archive Archive;

static void
archive_close_and_free (Archive *self)
{
  archive_read_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_close_and_free)

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, LACUNA_ERROR, LACUNA_ERROR_FORMAT, _ ("its zip archive %s"), why);
  return FALSE;
}

/* Whether the bytes end with the archive: libarchive would look for its end further ahead too. */
static gboolean
ends_as_zip (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= END_SIZE && memcmp (data + size - END_SIZE, "PK\5\6", 4) == 0 && data[size - 2] == 0
         && data[size - 1] == 0;
}

/* budget: how many bytes all files that are still to come may have. */
static GBytes *
read_file (Archive *archive, struct archive_entry *entry, gsize *budget, GError **error)
{
  gint64 size = archive_entry_size (entry);
  g_autofree guint8 *data = NULL;
  guint8 more;

  if (!archive_entry_size_is_set (entry) || size < 0 || (guint64) size > *budget)
    {
      refuse (error, _ ("is compressed further than is read, or damaged. Write it anew without compression"));
      return NULL;
    }
  *budget -= size;
  data = g_try_malloc (MAX (size, 1));
  if (data == NULL)
    lacuna_error_set_memory (error, _ ("a file of the zip archive"));
  else if (archive_read_data (archive, data, size) != size || archive_read_data (archive, &more, 1) != 0)
    refuse (error, _ ("is damaged: a file in it is not what its checksum tells"));
  else
    return g_bytes_new_take (g_steal_pointer (&data), size);
  return NULL;
}

static gboolean
read_files (Archive *archive, GHashTable *files, gsize budget, GError **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK)
    {
      const char *name = archive_entry_pathname_utf8 (entry);
      GBytes *file;

      if (name == NULL || g_hash_table_size (files) >= MOST_FILES)
        return refuse (error, _ ("has files without names, or too many"));
      if (archive_entry_filetype (entry) == AE_IFDIR)
        continue;
      if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_is_encrypted (entry))
        return refuse (error, _ ("has something which is no plain file"));
      file = read_file (archive, entry, &budget, error);
      if (file == NULL)
        return FALSE;
      if (!g_hash_table_insert (files, g_strdup (name), file))
        return refuse (error, _ ("has two files of one name"));
    }
  return status == ARCHIVE_EOF ? TRUE : refuse (error, _ ("is cut off or damaged"));
}

GHashTable *
lacuna_zip_read (GBytes *bytes, gsize budget, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  g_autoptr (GHashTable) files
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  if (!ends_as_zip (bytes))
    refuse (error, _ ("is cut off, or something follows it"));
  else if (archive_read_support_format_zip_seekable (archive) != ARCHIVE_OK
           || archive_read_open_memory (archive, data, size) != ARCHIVE_OK)
    refuse (error, _ ("can't be read"));
  else if (read_files (archive, files, budget, error))
    return g_steal_pointer (&files);
  return NULL;
}

static la_ssize_t
append (Archive *archive, void *written, const void *data, size_t size)
{
  g_byte_array_append (written, data, size);
  return size;
}

static gboolean
write_file (Archive *archive, const char *name, GBytes *file)
{
  struct archive_entry *entry = archive_entry_new ();
  gsize size;
  const void *data = g_bytes_get_data (file, &size);
  gboolean written;

  archive_entry_set_pathname_utf8 (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);
  archive_entry_set_mtime (entry, g_get_real_time () / G_USEC_PER_SEC, 0);
  written = archive_write_header (archive, entry) == ARCHIVE_OK
            && (size == 0 || archive_write_data (archive, data, size) == (la_ssize_t) size);
  archive_entry_free (entry);
  return written;
}

static gboolean
write_files (Archive *archive, const char *const *names, GBytes *const *files, GByteArray *written)
{
  gboolean sound = archive_write_set_format_zip (archive) == ARCHIVE_OK
                   && archive_write_zip_set_compression_store (archive) == ARCHIVE_OK
                   && archive_write_set_bytes_in_last_block (archive, 1) == ARCHIVE_OK
                   && archive_write_open (archive, written, NULL, append, NULL) == ARCHIVE_OK;

  for (guint i = 0; sound && names[i] != NULL; i++)
    sound = write_file (archive, names[i], files[i]);
  return sound && archive_write_close (archive) == ARCHIVE_OK;
}

GBytes *
lacuna_zip_write (const char *const *names, GBytes *const *files, GError **error)
{
  g_autoptr (GByteArray) written = NULL;
  Archive *archive;
  gsize size = 0;
  gboolean sound;

  for (guint i = 0; names[i] != NULL; i++)
    size += g_bytes_get_size (files[i]);
  if (size > MOST_WRITTEN)
    {
      g_set_error_literal (error, LACUNA_ERROR, LACUNA_ERROR_UNFIT,
                           _ ("a zip archive of more than 3 GiB is not written"));
      return NULL;
    }
  written = g_byte_array_sized_new (size);
  archive = archive_write_new ();
  sound = write_files (archive, names, files, written);
  archive_write_free (archive);
  if (sound)
    return g_byte_array_free_to_bytes (g_steal_pointer (&written));
  refuse (error, _ ("can't be written"));
  return NULL;
}

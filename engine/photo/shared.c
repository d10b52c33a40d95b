/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/photo/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
/* How often, and for how many microseconds each, memory that is busy is waited for. */
#define SEAL_TRIES 200
#define SEAL_INTERVAL 5000

struct _LacunaShared {
  int fd;
  gpointer room; /* NULL: none, or unmapped */
  gsize room_size, size;
};

LacunaShared *
lacuna_shared_new (gsize size)
{
  g_autoptr (LacunaShared) self = g_atomic_rc_box_new0 (LacunaShared);

  self->fd = memfd_create ("lacuna", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (self->fd < 0 || ftruncate (self->fd, size) != 0)
    return NULL;
  self->room_size = self->size = size;
  if (size > 0)
    self->room = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
  if (self->room == MAP_FAILED)
    {
      self->room = NULL;
      return NULL;
    }
  return g_steal_pointer (&self);
}

LacunaShared *
lacuna_shared_ref (LacunaShared *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
unmap (LacunaShared *self)
{
  if (self->room != NULL)
    munmap (self->room, self->room_size);
  self->room = NULL;
}

static void
clear (gpointer data)
{
  LacunaShared *self = data;

  unmap (self);
  if (self->fd >= 0)
    g_close (self->fd, NULL);
}

void
lacuna_shared_unref (LacunaShared *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

gpointer
lacuna_shared_get_data (LacunaShared *self)
{
  return self->room;
}

gsize
lacuna_shared_get_size (LacunaShared *self)
{
  return self->size;
}

gboolean
lacuna_shared_append (LacunaShared *self, gconstpointer data, gsize size)
{
  for (gsize done = 0; done < size;)
    {
      ssize_t n = pwrite (self->fd, (const guint8 *) data + done, size - done, self->size);

      if (n <= 0)
        return FALSE;
      done += n;
      self->size += n;
    }
  return TRUE;
}

/* Memory is busy for a moment where the kernel holds a page of it, or a process that another thread is just starting
 * has the room still mapped. */
int
lacuna_shared_seal (LacunaShared *self)
{
  int result;

  unmap (self);
  result = fcntl (self->fd, F_ADD_SEALS, SEALS);
  for (guint i = 0; result != 0 && errno == EBUSY && i < SEAL_TRIES; i++)
    {
      g_usleep (SEAL_INTERVAL);
      result = fcntl (self->fd, F_ADD_SEALS, SEALS);
    }
  return result == 0 ? self->fd : -1;
}

typedef struct {
  gpointer data;
  gsize size;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *self = data;

  munmap (self->data, self->size);
  g_free (self);
}

GBytes *
lacuna_shared_map (int fd)
{
  struct stat status;
  gpointer data;
  Mapping *mapping;
  int seals = fcntl (fd, F_GET_SEALS);

  if (seals < 0 || (seals & SEALS) != SEALS || fstat (fd, &status) != 0)
    return NULL;
  if (status.st_size == 0)
    return g_bytes_new (NULL, 0);
  data = mmap (NULL, status.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED)
    return NULL;
  mapping = g_new (Mapping, 1);
  *mapping = (Mapping){ data, status.st_size };
  return g_bytes_new_with_free_func (data, status.st_size, mapping_free, mapping);
}

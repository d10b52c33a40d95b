/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The codec process of tests/codec.c: works as the real one does, unless the photo's name tells it to do what a decoder
 * might do when a file breaks it, such as to crash, to hang or to answer nonsense. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/codec/serve.h"
#include "engine/photo/codec.h"

#define MUCH ((gsize) 8 << 30)

static void
crash (void)
{
  /* A sanitizer would make an exit of it. */
  signal (SIGSEGV, SIG_DFL);
  raise (SIGSEGV);
}

static void
hang (void)
{
  for (;;)
    pause ();
}

/* As a decoder that does not look at what it gets. */
static void
take_memory (void)
{
  volatile guint8 *memory = malloc (MUCH);

  if (memory == NULL)
    abort ();
  for (gsize i = 0; i < MUCH; i += 4096)
    memory[i] = 1;
}

static void
quit (void)
{
  _exit (7);
}

/* Every way out of the process is closed, or it ends with the number of the one that is not. */
static void
escape (void)
{
  pid_t parent = getppid ();

  if (open ("/etc/passwd", O_RDONLY) >= 0)
    _exit (101);
  if (open ("/proc/self/maps", O_RDONLY) >= 0)
    _exit (102);
  if (open ("/tmp/lacuna-escaped", O_WRONLY | O_CREAT, 0600) >= 0)
    _exit (103);
  if (socket (AF_INET, SOCK_STREAM, 0) >= 0 || socket (AF_UNIX, SOCK_STREAM, 0) >= 0)
    _exit (104);
  if (kill (parent, SIGCONT) == 0 || ptrace (PTRACE_ATTACH, parent, NULL, NULL) == 0)
    _exit (105);
  execl ("/bin/true", "true", NULL);
  if (errno != EPERM)
    _exit (106);
  if (fork () >= 0)
    _exit (107);
  if (fcntl (LACUNA_CODEC_SOCKET, F_SETOWN, parent) == 0)
    _exit (108);
  if (mkdir ("/tmp/lacuna-escaped", 0700) == 0 || unlink ("/tmp/lacuna-escaped") == 0)
    _exit (109);
}

static void
send_noise (void)
{
  struct iovec content = { (char[]){ "noise" }, 5 };

  sendmsg (LACUNA_CODEC_SOCKET, &(struct msghdr){ .msg_iov = &content, .msg_iovlen = 1 }, MSG_NOSIGNAL);
  hang ();
}

/* A photo of more pixels than it sends. */
static void
lie (void)
{
  g_autoptr (GVariant) head
      = g_variant_ref_sink (g_variant_new_parsed ("{'width': <1000>, 'height': <1000>, 'bands': <3>, 'depth': <8>,"
                                                  " 'source-size': <uint64 0>}"));

  lacuna_parcel_send (LACUNA_CODEC_SOCKET, head, lacuna_shared_new (1000), -1);
  hang ();
}

/* Memory that it can change while it is read. */
static void
send_unsealed (void)
{
  struct {
    guint64 body_size, head_size;
  } packet = { 0, 0 };
  char room[CMSG_SPACE (sizeof (int))] = { 0 };
  struct iovec content = { &packet, sizeof packet };
  struct msghdr message = { .msg_iov = &content, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room };
  struct cmsghdr *part = CMSG_FIRSTHDR (&message);
  int fd = memfd_create ("open", MFD_ALLOW_SEALING);

  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (part), &fd, sizeof fd);
  sendmsg (LACUNA_CODEC_SOCKET, &message, MSG_NOSIGNAL);
  hang ();
}

static void
meet (const char *path)
{
  static const struct {
    const char *name;
    void (*act) (void);
  } acts[] = {
    { "crash", crash },      { "hang", hang }, { "memory", take_memory },    { "quit", quit }, { "escape", escape },
    { "noise", send_noise }, { "lie", lie },   { "unsealed", send_unsealed }
  };
  g_autofree char *name = g_path_get_basename (path);

  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_has_prefix (name, acts[i].name) && name[strlen (acts[i].name)] == '.')
      acts[i].act ();
}

/* As on a system that has none. */
static void
take_landlock_away (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  if (seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SYS_landlock_create_ruleset, 0) != 0
      || seccomp_load (filter) != 0)
    _exit (1);
  seccomp_release (filter);
}

int
main (int argc, char **argv)
{
  if (getenv ("LACUNA_TEST_NO_LANDLOCK") != NULL)
    take_landlock_away ();
  return lacuna_serve (LACUNA_CODEC_SOCKET, meet);
}

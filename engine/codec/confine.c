/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes from lacuna-codec for good what a decoder could do harm with that a hostile file has taken over: by resource
 * limits, Landlock without any rule, and a seccomp filter that lists the calls allowed. What the kernel lacks is
 * reported and is no error, but without Landlock no file can be opened at all. lacuna_confine runs once, on the main
 * thread and before the first file; threads inherit it. lacuna_confine_work runs there before each request. */
#include "engine/codec/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/photo/photo-fields.h"

/* Bytes of the largest photo: four samples of 16 bits a pixel. A decoder holds it up to three times (its own, as
 * libvips has it, and turned upright), an encoder of HEIC or AVIF its planes, its predictions and what it looks
 * ahead. */
#define LARGEST (8 * (rlim_t) LACUNA_PHOTO_MAX_PIXELS)
#define DECODER_COPIES 3
#define ENCODER_COPIES 24
#define PROGRAM ((rlim_t) 1 << 30) /* libraries, and the stacks of threads */
#define MOST_FILES 64

#if defined(__SANITIZE_ADDRESS__)
#define TAKES_TERABYTES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TAKES_TERABYTES 1
#endif
#endif

static gboolean may_open = TRUE;

gboolean
lacuna_confine_may_open (void)
{
  return may_open;
}

static gboolean
set_limit (int resource, rlim_t soft, rlim_t hard)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) != 0)
    return FALSE;
  limit.rlim_max = MIN (limit.rlim_max, hard);
  limit.rlim_cur = MIN (soft, limit.rlim_max);
  return setrlimit (resource, &limit) == 0;
}

/* n_encoded: pixels that an encoder is handed. What a decoder will find is not known before. */
static gboolean
limit_memory (guint64 n_encoded)
{
#ifdef TAKES_TERABYTES
  return TRUE;
#else
  rlim_t encoded = ENCODER_COPIES * 8 * MIN (n_encoded, LACUNA_PHOTO_MAX_PIXELS);

  return set_limit (RLIMIT_AS, PROGRAM + MAX (DECODER_COPIES * LARGEST, encoded), PROGRAM + ENCODER_COPIES * LARGEST);
#endif
}

static gboolean
limit_resources (void)
{
  gboolean has_memory = limit_memory (0);

  /* Shared memory is a file as well. */
  return set_limit (RLIMIT_CORE, 0, 0) && set_limit (RLIMIT_NOFILE, MOST_FILES, MOST_FILES)
         && set_limit (RLIMIT_FSIZE, PROGRAM + LARGEST, PROGRAM + LARGEST) && has_memory;
}

void
lacuna_confine_work (guint64 n_encoded, guint seconds)
{
  struct rusage usage;
  rlim_t most = (rlim_t) seconds * g_get_num_processors ();

  limit_memory (n_encoded);
  if (getrusage (RUSAGE_SELF, &usage) == 0)
    set_limit (RLIMIT_CPU, usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 2 + most, RLIM_INFINITY);
}

/* Restricts the process by a Landlock ruleset without any rule, so that no file can be opened. Memory without a name,
 * which Exiv2 opens by its number in /proc, is no file to Landlock. */
static gboolean
confine_files (void)
{
  /* The rights that each version of its interface knows, of <linux/landlock.h>. */
  static const guint64 rights[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
  const guint flag_version = 1;
  long version = syscall (SYS_landlock_create_ruleset, NULL, 0, flag_version);
  guint64 handled;
  int rules;
  gboolean done;

  if (version < 1)
    return FALSE;
  handled = rights[MIN (version, (long) G_N_ELEMENTS (rights) - 1)];
  rules = syscall (SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
  if (rules < 0)
    return FALSE;
  done = syscall (SYS_landlock_restrict_self, rules, 0) == 0;
  close (rules);
  return done;
}

/* What decoders, encoders and the C library call on any architecture: memory, threads, clocks, files that are open. */
static const char *const calls[] = {
  "arch_prctl", "brk", "clock_getres", "clock_gettime", "clock_gettime64", "clock_nanosleep",
  "clock_nanosleep_time64", "close", "dup", "epoll_create1", "epoll_ctl", "eventfd2", "exit", "exit_group", "fstat",
  "fstat64", "fstatfs", "ftruncate", "ftruncate64", "futex", "futex_time64", "futex_waitv", "getcpu", "getegid",
  "geteuid", "getgid", "getpid", "getppid", "getrandom", "getrlimit", "getrusage", "gettid", "gettimeofday",
  "getuid", "_llseek", "lseek", "lstat", "lstat64", "madvise", "membarrier", "memfd_create", "mincore", "mmap",
  "mmap2", "mprotect", "mremap", "munmap", "nanosleep", "newfstatat", "fstatat64", "poll", "ppoll", "ppoll_time64",
  "pread64", "pwrite64", "read", "readv", "recvmsg", "restart_syscall", "rseq", "rt_sigaction", "rt_sigprocmask",
  "rt_sigreturn", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "sched_yield", "sendmsg",
  "set_robust_list", "set_tid_address", "sigaltstack", "sigreturn", "stat", "stat64", "statx", "sysinfo", "time",
  "times", "ugetrlimit", "uname", "write", "writev",
};

static const int file_commands[]
    = { F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_ADD_SEALS, F_GET_SEALS };

static int
allow (scmp_filter_ctx filter, const char *name, guint n_conditions, const struct scmp_arg_cmp *conditions)
{
  int number = seccomp_syscall_resolve_name (name);

  /* An older library does not know it, another architecture has none. */
  if (number == __NR_SCMP_ERROR)
    return 0;
  return seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, number, n_conditions, conditions);
}

static int
allow_if (scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp condition)
{
  return allow (filter, name, 1, &condition);
}

/* Calls that are only harmless in one way: threads of this process, signals to itself, its own limits. */
static int
allow_own (scmp_filter_ctx filter)
{
  int wrong = 0;

  wrong |= allow_if (filter, "clone", SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  wrong |= allow_if (filter, "tgkill", SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t) getpid ()));
  wrong |= allow_if (filter, "prctl", SCMP_A0 (SCMP_CMP_EQ, PR_SET_NAME));
  wrong |= allow_if (filter, "prlimit64", SCMP_A0 (SCMP_CMP_EQ, 0));
  wrong |= allow (filter, "setrlimit", 0, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (file_commands); i++)
    {
      wrong |= allow_if (filter, "fcntl", SCMP_A1 (SCMP_CMP_EQ, (scmp_datum_t) file_commands[i]));
      wrong |= allow_if (filter, "fcntl64", SCMP_A1 (SCMP_CMP_EQ, (scmp_datum_t) file_commands[i]));
    }
  /* The C library then calls clone, whose flags can be looked at. */
  wrong |= seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), seccomp_syscall_resolve_name ("clone3"), 0);
  return wrong;
}

/* opens: files can be opened as far as Landlock lets them, which is but memory without a name. */
static gboolean
confine_syscalls (gboolean opens)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  int wrong = filter == NULL;

  for (guint i = 0; !wrong && i < G_N_ELEMENTS (calls); i++)
    wrong |= allow (filter, calls[i], 0, NULL);
  if (!wrong)
    {
      if (opens)
        wrong |= allow (filter, "open", 0, NULL) | allow (filter, "openat", 0, NULL);
      wrong |= allow_own (filter);
      seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
      seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1);
    }
  wrong = wrong || seccomp_load (filter) != 0;
  if (filter != NULL)
    seccomp_release (filter);
  return !wrong;
}

LacunaConfinement
lacuna_confine (void)
{
  LacunaConfinement confinement = limit_resources () ? LACUNA_CONFINED_LIMITS : 0;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return confinement;
  if (confine_files ())
    confinement |= LACUNA_CONFINED_FILES;
  if (confine_syscalls ((confinement & LACUNA_CONFINED_FILES) != 0))
    {
      confinement |= LACUNA_CONFINED_SYSCALLS;
      may_open = (confinement & LACUNA_CONFINED_FILES) != 0;
    }
  return confinement;
}

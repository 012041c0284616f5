#include "io/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/run_lock_heart.h"

const run_lock_times run_lock_usual = {.beat = 15, .watch = 20, .stale = 300, .former = 120, .settle = 2};

enum { PATH = 4096 };

/* One look at the lock file. */
typedef struct look {
  int fd;      /* stays open where the lock is to be kept: closing any descriptor of the file would give it back */
  int refused; /* errno of the lock: 0 granted, EAGAIN held, ENOLCK no locks here */
  struct stat file;
  int has_owner;
  run_lock_owner owner;
  double silent; /* seconds since the last beat, by the file server's clock */
} look;

/* Of this process; stays open until it ends. -1: none. */
static int held = -1;

typedef enum verdict { TAKE, REPLACE, WATCH, WAIT, REFUSE } verdict;

static double stamp(const struct stat *s) { return (double)s->st_mtim.tv_sec + 1e-9 * (double)s->st_mtim.tv_nsec; }

static status lock_path(const char *folder, const char *tail, char out[PATH]) {
  if (snprintf(out, PATH, "%s/.lock%s", folder, tail) < PATH) return STATUS_OK;
  return status_fail(STATUS_IO, "%s: the path is too long", folder);
}

/* A name of its own beside the lock file, for this process. */
static status own_path(const char *folder, char out[PATH]) {
  char tail[PROCESS_TEXT + 32], host[PROCESS_TEXT];
  process_host(host);
  snprintf(tail, sizeof tail, ".%s.%ld.tmp", host, (long)getpid());
  return lock_path(folder, tail, out);
}

static int is_without_locks(int error) { return error == ENOLCK || error == ENOSYS || error == EOPNOTSUPP; }

/* 0, EAGAIN where another process has a part in it, ENOLCK where there are no locks, another errno. */
static int set_lock(int fd, short type) {
  struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
  if (fcntl(fd, F_SETLK, &whole) == 0) return 0;
  return errno == EACCES ? EAGAIN : is_without_locks(errno) ? ENOLCK : errno;
}

/* Whether the path still leads to the file that is open. */
static int is_at(const char *path, const struct stat *file) {
  struct stat now;
  return stat(path, &now) == 0 && now.st_ino == file->st_ino && now.st_dev == file->st_dev;
}

/* What time it is for the file server, which stamps a file that is made now. */
static status server_time(const char *folder, double *now) {
  char path[PATH];
  struct stat s;
  TRY(own_path(folder, path));
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return file_output_fault(path, "create the file", errno);
  /* A write, since a file that was left there may be older. */
  const int failed = write(fd, "\n", 1) != 1 || fstat(fd, &s) != 0;
  const int why = errno;
  close(fd);
  unlink(path);
  if (failed) return file_output_fault(path, "write", why);
  *now = stamp(&s);
  return STATUS_OK;
}

/* Opens and tries the lock of the file that stands at the path now, not of one that was just replaced. */
static status open_current(const char *path, look *out) {
  for (int tries = 0; tries < 10; tries++) {
    out->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out->fd < 0) return file_output_fault(path, "open the lock", errno);
    out->refused = set_lock(out->fd, F_WRLCK);
    if (fstat(out->fd, &out->file) != 0) out->refused = errno;
    if (out->refused != 0 && out->refused != EAGAIN && out->refused != ENOLCK) {
      close(out->fd);
      return file_output_fault(path, "lock", out->refused);
    }
    if (is_at(path, &out->file)) return STATUS_OK;
    close(out->fd);
  }
  return status_fail(STATUS_PERMISSION, "%s is replaced again and again: are others starting the same run?", path);
}

static status look_at(const char *folder, const char *path, look *out) {
  *out = (look){0};
  TRY(open_current(path, out));
  out->has_owner = run_lock_owner_read(out->fd, &out->owner);
  double now = 0;
  const status result = server_time(folder, &now);
  if (result != STATUS_OK) close(out->fd);
  out->silent = now - stamp(&out->file);
  return result;
}

/* Whether a process that lives on this host has a part in the lock; other hosts show no number that means anything. */
static int is_held_here(int fd) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, F_GETLK, &whole) != 0 || whole.l_type == F_UNLCK || whole.l_pid <= 0) return 0;
  return kill(whole.l_pid, 0) == 0 || errno == EPERM;
}

static verdict judge(const look *l, const run_lock_times *t) {
  const int is_former = run_lock_owner_is_former(&l->owner) || run_lock_owner_is_dead(&l->owner);
  const double stale = run_lock_owner_is_former(&l->owner) ? t->former : t->stale;
  if (l->refused == 0) {
    /* This host's own locks tell the truth about its own processes. */
    return !l->has_owner || run_lock_owner_is_here(&l->owner) || l->silent > 3 * t->beat ? TAKE : WATCH;
  }
  if (l->refused == ENOLCK) {
    if (!l->has_owner || run_lock_owner_is_dead(&l->owner) || l->silent > stale) return REPLACE;
    return is_former ? WAIT : REFUSE;
  }
  if (!l->has_owner) return l->silent > t->stale && !is_held_here(l->fd) ? REPLACE : WAIT;
  if (l->silent > stale && !is_held_here(l->fd)) return REPLACE;
  return is_former ? WAIT : REFUSE;
}

static status refuse(const char *folder, const look *l) {
  char owner[RUN_LOCK_OWNER_TEXT] = "";
  if (l->has_owner) run_lock_owner_print(&l->owner, owner);
  return status_fail(STATUS_PERMISSION, "another run is at work in %s%s%s; wait for it or choose another --run-dir",
                     folder, l->has_owner ? ": " : "", owner);
}

/* The lock was granted, but its owner, on another host, was alive a moment ago. If its heart beats on, this file system
 * does not show locks to other hosts. */
static verdict watch(const char *path, look *l, double seconds) {
  const double until = clock_now() + seconds;
  struct stat now;
  while (clock_now() < until) {
    clock_sleep(seconds / 20);
    const int fd = open(path, O_RDONLY | O_CLOEXEC); /* a fresh look, past what an NFS client remembers */
    const int failed = fd < 0 || fstat(fd, &now) != 0;
    if (fd >= 0) close(fd);                /* which gives our lock back too */
    l->refused = set_lock(l->fd, F_WRLCK); /* so it is asked for again */
    if (failed || l->refused != 0 || now.st_ino != l->file.st_ino || stamp(&now) > stamp(&l->file))
      return run_lock_owner_is_former(&l->owner) ? WAIT : REFUSE;
  }
  return TAKE;
}

/* From now on this process has the folder by the open file `fd`. */
static status keep(const char *path, int fd, const run_lock_times *t) {
  const run_lock_owner self = run_lock_owner_self();
  const int failed = run_lock_owner_write(fd, &self);
  if (failed != 0) {
    close(fd);
    return file_output_fault(path, "write who has the lock", failed);
  }
  run_lock_heart_start(fd, path, t->beat);
  held = fd;
  return STATUS_OK;
}

/* A fresh lock file, locked and named ours before it stands in the old one's place. */
static status make_fresh(const char *folder, const char *path, const look *old, int *out) {
  char temporary[PATH];
  TRY(own_path(folder, temporary));
  unlink(temporary);
  const int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return file_output_fault(temporary, "create the file", errno);
  const run_lock_owner self = run_lock_owner_self();
  int failed = set_lock(fd, F_WRLCK);
  if (failed == ENOLCK) failed = 0;
  if (failed == 0) failed = run_lock_owner_write(fd, &self);
  if (failed == 0 && !is_at(path, &old->file)) failed = EAGAIN; /* another was first */
  if (failed == 0 && rename(temporary, path) != 0) failed = errno;
  if (failed == 0) {
    *out = fd;
    return STATUS_OK;
  }
  unlink(temporary);
  close(fd);
  return failed == EAGAIN ? refuse(folder, old) : file_output_fault(path, "replace the lock", failed);
}

/* As is_at, by opening: after our own rename an NFS client would answer from memory for half a minute. Closing gives
 * our lock back, so it is asked for again. */
static int is_still_at(const char *path, int fd) {
  struct stat own, there;
  const int fresh = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  const int is_same = fresh >= 0 && fstat(fresh, &there) == 0 && fstat(fd, &own) == 0 && there.st_ino == own.st_ino &&
                      there.st_dev == own.st_dev;
  if (fresh >= 0) close(fresh);
  const int refused = set_lock(fd, F_WRLCK);
  return is_same && (refused == 0 || refused == ENOLCK);
}

static status replace(const char *folder, const char *path, const look *old, const run_lock_times *t) {
  int fd = -1;
  TRY(make_fresh(folder, path, old, &fd));
  clock_sleep(t->settle);
  if (!is_still_at(path, fd)) {
    close(fd);
    return status_fail(STATUS_PERMISSION, "another run has taken %s at the same moment", folder);
  }
  if (old->has_owner) {
    char owner[RUN_LOCK_OWNER_TEXT];
    run_lock_owner_print(&old->owner, owner);
    fprintf(stderr, "nightmail: note: %s: the lock of %s, silent for %.0f s, was stale and is replaced\n", folder,
            owner, old->silent);
  }
  return keep(path, fd, t);
}

static void say_that_it_waits(const char *folder, const look *l, double seconds) {
  char owner[RUN_LOCK_OWNER_TEXT] = "a run that is just starting or ending";
  if (l->has_owner) run_lock_owner_print(&l->owner, owner);
  fprintf(stderr, "nightmail: note: %s: waiting at most %.0f s for what is left of %s\n", folder, seconds, owner);
}

status run_lock_take(const char *folder, const run_lock_times *t) {
  const double started = clock_now();
  char path[PATH];
  TRY(lock_path(folder, "", path));
  for (int tries = 0;; tries++) {
    look l;
    TRY(look_at(folder, path, &l));
    verdict v = judge(&l, t);
    if (v == WATCH) v = watch(path, &l, t->watch);
    if (v == TAKE) return keep(path, l.fd, t);
    const double most = l.has_owner ? t->former + 2 * t->beat : t->watch;
    if (v == WAIT && clock_now() - started > most) v = REFUSE;
    status result = STATUS_OK;
    if (v == REFUSE) result = refuse(folder, &l);
    if (v == REPLACE) result = replace(folder, path, &l, t);
    close(l.fd);
    if (v != WAIT) return result;
    if (tries == 4) say_that_it_waits(folder, &l, most);
    clock_sleep(tries < 10 ? 0.2 : 1);
  }
}

status run_lock_share(const char *folder) {
  char path[PATH];
  TRY(lock_path(folder, "", path));
  const int fd = held >= 0 ? held : open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return file_output_fault(path, "open the lock", errno);
  const int refused = set_lock(fd, F_RDLCK);
  if (refused == 0 || refused == ENOLCK) {
    held = fd;
    return STATUS_OK;
  }
  if (refused != EAGAIN) return file_output_fault(path, "lock", refused);
  return refuse(folder, &(look){0});
}

void run_lock_leave(void) {
  run_lock_heart_stop();
  if (held >= 0 && ftruncate(held, 0) != 0) return; /* then the next start finds us dead */
}

status run_lock_look(const char *folder, run_lock_state *out) {
  char path[PATH];
  struct stat file;
  *out = (run_lock_state){0};
  TRY(lock_path(folder, "", path));
  const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return STATUS_OK;
  if (fd < 0) return file_fault(path, "read the lock", errno);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  out->is_blind = fcntl(fd, F_GETLK, &whole) != 0;
  out->is_held = !out->is_blind && whole.l_type != F_UNLCK;
  out->has_owner = run_lock_owner_read(fd, &out->owner);
  if (fstat(fd, &file) == 0) out->silent = (double)clock_unix() - stamp(&file);
  if (out->silent < 0) out->silent = 0;
  close(fd);
  return STATUS_OK;
}

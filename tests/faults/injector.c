/* Faults in the calls of one archive: a library for LD_PRELOAD.
 *
 * Files whose path begins with the watched one (the archive, its journal, log and shared memory), and
 * their folder, are watched. Calls of the kinds in `kinds` are counted, and the one of a number fails,
 * is cut short, or ends the process before it, amid it or after it. With a log, each call that changes
 * something is recorded, so that what a power cut would leave can be made of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN = 1, READ = 2, WRITE = 4, SYNC = 8, TRUNCATE = 16, UNLINK = 32, MAP = 64 };
enum { NOTHING, FAIL, CUT, KILL_BEFORE, KILL_AMID, KILL_AFTER };
enum { MARK = 0 };
enum { FILES = 4096, FOLDER = 9, RANDOM = 10 };

static char watched[4096];
static size_t length;
static char folder[4096];
/* For each descriptor: 0, 1 + the number of the file's suffix, FOLDER, or RANDOM. */
static unsigned char file_of[FILES];
static const char *const SUFFIXES[] = {"", "-journal", "-wal", "-shm"};
enum { SUFFIX_COUNT = 4 };

static struct {
    int kinds, later, action, error;
    long number, count;
} armed;
static long counts[128];
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

void faults_watch(const char *path) {
    strncpy(watched, path, sizeof watched - 1);
    length = strlen(watched);
    memcpy(folder, watched, sizeof folder);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = 0;
    memset(counts, 0, sizeof counts);
    armed.kinds = armed.count = 0;
}

/* Fail the call of this number among those of some kinds; and of the kinds `later`, all after it. */
void faults_arm(int kinds, int later, long number, int action, int error) {
    armed.kinds = kinds;
    armed.later = later;
    armed.action = action;
    armed.error = error;
    armed.number = number;
    armed.count = 0;
}

/* Record what changes the files into an open file. */
void faults_record(int fd) { log_fd = fd; }

long faults_count(int kind) { return counts[kind]; }

/* Whether the fault has happened. */
int faults_hit(void) { return armed.kinds && armed.count >= armed.number; }

static void record(int kind, int file, int64_t offset, int64_t size, const void *data) {
    if (log_fd < 0) return;
    int64_t head[] = {kind, file, offset, size};
    ssize_t (*put)(int, const void *, size_t) = REAL(write);
    pthread_mutex_lock(&lock);
    put(log_fd, head, sizeof head);
    if (data) put(log_fd, data, size);
    pthread_mutex_unlock(&lock);
}

/* Record that something was reported as done. */
void faults_mark(int64_t number) { record(MARK, 0, number, 0, 0); }

static int named(const char *path) {
    if (!length) return 0;
    if (!strncmp(path, watched, length))
        for (int i = 0; i < SUFFIX_COUNT; i++)
            if (!strcmp(path + length, SUFFIXES[i])) return 1 + i;
    return strcmp(path, folder) ? 0 : FOLDER;
}

static int kind_of(int fd) { return fd >= 0 && fd < FILES ? file_of[fd] : 0; }

static int file(int fd) { return kind_of(fd) == RANDOM ? 0 : kind_of(fd); }

static void die(void) { kill(getpid(), SIGKILL); }

/* Count a call, and return what happens to it. */
static int due(int kind) {
    int action = NOTHING;
    pthread_mutex_lock(&lock);
    counts[kind]++;
    if (armed.kinds & kind && armed.count < armed.number) {
        if (++armed.count == armed.number) action = armed.action;
    } else if (armed.number && armed.count >= armed.number && armed.later & kind) {
        action = armed.action;
    }
    pthread_mutex_unlock(&lock);
    if (action == KILL_BEFORE) die();
    if (action == FAIL) errno = armed.error;
    return action;
}

static void done(int action) {
    if (action == KILL_AFTER) die();
}

static int opened(const char *path, int flags, int fd, int existed) {
    int which = length && !strcmp(path, "/dev/urandom") ? RANDOM : named(path);
    if (fd >= 0 && fd < FILES) file_of[fd] = which;
    if (which && which < FOLDER && fd >= 0 && flags & O_CREAT && !existed) record(OPEN, which, 0, 0, 0);
    return fd;
}

#define OPENS(name)                                                             \
    int name(const char *path, int flags, ...) {                                \
        va_list arguments;                                                      \
        va_start(arguments, flags);                                             \
        mode_t mode = va_arg(arguments, mode_t);                                \
        va_end(arguments);                                                      \
        int action = named(path) ? due(OPEN) : NOTHING;                         \
        if (action == FAIL) return -1;                                          \
        int existed = !length || !access(path, F_OK);                           \
        int fd = opened(path, flags, REAL(name)(path, flags, mode), existed);   \
        done(action);                                                           \
        return fd;                                                              \
    }
OPENS(open)
OPENS(open64)

int close(int fd) {
    if (fd >= 0 && fd < FILES) file_of[fd] = 0;
    return REAL(close)(fd);
}

/* A read cut short is one of the first half, of which the caller reads the rest. What SQLite draws at
   random is always the same, so that runs differ by their faults only. */
#define READS(name, parameters, call, whole)                       \
    ssize_t name parameters {                                      \
        if (kind_of(fd) == RANDOM) return memset(data, 7, size), (ssize_t)size; \
        int action = file(fd) ? due(READ) : NOTHING;               \
        if (action == FAIL) return -1;                             \
        if (action == CUT && size > 1) size /= 2;                  \
        ssize_t got = REAL(name) call;                             \
        done(action);                                              \
        return got;                                                \
    }
READS(read, (int fd, void *data, size_t size), (fd, data, size), size)
READS(pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at), size)
READS(pread64, (int fd, void *data, size_t size, off64_t at), (fd, data, size, at), size)

#define WRITES(name, parameters, call, place)                                 \
    ssize_t name parameters {                                                 \
        int which = file(fd);                                                 \
        int action = which ? due(WRITE) : NOTHING;                            \
        if (action == FAIL) return -1;                                        \
        if (action == CUT || action == KILL_AMID) size = size > 1 ? size / 2 : size; \
        ssize_t put = REAL(name) call;                                        \
        if (action == KILL_AMID) die();                                       \
        if (which && put > 0) record(WRITE, which, place, put, data);         \
        done(action);                                                         \
        return put;                                                           \
    }
WRITES(write, (int fd, const void *data, size_t size), (fd, data, size), lseek(fd, 0, SEEK_CUR) - put)
WRITES(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), at)
WRITES(pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), at)

#define CHANGES(name, kind, parameters, call, which, place)                    \
    int name parameters {                                                      \
        int found = which;                                                     \
        int action = found ? due(kind) : NOTHING;                              \
        if (action == FAIL) return -1;                                         \
        int result = REAL(name) call;                                          \
        if (found && !result) record(kind, found, place, 0, 0);                \
        done(action);                                                          \
        return result;                                                         \
    }
CHANGES(fsync, SYNC, (int fd), (fd), file(fd), 0)
CHANGES(fdatasync, SYNC, (int fd), (fd), file(fd), 0)
CHANGES(ftruncate, TRUNCATE, (int fd, off_t at), (fd, at), file(fd), at)
CHANGES(ftruncate64, TRUNCATE, (int fd, off64_t at), (fd, at), file(fd), at)
CHANGES(unlink, UNLINK, (const char *path), (path), named(path), 0)

#define MAPS(name, offset)                                                              \
    void *name(void *at, size_t size, int protection, int flags, int fd, offset from) { \
        int action = file(fd) ? due(MAP) : NOTHING;                                     \
        if (action == FAIL) return MAP_FAILED;                                          \
        void *map = REAL(name)(at, size, protection, flags, fd, from);                  \
        done(action);                                                                   \
        return map;                                                                     \
    }
MAPS(mmap, off_t)
MAPS(mmap64, off64_t)

#include "jepaflow/results/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jepaflow/base/clock.h"
#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"

struct jf_lock {
    int file;
    jf_string path; /* of the lock's own file */
};

static void lock_free(jf_lock **lock)
{
    if ((*lock)->file >= 0) {
        close((*lock)->file);
    }
    jf_string_clear(&(*lock)->path);
    free(*lock);
    *lock = NULL;
}

/* Is the file that is open still the one of that name? */
static int is_in_place(const jf_lock *lock)
{
    struct stat open_file, named;

    return fstat(lock->file, &open_file) == 0 && stat(lock->path.text, &named) == 0 &&
           open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

static jf_status refuse(const jf_lock *lock, const char *path)
{
    char who[512] = "";
    const ssize_t size = pread(lock->file, who, sizeof who - 1, 0);

    who[size > 0 ? size : 0] = '\0';
    who[strcspn(who, "\n")] = '\0';
    return jf_fail(JF_ERR_FILE,
                   "%s: is being written by %s; wait until that has ended, or name another file "
                   "with -o",
                   path, who[0] != '\0' ? who : "another process");
}

static int has_no_locks(int reason)
{
    return reason == ENOLCK || reason == ENOSYS || reason == EOPNOTSUPP || reason == EINVAL;
}

/*
 * Open and lock. Who lets go removes the file, so that the one that was locked here may be nobody's
 * any more: then the next is tried.
 */
static jf_status take(jf_lock *lock, const char *path)
{
    for (;;) {
        lock->file = open(lock->path.text, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (lock->file < 0) {
            return jf_fail(JF_ERR_FILE, "%s: cannot create it: %s", lock->path.text,
                           strerror(errno));
        }
        if (flock(lock->file, LOCK_EX | LOCK_NB) != 0) {
            if (!has_no_locks(errno)) {
                return errno == EWOULDBLOCK ? refuse(lock, path)
                                            : jf_fail(JF_ERR_FILE, "%s: cannot lock it: %s",
                                                      lock->path.text, strerror(errno));
            }
            jf_log(JF_LOG_WARNING,
                   "%s: the file system knows no locks (%s): see to it that nothing else writes %s",
                   lock->path.text, strerror(errno), path);
            return JF_OK;
        }
        if (is_in_place(lock)) {
            return JF_OK;
        }
        close(lock->file);
    }
}

/* For people only: that nothing can be written here is no reason not to go on. */
static void sign(const jf_lock *lock, const char *holder)
{
    char stamp[32], host[256] = "?";
    jf_string text = {0};

    jf_clock_stamp(stamp, sizeof stamp);
    (void)gethostname(host, sizeof host - 1);
    jf_string_add(&text, "process %ld on %s since %s (%.300s)\n", (long)getpid(), host, stamp,
                  holder);
    if (jf_string_check(&text) == JF_OK && ftruncate(lock->file, 0) == 0) {
        const ssize_t written = pwrite(lock->file, text.text, text.size, 0);
        (void)written;
    }
    jf_string_clear(&text);
}

jf_status jf_lock_take(const char *path, const char *holder, jf_lock **out)
{
    jf_lock *lock = calloc(1, sizeof *lock);

    *out = NULL;
    if (lock == NULL) {
        return jf_fail_memory("a lock");
    }
    lock->file = -1;
    jf_string_add(&lock->path, "%s.lock", path);
    jf_status status = jf_string_check(&lock->path);
    if (status == JF_OK) {
        status = take(lock, path);
    }
    if (status != JF_OK) {
        lock_free(&lock);
        return status;
    }
    sign(lock, holder);
    *out = lock;
    return JF_OK;
}

/* Removed while it is still locked: nobody else can have it, nor take it afterwards. */
void jf_lock_release(jf_lock **lock)
{
    if (*lock != NULL) {
        if (is_in_place(*lock)) {
            unlink((*lock)->path.text);
        }
        lock_free(lock);
    }
}

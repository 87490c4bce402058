/*
 * test_lock.c - one writer at a time: refused while another holds it, by name; free once it lets go
 * or is killed; and never two who both think that they have it.
 */
#include "../support/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/folder.h"
#include "jepaflow/results/lock.h"

typedef struct {
    char folder[FOLDER_SIZE], path[160], file[192];
} place;

static void open_place(place *p)
{
    folder_make(p->folder);
    snprintf(p->path, sizeof p->path, "%s/out.nc", p->folder);
    snprintf(p->file, sizeof p->file, "%s.lock", p->path);
}

/* A descriptor of its own is another holder, also within one process. */
static void a_second_one_is_refused_by_name(void **state)
{
    char expected[64];
    jf_lock *first, *second;
    place p;

    (void)state;
    open_place(&p);
    assert_ok(jf_lock_take(p.path, "jepaflow run in.yaml", &first));
    snprintf(expected, sizeof expected, "out.nc: is being written by process %ld on ",
             (long)getpid());
    assert_refused(jf_lock_take(p.path, "another", &second), JF_ERR_FILE, expected);
    assert_refused(jf_lock_take(p.path, "another", &second), JF_ERR_FILE, "(jepaflow run in.yaml)");
    assert_null(second);
    jf_lock_release(&first);
    assert_null(first);
    jf_lock_release(&first); /* NULL is accepted */
    assert_int_equal(access(p.file, F_OK), -1);
    assert_ok(jf_lock_take(p.path, "another", &second));
    jf_lock_release(&second);
    folder_remove_empty(p.folder);
}

/* What a killed process has left is no lock. */
static void a_killed_holder_holds_nothing(void **state)
{
    int ready[2], status;
    char byte;
    jf_lock *lock;
    place p;

    (void)state;
    open_place(&p);
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (jf_lock_take(p.path, "child", &lock) == JF_OK && write(ready[1], "x", 1) == 1) {
            pause();
        }
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_refused(jf_lock_take(p.path, "parent", &lock), JF_ERR_FILE, "(child)");
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(access(p.file, F_OK), 0);
    assert_ok(jf_lock_take(p.path, "parent", &lock));
    jf_lock_release(&lock);
    close(ready[0]);
    close(ready[1]);
    folder_remove_empty(p.folder);
}

/* Many take and let go at once; who has it writes alone. */
static void never_two_at_once(void **state)
{
    enum { PROCESSES = 4, TIMES = 60 };
    char alone[192];
    place p;

    (void)state;
    open_place(&p);
    snprintf(alone, sizeof alone, "%s/alone", p.folder);
    for (int k = 0; k < PROCESSES; k++) {
        if (fork() == 0) {
            int wrong = 0;
            hear(); /* refusals are no news here */
            for (int taken = 0; taken < TIMES;) {
                jf_lock *lock;
                if (jf_lock_take(p.path, "one of many", &lock) == JF_OK) {
                    const int file = open(alone, O_CREAT | O_EXCL | O_WRONLY, 0600);
                    wrong += file < 0;
                    close(file);
                    unlink(alone);
                    jf_lock_release(&lock);
                    taken++;
                }
            }
            _exit(wrong);
        }
    }
    for (int k = 0; k < PROCESSES; k++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    folder_remove_empty(p.folder);
}

static void where_nothing_can_be_made_it_says_so(void **state)
{
    jf_lock *lock;

    (void)state;
    assert_refused(jf_lock_take("/nowhere/out.nc", "x", &lock), JF_ERR_FILE,
                   "/nowhere/out.nc.lock: cannot create it: No such file");
    assert_null(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_one_is_refused_by_name),
        cmocka_unit_test(a_killed_holder_holds_nothing),
        cmocka_unit_test(never_two_at_once),
        cmocka_unit_test(where_nothing_can_be_made_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

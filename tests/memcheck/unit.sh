#!/bin/sh
# unit.sh PROGRAM - run a unit test under valgrind, for `make memcheck'; one TAP result: was
# memory used rightly? What the test says of its numbers is left to `make check', because valgrind computes long
# double in 64 bits; a test that ends early for that keeps what it holds, and only its wrong addresses count.
# shellcheck disable=SC2154 # VALGRIND and top_srcdir come from tests/environment.sh
set -u

under_valgrind() { # LEAKS ARG...: definite leaks are errors, or `no'
    leaks=$1
    shift
    "$VALGRIND" --quiet --error-exitcode=99 --leak-check="$leaks" --errors-for-leak-kinds=definite \
        --suppressions="$top_srcdir/tests/valgrind.supp" "$@" 2>&1
}

echo 1..1
status=0
output=$(under_valgrind full "$@") || status=$?
if [ "$status" = 99 ] && printf '%s\n' "$output" | grep -q '^not ok'; then
    status=0
    output=$(under_valgrind no "$@") || status=$?
fi
if [ "$status" -ge 99 ]; then # 99: findings of valgrind; more: ended by a signal
    printf '%s\n' "$output" | sed 's/^/# /'
    echo "not ok 1 - uses memory rightly (exit code $status)"
else
    echo "ok 1 - uses memory rightly"
fi

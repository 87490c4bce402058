#!/bin/sh
# memcheck.sh PROGRAM - run a unit test under valgrind, for `make memcheck'; one TAP result: was memory used
# rightly? What the test says of its numbers is left to `make check', because valgrind computes long double in 64 bits.
echo 1..1
status=0
output=$("$VALGRIND" --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
    --suppressions="$top_srcdir/tests/valgrind.supp" "$@" 2>&1) || status=$?
if [ "$status" -ge 99 ]; then # 99: findings of valgrind; more: ended by a signal
    printf '%s\n' "$output" | sed 's/^/# /'
    echo "not ok 1 - uses memory rightly (exit code $status)"
else
    echo "ok 1 - uses memory rightly"
fi

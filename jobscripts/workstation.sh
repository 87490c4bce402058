#!/usr/bin/env bash
#
# One sweep on all cores of this machine:
#
#     workstation.sh INPUT.yaml OUT.nc [options of jepaflow run]
#
# Exit code 75: it was stopped (control-C, or --walltime) before all points were done. The same line goes on
# from there.

set -eu
if [ $# -lt 2 ]; then
    echo "usage: $0 INPUT.yaml OUT.nc [options of jepaflow run]" >&2
    exit 2
fi
input=$1
output=$2
shift 2

# One rank a physical core: a core's second hardware thread adds nothing to products of matrices. Never more
# than we are allowed to use (nproc).
cores=$(lscpu --parse=CORE,SOCKET | grep -v '^#' | sort -u | wc -l)
allowed=$(nproc)
if [ "$cores" -gt "$allowed" ]; then
    cores=$allowed
fi

# One thread a rank.
export OMP_NUM_THREADS=1
export BLIS_NUM_THREADS=1

exec mpirun -n "$cores" --map-by core --bind-to core \
    "${JEPAFLOW:-jepaflow}" run "$input" -o "$output" "$@"

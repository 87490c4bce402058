#!/usr/bin/env bash
#
# One sweep under Slurm:
#
#     sbatch --ntasks=64 --time=04:00:00 slurm.sh INPUT.yaml OUT.nc [options of jepaflow run]
#
# Exit code 75: the time was up before all points were done. Submit the same line again; the finished points
# stay, and so does a long one that was under way.
#
#SBATCH --job-name=jepaflow
#SBATCH --output=jepaflow-%j.out
#SBATCH --ntasks=4
#SBATCH --cpus-per-task=1
#SBATCH --hint=nomultithread
#SBATCH --time=01:00:00
# Two minutes before the end, tell this script (B:), not the ranks: only this form reaches them everywhere.
#SBATCH --signal=B:USR1@120

set -u
if [ $# -lt 2 ]; then
    echo "usage: sbatch $0 INPUT.yaml OUT.nc [options of jepaflow run]" >&2
    exit 2
fi
input=$1
output=$2
shift 2

# One rank a core, one thread a rank.
export OMP_NUM_THREADS=1
export BLIS_NUM_THREADS=1

# mpirun goes to the background, because bash runs a trap only between commands or in `wait'. (With srun the
# line is: srun --mpi=pmix "${JEPAFLOW:-jepaflow}" run ...)
pid=
trap '[ -z "$pid" ] || kill -USR1 "$pid"' USR1
mpirun -n "$SLURM_NTASKS" "${JEPAFLOW:-jepaflow}" run "$input" -o "$output" "$@" &
pid=$!

# The signal ends the first wait; the second one waits for the ranks to put their work away.
wait "$pid"
status=$?
if [ "$status" -gt 128 ]; then
    wait "$pid"
    status=$?
fi

# To go on without being asked, take the # away:
# if [ "$status" = 75 ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$status"

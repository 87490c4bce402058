#!/usr/bin/env bash
#
# One sweep under Slurm, in one job that requeues itself until all points are done:
#
#     sbatch slurm.sh INPUT.yaml OUT.nc [options of jepaflow run, but not --fresh]
#
# Exit code: as jepaflow's; 75 where the job was cancelled, or got nowhere. The same line goes on from there.
#
#SBATCH --ntasks=4
#SBATCH --time=04:00:00
#SBATCH --job-name=jepaflow
#SBATCH --output=jepaflow-%j.out
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --cpus-per-task=1
#SBATCH --hint=nomultithread
# A minute before the end, tell this script (B:), not the ranks: only this form reaches them everywhere.
#SBATCH --signal=B:USR1@60

set -u
input=${1:?usage: sbatch slurm.sh INPUT.yaml OUT.nc [options]}
output=${2:?usage: sbatch slurm.sh INPUT.yaml OUT.nc [options]}
shift 2
case " $* " in *" --fresh "*) echo "slurm.sh: --fresh would begin anew each time; remove $output" >&2 && exit 2 ;; esac

# What a run that gets somewhere changes: the dataset, or a point that was saved on its way.
progress() { stat -c '%n %y' "$output" "$output".points/[0-9]* 2>/dev/null; }
before=$(progress)

# One thread a rank. mpirun goes to the background: bash runs a trap only between commands or in `wait'.
export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1
cancelled=no
mpirun -n "$SLURM_NTASKS" "${JEPAFLOW:-jepaflow}" run "$input" -o "$output" "$@" &
pid=$!
trap 'kill -USR1 "$pid"' USR1
trap 'cancelled=yes; kill -USR1 "$pid"' TERM

# Each signal ends a `wait'; the next one waits for the ranks to put their work away.
wait "$pid" && status=0 || status=$?
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" && status=0 || status=$?
done
if [ "$status" = 75 ] && [ "$cancelled" = no ]; then
    if [ "$(progress)" = "$before" ]; then
        echo "slurm.sh: no point was done or saved in this job: not submitted again" >&2
    else
        scontrol requeue "$SLURM_JOB_ID"
    fi
fi
exit "$status"

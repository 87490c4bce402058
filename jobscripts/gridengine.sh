#!/usr/bin/env bash
#
# One sweep under Grid Engine, in one job that is queued again until all points are done:
#
#     qsub gridengine.sh INPUT.yaml OUT.nc [options of jepaflow run, but not --fresh]
#
# Exit code: as jepaflow's, and 99, by which Grid Engine queues the job again. The same line goes on from there.
#
#$ -pe mpi 4
#$ -l h_rt=04:00:00
#$ -N jepaflow
#$ -cwd
#$ -j y
#$ -r y
#$ -S /bin/bash
# Before it kills a job that is deleted, it is to send SIGUSR2.
#$ -notify

set -u
input=${1:?usage: qsub gridengine.sh INPUT.yaml OUT.nc [options]}
output=${2:?usage: qsub gridengine.sh INPUT.yaml OUT.nc [options]}
shift 2
case " $* " in *" --fresh "*) echo "gridengine.sh: --fresh would begin anew each time; remove $output" >&2 && exit 2 ;; esac

# What a run that gets somewhere changes: the dataset, or a point that was saved on its way.
progress() { stat -c '%n %y' "$output" "$output".points/[0-9]* 2>/dev/null; }
before=$(progress)

# Grid Engine tells a job its time limit by no variable, and its end by no signal: jepaflow looks at the clock.
limit=$(qstat -j "$JOB_ID" 2>/dev/null | sed -nE 's/^hard resource_list:.*h_rt=([0-9]+).*/\1/p')
case " $* " in
    *" --walltime"*) ;;
    *) [ -z "$limit" ] || set -- "$@" --walltime "$((limit - SECONDS - (limit > 300 ? 30 : limit / 10)))" ;;
esac

# One thread a rank. mpirun goes to the background: bash runs a trap only between commands or in `wait'.
export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1
deleted=no
mpirun -n "$NSLOTS" "${JEPAFLOW:-jepaflow}" run "$input" -o "$output" "$@" &
pid=$!
trap 'kill -USR1 "$pid"' USR1
trap 'deleted=yes; kill -USR1 "$pid"' USR2 TERM
wait "$pid" && status=0 || status=$?
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" && status=0 || status=$?
done
if [ "$status" = 75 ] && [ "$deleted" = no ]; then
    if [ "$(progress)" = "$before" ]; then
        echo "gridengine.sh: no point was done or saved in this job: not queued again" >&2
    else
        exit 99
    fi
fi
exit "$status"

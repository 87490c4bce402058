#!/usr/bin/env bash
#
# One sweep under PBS or Torque, in jobs that submit the next one until all points are done:
#
#     qsub pbs.sh
#
# Edit the resources (the walltime twice) and the names. Exit code: as jepaflow's; 75 where the job was deleted,
# or got nowhere. The same line goes on from there.
#
#PBS -l nodes=1:ppn=4
#PBS -l walltime=04:00:00
#PBS -N jepaflow
#PBS -j oe
walltime=04:00:00
input=study.yaml
output=study.nc

set -u
cd "${PBS_O_WORKDIR:?submit this script with qsub}" || exit 3

# What a run that gets somewhere changes: the dataset, or a point that was saved on its way.
progress() { stat -c '%n %y' "$output" "$output".points/[0-9]* 2>/dev/null; }
before=$(progress)

# Stop half a minute before the end: of what the scheduler says of a limit, ranks learn nothing in time.
IFS=: read -r hours minutes seconds <<<"$walltime"
left=$((10#$hours * 3600 + 10#$minutes * 60 + 10#$seconds - SECONDS - 30))

# One thread a rank. mpirun goes to the background: bash runs a trap only between commands or in `wait'.
export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1
deleted=no
mpirun -n "$(wc -l <"$PBS_NODEFILE")" "${JEPAFLOW:-jepaflow}" run "$input" -o "$output" --walltime "$left" &
pid=$!
trap 'deleted=yes; kill -USR1 "$pid"' TERM
wait "$pid" && status=0 || status=$?
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" && status=0 || status=$?
done
if [ "$status" = 75 ] && [ "$deleted" = no ]; then
    if [ "$(progress)" = "$before" ]; then
        echo "pbs.sh: no point was done or saved in this job: not submitted again" >&2
    else
        qsub "$0" # PBS's own copy of this script, which it copies once more
    fi
fi
exit "$status"

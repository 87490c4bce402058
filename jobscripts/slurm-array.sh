#!/usr/bin/env bash
#
# One sweep under Slurm as an array of small jobs, without MPI, and a job that merges their datasets:
#
#     slurm-array.sh INPUT.yaml OUT.nc SHARDS [options of jepaflow run, but not --fresh]
#
# submits both. Each shard requeues itself until its points are done. The same line goes on from there.
#
#SBATCH --ntasks=1
#SBATCH --time=04:00:00
#SBATCH --job-name=jepaflow
#SBATCH --output=jepaflow-%A-%a.out
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@60

set -u
input=${1:?usage: slurm-array.sh INPUT.yaml OUT.nc SHARDS [options]}
output=${2:?usage: slurm-array.sh INPUT.yaml OUT.nc SHARDS [options]}
shards=${3:?usage: slurm-array.sh INPUT.yaml OUT.nc SHARDS [options]}
case " $* " in *" --fresh "*) echo "slurm-array.sh: --fresh would begin anew each time; remove the datasets" >&2 && exit 2 ;; esac
shard() { echo "${output%.nc}.$1-of-$shards.nc"; }

if [ -z "${SLURM_JOB_ID-}" ]; then # at the prompt
    array=$(sbatch --parsable --array="1-$shards" "$0" "$@") || exit
    echo "array $array, merged by $(sbatch --parsable --dependency="afterany:$array" "$0" "$@")"
    exit
fi
if [ -z "${SLURM_ARRAY_TASK_ID-}" ]; then # the merge
    parts=()
    for ((i = 1; i <= shards; i++)); do parts+=("$(shard "$i")"); done
    [ ! -e "$output" ] || parts+=("$output") # of an earlier merge, whose points are kept
    exec "${JEPAFLOW:-jepaflow}" merge "${parts[@]}" -o "$output" --fresh
fi
shift 3

part=$(shard "$SLURM_ARRAY_TASK_ID")
progress() { stat -c '%n %y' "$part" "$part".points/[0-9]* 2>/dev/null; }
before=$(progress)

export OMP_NUM_THREADS=1 BLIS_NUM_THREADS=1
cancelled=no
"${JEPAFLOW:-jepaflow}" run "$input" --shard "$SLURM_ARRAY_TASK_ID/$shards" -o "$part" "$@" &
pid=$!
trap 'kill -USR1 "$pid"' USR1
trap 'cancelled=yes; kill -USR1 "$pid"' TERM
wait "$pid" && status=0 || status=$?
while kill -0 "$pid" 2>/dev/null; do
    wait "$pid" && status=0 || status=$?
done
if [ "$status" = 75 ] && [ "$cancelled" = no ]; then
    if [ "$(progress)" = "$before" ]; then
        echo "slurm-array.sh: no point was done or saved in this job: not submitted again" >&2
    else
        # One task has the number of the whole array as its SLURM_JOB_ID: by that all would begin again.
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    fi
fi
exit "$status"

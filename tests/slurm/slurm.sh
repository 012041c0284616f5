# Sourced by tests/slurm/*.sh: nights as jobs of the cluster that tests/slurm/cluster has started. Beside what
# tests/support/night.sh names, CTest sets
#   PATIENCE   patience.c, built     CASE   the test's own name, of which its folder is made
. tests/support/night.sh
environment=/run/nightmail-cluster-${CLUSTER_NUMBER:-0}/environment
if [ ! -e "$environment" ]; then
  echo "skipped: there is no cluster here"
  exit 77
fi
# What CTest says to mpirun is for the ranks of one machine.
unset OMPI_MCA_rmaps_base_oversubscribe PRTE_MCA_rmaps_default_mapping_policy OMPI_MCA_odls_base_sigkill_timeout
# shellcheck disable=SC1090
. "$environment"
here=$WORK/slurm.$CASE
rm -rf "$here"
mkdir -p "$here"
program=$NIGHTMAIL
jobs=()
declare -A job_of # by run folder, the last one submitted
LONGEST=400 # seconds that anything may take; only what hangs does

# Where a job is held in a stage: when this is to be renamed into place. In phases that save, it is the second time.
declare -A hold_at=([ingest]=work/ingest/items.nmt [profile]=work/profile/words.nmt
  [factorise]=work/factorise/ranking-course-0/CHECKPOINT.json [train]=work/train/writer-0/CHECKPOINT.json
  [decide]=work/decide/DONE.json [generate]=work/generate/proposals-00001-of [shards]=messages-00001-of
  [report]=report.html)
STAGES="ingest profile factorise train decide generate shards report"

leave() {
  local code=$? node
  trap - EXIT
  if [ $code != 0 ] && [ $code != 77 ]; then explain >&2 || true; fi
  [ ${#jobs[@]} -eq 0 ] || scancel "${jobs[@]}" 2>/dev/null || true
  touch "$here/gate"
  for node in nm1 nm2 nm3 nm4; do tests/slurm/cluster node start $node || true; done
  wait_for "all nodes to be free" no_node_is_busy || code=1
  exit $code
}
trap leave EXIT

# What somebody needs who was not there.
explain() {
  local id log
  echo "--- nodes and jobs"
  tests/slurm/cluster status || true
  for id in ${jobs[@]+"${jobs[@]}"}; do
    scontrol -o show job "$id" 2>/dev/null | tr ' ' '\n' |
      grep -E '^(JobId|JobName|JobState|Reason|Restarts|ExitCode|NodeList|StartTime|EndTime|TimeLimit)=' | paste -sd ' '
  done
  for log in "$here"/*.log; do
    [ -e "$log" ] || continue
    echo "--- $log"
    tail -n 25 "$log"
  done
  echo "--- slurmctld"
  grep -vE 'debug|Could not open .*state file|NOTE: Trying backup' "$CLUSTER_DIR/log/slurmctld.log" | tail -n 40
}

# wait_for WHAT COMMAND...: until the command succeeds.
wait_for() {
  local what=$1 end=$((SECONDS + LONGEST))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "waited $LONGEST s in vain for $what"
    sleep 0.2
  done
}

no_node_is_busy() { ! sinfo -h -N -p main -o %T | grep -qvx idle; }

# remember RUN ID: the job that `id` names now.
remember() {
  id=$2
  [[ $id =~ ^[0-9]+$ ]] || fail "no job was submitted for $1: $id"
  jobs+=("$id")
  job_of[$1]=$id
}

# submit RUN [words of slurm/submit]: one night in that run folder; its job's id goes to `id` and `job_of`, its log to
# RUN.log.
submit() {
  local run=$1 said
  shift
  said=$(slurm/submit "${JOB:-tests/data/tiny.yaml}" --logs="$here" --output="$run.log" --time=20 "$@" -- \
    --run-dir "$run") || fail "slurm/submit ended with $?: $said"
  remember "$run" "$(sed -n 's/^job *\([0-9]*\).*/\1/p' <<<"$said")"
}

# crowd RUN [words of sbatch]: the same by hand, and at once, on two nodes of the queue where jobs share CPUs; every step
# is saved.
crowd() {
  local run=$1
  shift
  remember "$run" "$(sbatch --parsable --partition=crowd --nodes=2 --ntasks=2 --ntasks-per-node=1 --time=20 \
    --output="$run.log" "$@" slurm/nightly.sbatch "${JOB:-tests/data/tiny.yaml}" --run-dir "$run" \
    --set layout.checkpoint_seconds=0)"
}

# hold STAGE: the next jobs wait in that stage until there is a file `gate`. Ranks that wait for others sleep, so that
# many jobs can.
hold() {
  cat >"$here/held.$1" <<END
#!/bin/sh
export LD_PRELOAD="$PATIENCE $SHIM" SHIM_WAIT=${hold_at[$1]} SHIM_GATE=$here/gate
exec $program "\$@"
END
  chmod +x "$here/held.$1"
  export NIGHTMAIL=$here/held.$1
}

# is_held STAGE RUN: its ranks are at the gate, or on their last steps there.
is_held() {
  has_not_failed "${job_of[$2]}"
  [ -n "$(find "$2" -path "*${hold_at[$1]}*.tmp" 2>/dev/null)" ]
}

# of JOB FIELD: what Slurm says of a job.
of() { scontrol -o show job "$1" | grep -o " $2=[^ ]*" | cut -d= -f2 | head -n 1; }

is_in_state() { [[ "$(of "$1" JobState)" =~ ^($2)$ ]]; }

has_not_failed() {
  ! is_in_state "$1" 'FAILED|CANCELLED|TIMEOUT|OUT_OF_MEMORY' ||
    fail "job $1 ended as $(of "$1" JobState), $(of "$1" Reason), $(of "$1" ExitCode)"
}

has_ended_well() {
  has_not_failed "$1"
  is_in_state "$1" COMPLETED
}

# give_minutes JOB MINUTES: from now on until its time limit; one more at most.
give_minutes() {
  local run=0 start
  if is_in_state "$1" RUNNING; then
    start=$(date -d "$(of "$1" StartTime)" +%s)
    run=$((($(date +%s) - start) / 60 + 1))
  fi
  scontrol update jobid="$1" timelimit=$((run + $2))
}

# whole RUN: the bytes are those of an undisturbed night, all accounts hold, little was lost, and nothing lies about.
whole() {
  "$program" verify "$1" >"$here/verify" 2>&1 || fail "verify: $(cat "$here/verify")"
  same_bytes "$WORK/np1" "$1"
  python3 tests/slurm/lost.py "$1/log.jsonl" || fail "more was lost than may be"
  ! find "$1" -name '*.tmp' -o -name CHECKPOINT.json | grep . || fail "files are left over in $1"
}

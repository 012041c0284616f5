# Sourced by tests/fault/everywhere*.sh: a night smaller than the tiny one, which one process makes in a fraction of a
# second, and what must hold after something went wrong in it. SMALL holds the platform, the nights as they should be and
# the runs to begin from; prepare.sh makes it.
. tests/support/night.sh
SMALL=$WORK/small
export TINY=$SMALL/platform

# Files are flushed often here, which costs nothing in memory; what goes wrong with them is the shim's doing. Open MPI
# keeps files of its own in TMPDIR, and one process needs no daemon and no network.
base=/dev/shm
[ -w $base ] || base=${TMPDIR:-/tmp}
here=$(mktemp -d "$base/nightmail-XXXXXX")
trap 'rm -rf "$here"' EXIT
mkdir "$here/tmp"
export TMPDIR=$here/tmp
alone=(env OMPI_MCA_ess_singleton_isolated=1 OMPI_MCA_btl=self OMPI_MCA_pml=ob1 OMPI_MCA_mtl=^ofi OMPI_MCA_osc=^ucx)
job=(tests/data/tiny.yaml --quiet --set partitions.users=2 --set partitions.items=2 --set "inputs.copy.paths=$SMALL/copy.csv"
  --set writer.vocabulary=512 --set writer.epochs=2 --set writer.embedding=8 --set writer.hidden=8 --set gan.batch=4
  --set gan.discriminator_steps=1 --set generate.candidates=1 --set layout.checkpoint_seconds=0)
plain=(--set gan.rounds=0)

# small RUN [options]: the night in one process, behind WRAPPER. Two minutes are for what hangs.
small() {
  local run=$1
  shift
  timeout --signal=KILL 120 "${alone[@]}" ${WRAPPER:-} "$NIGHTMAIL" run "${job[@]}" --run-dir "$run" "$@"
}

# begin STATE: the run $run becomes a copy of the run STATE of SMALL.
begin() {
  rm -rf "$run"
  cp -r "$SMALL/$1" "$run"
}

# choose COUNT MOST: sets STRIDE so that at most MOST of COUNT calls are tried, or all with FAULTS_ALL=1. It is odd: files
# are written by an even number of calls, and every kind of call shall have its turn.
choose() {
  STRIDE=1
  [ "${FAULTS_ALL:-0}" = 1 ] || STRIDE=$((($1 + $2 - 1) / $2 / 2 * 2 + 1))
}

# is_same RUN RUN: like same_bytes, as a question.
is_same() { (same_bytes "$1" "$2") >/dev/null 2>&1; }

# is_right RUN WANTED...: verify refuses the run, or its bytes are those of a night WANTED.
is_right() {
  local run=$1 wanted
  "$NIGHTMAIL" verify "$run" >"$here/verified" 2>&1 || return 0
  for wanted in "${@:2}"; do ! is_same "$run" "$wanted" || return 0; done
  return 1
}

# must_be RUN WANTED: the night is whole, and the one wanted, and nothing half done lies around.
must_be() {
  "$NIGHTMAIL" verify "$1" >"$here/verified" 2>&1 || fail "$at: verify refuses the night: $(cat "$here/verified")"
  same_bytes "$1" "$2"
  [ -z "$(find "$1" -name '*.tmp')" ] || fail "$at: left behind: $(find "$1" -name '*.tmp')"
}

# under RUN HOW [STAYS]: sets WRAPPER for faults below RUN. SHIM_AT is exported by whoever wants one.
under() {
  WRAPPER="$PRELOAD SHIM_UNDER=$1 SHIM_HOW=$2 SHIM_COUNT=$here/count"
  [ -z "${3:-}" ] || WRAPPER+=" SHIM_STAYS=1"
}

# ended CODE SAID HOW: how a start may end in which something went wrong; must_be says the rest of one that ended well.
ended() {
  local code=$1 said=$2 how=$3
  [ "$code" != 0 ] || return 0
  case $how in
    kill | half) [ "$code" = 137 ] || fail "$at: exit code $code of a rank that was killed: $(cat "$said")" ;;
    full | error)
      [ "$code" = 74 ] || fail "$at: exit code $code instead of 74: $(cat "$said")"
      # Besides, each checkpoint that could not be read has been passed over with a line.
      [ "$(grep '^nightmail:' "$said" | grep -cvE '; (going on from the other checkpoint|the next checkpoint takes its place|the writer is asked again)$')" = 1 ] || fail "$at: not one line of ours: $(cat "$said")" ;;
    *) fail "$at: exit code $code: $(cat "$said")" ;;
  esac
}

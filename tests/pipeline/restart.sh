#!/usr/bin/env bash
# A rank is killed just before each stage commits; every next start goes on after the last finished stage, and the bytes
# in the end are those of an undisturbed night.
. tests/support/night.sh
ranks=$1
run=$WORK/restart$ranks
rm -rf "$run"
for stage in ingest profile factorise train decide generate report; do
  # Rank 0 commits the stages; where others write too, the last rank dies instead.
  victim=0 place=work/$stage/DONE.json
  case $stage in
    profile | decide) victim=$((ranks - 1)) place=work/$stage/ ;;
    generate) victim=$((ranks - 1)) place=/messages- ;;
  esac
  started=$SECONDS
  code=0
  WRAPPER="$PRELOAD SHIM_KILL=$place SHIM_RANK=$victim" night "$ranks" "$run" >"$WORK/said" 2>&1 || code=$?
  [ "$code" -ne 0 ] || fail "$stage: a rank was killed, and the night ended with 0"
  [ $((SECONDS - started)) -lt 60 ] || fail "$stage: the job outlived its killed rank"
  ! "$NIGHTMAIL" verify "$run" 2>/dev/null || [ "$stage" = report ] || fail "$stage: verify accepts half a night"
done
night "$ranks" "$run"
"$NIGHTMAIL" verify "$run"
same_bytes "$run" "$WORK/np1"
for stage in ingest profile factorise train decide generate; do
  starts=$(grep -c "\"stage\": *\"$stage\", *\"event\": *\"start\"" "$run/log.jsonl")
  [ "$starts" = 2 ] || fail "$stage was started $starts times, not once before and once after the kill"
done

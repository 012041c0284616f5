#!/usr/bin/env bash
# resume.sh CASE: a night that is cut short inside a stage goes on where it was, on another number of ranks too, and its
# bytes are those of an undisturbed night.
. tests/support/night.sh
case=$1
here=$WORK/resume.$case
run=$here/run
gate=$here/gate
every=(--set layout.checkpoint_seconds=0)
rm -rf "$here"
mkdir -p "$here"

# A finished night of which the stages from $1 on are gone.
begin_at() {
  local stage gone=
  rm -rf "$run"
  cp -r "$WORK/np1" "$run"
  rm -r "$run"/messages-* "$run"/MANIFEST.json "$run"/report.html "$run"/log.jsonl
  for stage in ingest profile factorise train decide generate report; do
    [ "$stage" != "$1" ] || gone=yes
    [ -z "$gone" ] || rm -r "$run/work/$stage"
  done
}

# How many events called $2 of stage $1 the log holds whose line has $3 in it.
events() { grep "\"stage\": *\"$1\", *\"event\": *\"$2\"" "$run/log.jsonl" | grep -cE "${3:-.}" || true; }

resumed() { [ "$(events "$1" resumed "\"phase\": *\"$2\".*\"step\": *[1-9]")" -gt 0 ] || fail "$1 did not go on in $2"; }

# finish RANKS [options]: the night ends well, with the bytes of an undisturbed one.
finish() {
  local ranks=$1
  shift
  night "$ranks" "$run" "$@" >"$here/said" 2>&1 || fail "the restart ended with $?: $(cat "$here/said")"
  "$NIGHTMAIL" verify "$run" >/dev/null
  same_bytes "$run" "$WORK/np1"
  [ -z "$(find "$run/work" -name CHECKPOINT.json -o -name 'proposals*')" ] || fail "checkpoints outlive their stage"
}

# dies RANKS [options]: a rank is killed where SHIM_… in $WRAPPER says.
dies() {
  local ranks=$1 code=0
  shift
  night "$ranks" "$run" "${every[@]}" "$@" >"$here/said" 2>&1 || code=$?
  [ "$code" -ne 0 ] && [ "$code" -ne 75 ] || fail "a rank was killed, and the job ended with $code"
}

# The ranks of this run, never their launcher.
ranks_at_work() {
  local process command
  for process in /proc/[0-9]*; do
    { command=$(tr '\0' ' ' <"$process/cmdline"); } 2>/dev/null || continue
    [[ $command != "$NIGHTMAIL run "*"--run-dir $run "* ]] || echo "${process#/proc/}"
  done
}

# stopped RANKS SIGNAL FILE: rank 0 is held just before it renames to FILE; then the job is asked to stop.
stopped() {
  local ranks=$1 signal=$2 file=$3 code=0 job
  rm -f "$gate"
  WRAPPER="$PRELOAD SHIM_WAIT=$file SHIM_GATE=$gate SHIM_RANK=0"
  AS=exec night "$ranks" "$run" "${every[@]}" >"$here/said" 2>&1 &
  job=$!
  for ((i = 0; i < 2400; i++)); do
    [ ! -e "$run/$file.tmp" ] || break
    kill -0 $job 2>/dev/null || fail "the job ended before it wrote $file: $(cat "$here/said")"
    sleep 0.05
  done
  if [ "$signal" = USR1 ]; then
    # To the launcher, which passes it on to its ranks: the child of timeout.
    kill -USR1 "$(tr -d ' ' <"/proc/$job/task/$job/children")"
  else
    ranks_at_work | xargs kill -TERM
  fi
  sleep 0.5
  touch "$gate"
  wait $job || code=$?
  unset WRAPPER
  [ "$code" = 75 ] || fail "asked to stop at $file, the job ended with $code: $(cat "$here/said")"
  [ "$(grep -c '^nightmail:' "$here/said")" = 1 ] || fail "not one line of ours: $(cat "$here/said")"
  grep '^nightmail:' "$here/said" | grep -q "SIG$signal" || fail "no word of SIG$signal: $(cat "$here/said")"
  ! "$NIGHTMAIL" verify "$run" >/dev/null 2>&1 || fail "verify accepts half a night"
}

# damage FILE: one bit.
damage() {
  local at byte
  at=$(($(stat -c %s "$1") / 2))
  byte=$(od -An -tu1 -j "$at" -N 1 "$1")
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

case $case in
  stop)
    # Each long stage, with another number of ranks each time.
    begin_at factorise
    stopped 4 USR1 work/factorise/ranking-course-1/CHECKPOINT.json
    stopped 3 USR1 work/train/writer-1/CHECKPOINT.json
    resumed factorise ranking-course
    stopped 2 USR1 work/train/adversarial-1/CHECKPOINT.json
    resumed train writer
    stopped 3 TERM work/generate/proposals-00000-of-00008.nmt
    finish 1
    [ "$(events generate resumed '"partitions": *[1-9]')" -gt 0 ] || fail "generate asked the writer for everything again"
    ;;
  kill)
    # In a checkpoint's own writes, of either generation and of each kind of file, and each time in the first writes after
    # a recovery: nothing is lost that was whole.
    begin_at factorise
    WRAPPER="$PRELOAD SHIM_KILL=work/factorise/ranking-course-0/CHECKPOINT.json SHIM_RANK=0" dies 4
    WRAPPER="$PRELOAD SHIM_KILL=work/factorise/ranking-course-1/part- SHIM_RANK=2" dies 3
    WRAPPER="$PRELOAD SHIM_UNDER=$run/work/factorise/ranking-course-1 SHIM_HOW=kill SHIM_AT=1 SHIM_RANK=0" dies 3
    WRAPPER="$PRELOAD SHIM_KILL=work/factorise/ranking-1/CHECKPOINT.json SHIM_RANK=0" dies 2
    [ "$(events factorise resumed '"step": *2')" = 2 ] || fail "the second generation was lost in the writes of the third"
    WRAPPER="$PRELOAD SHIM_KILL=work/train/writer-0/shared.nmt SHIM_RANK=0" dies 4
    WRAPPER="$PRELOAD SHIM_KILL=work/train/discriminator-1/CHECKPOINT.json SHIM_RANK=0" dies 2
    resumed train writer
    WRAPPER="$PRELOAD SHIM_KILL=work/train/gate-0/CHECKPOINT.json SHIM_RANK=0" dies 3
    WRAPPER="$PRELOAD SHIM_KILL=work/generate/proposals-00005-of-00008.nmt" dies 3
    resumed train gate
    finish 2
    ;;
  damaged)
    begin_at train
    WRAPPER="$PRELOAD SHIM_KILL=work/train/adversarial-0/shared.nmt SHIM_RANK=0" dies 2
    cp -r "$run" "$here/before"
    # Newest and older generation of the writer.
    new=$run/work/train/writer-0 old=$run/work/train/writer-1
    [ "$old/CHECKPOINT.json" -ot "$new/CHECKPOINT.json" ] || { new=$old old=$run/work/train/writer-0; }
    damage "$new/shared.nmt"
    finish 3
    [ "$(grep -c '^nightmail:' "$here/said")" = 1 ] || fail "not one line of ours: $(cat "$here/said")"
    grep -q "^nightmail: bad data: $new/shared.nmt" "$here/said" || fail "the damage is not named: $(cat "$here/said")"
    [ "$(events train checkpoint_damaged)" = 1 ] || fail "the log does not tell of the damage"
    # Neither is good: refused, in every further start, until the stage is asked for by name.
    rm -r "$run"
    cp -r "$here/before" "$run"
    damage "$new/shared.nmt"
    rm "$old/shared.nmt"
    for attempt in 1 2; do
      code=0
      night 2 "$run" >"$here/said" 2>&1 || code=$?
      [ "$code" = 65 ] || fail "attempt $attempt: with nothing good it ended with $code: $(cat "$here/said")"
      grep '^nightmail:' "$here/said" | grep -q -- '--from train' || fail "no way out is named: $(cat "$here/said")"
    done
    finish 2 --from train
    ;;
esac

#!/usr/bin/env bash
# Settings and files that change between two starts in one folder: just the stages run again that depend on them, and
# what is left of the earlier layout goes.
. tests/support/night.sh
run=$WORK/changed
rm -rf "$run"
cp -a "$WORK/np1" "$run"

# stages [options]: the stages that a start with these options runs, in order.
stages() {
  local before
  before=$(wc -l <"$run/log.jsonl")
  night 2 "$run" "$@" >"$WORK/changed.said" 2>&1 || fail "$*: $(cat "$WORK/changed.said")"
  tail -n "+$((before + 1))" "$run/log.jsonl" |
    sed -nE '/"stage": *"run"/d; s/.*"stage": *"([a-z]+)", *"event": *"start".*/\1/p' | tr '\n' ' '
}
expect() {
  local wanted=$1 got
  shift
  got=$(stages "$@")
  [ "$got" = "$wanted" ] || fail "$*: '$got' was run, not '$wanted'"
}

expect "" --set layout.event_cost=2 --set layout.user_cost=3
code=0
night 2 "$run" --from generate --to ingest >"$WORK/changed.said" 2>&1 || code=$?
[ "$code" = 64 ] || fail "--from generate --to ingest ended with $code: $(cat "$WORK/changed.said")"
expect "generate report " --set night=2024-05-01
rm "$run/messages-00002-of-00008.pb.zst"
expect "generate report " --set night=2024-05-01
echo torn >"$run/work/decide/DONE.json"
expect "decide generate report " --set night=2024-05-01
expect "train decide generate report " --set night=2024-05-01 --set "money=%€"

expect "decide " --set decide.holdout_share=0.5 --set "money=%€" --to decide
! "$NIGHTMAIL" verify "$run" 2>/dev/null || fail "verify accepts messages that other decisions were made for"
[ ! -e "$run/report.html" ] || fail "the report of an older night stays"
: >"$run/messages-00003-of-00008.pb.zst.tmp"
: >"$run/work/ingest/users-00003-of-00008.nmt.tmp"
expect "ingest profile factorise train decide generate report " --set partitions.users=4
"$NIGHTMAIL" verify "$run"
left=$(find "$run" -name '*-of-00008.*' -o -name '*.tmp')
[ -z "$left" ] || fail "of the earlier layout there is still $left"

# A night that begins with an earlier one's items depends on what that one was made of.
rm -rf "$WORK/earlier"
cp -a "$WORK/np1" "$WORK/earlier"
expect "factorise " --set partitions.users=4 --set als.warm_start="$WORK/earlier" --to factorise
expect "" --set partitions.users=4 --set als.warm_start="$WORK/earlier" --to factorise
night 2 "$WORK/earlier" --set als.regularisation=0.02 --to factorise >"$WORK/changed.said" 2>&1 || fail "$(cat "$WORK/changed.said")"
expect "factorise " --set partitions.users=4 --set als.warm_start="$WORK/earlier" --to factorise
expect "factorise " --set partitions.users=4 --set als.warm_start="$WORK/earlier" --set als.warm_sweeps=0 --to factorise
grep '"event": "warm_start"' "$run/log.jsonl" | tail -n 1 | grep -q '"sweeps": 0' || fail "items did not stay as they were"

#!/usr/bin/env bash
# What plan says of the tiny night, against what that night has taken: rows and users to the last one, memory loosely
# (the process is nearly all of it). Times are for tests/plan/compare, on a quiet machine.
. tests/support/night.sh
"$NIGHTMAIL" plan tests/data/tiny.yaml --ranks 1 --json >"$WORK/plan.json"
# A sanitizer's own memory is no part of the plan.
memory=checked
! grep -q __asan_init "$NIGHTMAIL" || memory=ignored
python3 - "$WORK" "$memory" <<'END'
import json, sys

work, memory = sys.argv[1:]
plan = json.load(open(f"{work}/plan.json"))
done = {s: json.load(open(f"{work}/np1/work/{s}/DONE.json")) for s in ("ingest", "factorise", "train", "generate")}
numbers, counted = plan["numbers"], done["ingest"]["numbers"]
assert numbers["rows"] == counted["rows_read"], (numbers, counted)
assert numbers["users"] == counted["users"] and numbers["items"] == counted["items"], (numbers, counted)
assert abs(numbers["events"] - counted["events"]) <= 0.02 * counted["events"], (numbers, counted)
assert abs(numbers["pairs"] - counted["interactions"]) <= 0.03 * counted["interactions"], (numbers, counted)
for stage in plan["stages"]:
    if memory == "ignored" or stage["stage"] not in done:
        continue
    planned, peak = stage["peak_bytes"], done[stage["stage"]]["peak_bytes"]
    assert peak / 2 < planned < 2 * peak, (stage["stage"], planned, peak)
END
"$NIGHTMAIL" plan tests/data/tiny.yaml --sizes >"$WORK/plan.sizes"
[ "$(cut -d' ' -f1 "$WORK/plan.sizes" | paste -sd' ')" = "night ingest profile factorise train decide generate report" ] ||
  fail "plan --sizes says: $(cat "$WORK/plan.sizes")"
! grep -vqE '^[a-z]+( [1-9][0-9]*){4}$' "$WORK/plan.sizes" || fail "plan --sizes says: $(cat "$WORK/plan.sizes")"
code=0
"$NIGHTMAIL" plan tests/data/tiny.yaml --set layout.node_memory=0.001 >"$WORK/said" 2>&1 || code=$?
[ "$code" = 78 ] || fail "what cannot fit ended with $code: $(cat "$WORK/said")"
[ "$(wc -l <"$WORK/said")" = 1 ] && grep -q '^nightmail: settings:' "$WORK/said" || fail "plan said: $(cat "$WORK/said")"
# A platform that is not there yet: no job, no files; what cannot fit is refused by the model's name.
"$NIGHTMAIL" plan --users 2e5 --items 2e4 --events 1e7 --ranks 4 >"$WORK/plan.platform"
for word in ingest factorise als ease spectral popularity; do
  grep -q "^  $word " "$WORK/plan.platform" || fail "plan says nothing of $word: $(cat "$WORK/plan.platform")"
done
code=0
"$NIGHTMAIL" plan --users 1e6 --items 1e6 --events 1e8 --set recommender.models=ease >"$WORK/said" 2>&1 || code=$?
[ "$code" = 78 ] && grep -q '^nightmail: settings: ease: ' "$WORK/said" || fail "EASE of a million items: $code, $(cat "$WORK/said")"
code=0
"$NIGHTMAIL" plan --users 1e8 --items 1e7 --events 2e10 --set layout.node_memory=256 >"$WORK/said" 2>&1 || code=$?
[ "$code" = 78 ] && grep -q 'factorise: spectral needs' "$WORK/said" || fail "what cannot fit: $code, $(cat "$WORK/said")"
[ "$(wc -l <"$WORK/said")" = 1 ] || fail "plan said: $(cat "$WORK/said")"
code=0
"$NIGHTMAIL" plan --users 5 --items 5 >"$WORK/said" 2>&1 || code=$?
[ "$code" = 64 ] || fail "a platform without events ended with $code: $(cat "$WORK/said")"

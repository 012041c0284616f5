#!/usr/bin/env bash
# bench on small sizes, alone and on two ranks: a line for each figure, JSON that can be read, nothing left behind; and
# synth --matrix: the same bytes for the same seed, as many rows as it says.
. tests/support/night.sh
small="--users 600 --items 300 --events 9000 --width 16 --folder $WORK"
"$NIGHTMAIL" bench >"$WORK/bench.list"
for name in sgemm stream als topk ease ingest writer decode; do
  grep -q "^  $name " "$WORK/bench.list" || fail "bench does not list $name: $(cat "$WORK/bench.list")"
done
"$NIGHTMAIL" bench sgemm ingest $small >"$WORK/bench.text"
[ "$(wc -l <"$WORK/bench.text")" = 3 ] || fail "bench said: $(cat "$WORK/bench.text")"
"$MPIEXEC" -n 2 "$NIGHTMAIL" bench als topk ease $small --json >"$WORK/bench.json"
python3 - "$WORK/bench.json" <<'END'
import json, sys

rows = [json.loads(line) for line in open(sys.argv[1])]
assert [r["bench"] for r in rows] == ["als", "als", "topk", "ease"], rows
for r in rows:
    assert r["ranks"] == 2 and r["value"] > 0 and r["ceiling"] > 0 and 0 < r["share"], r
END
"$MPIEXEC" -n 2 "$NIGHTMAIL" bench writer --users 5 --items 300 --width 16 --json >"$WORK/writer.json"
python3 - "$WORK/writer.json" <<'END'
import json, sys

rows = [json.loads(line) for line in open(sys.argv[1])]
named = {r["figure"]: r for r in rows}
for layers in "1 layer", "2 layers":
    assert named[f"learning, {layers}, f32"]["value"] > 0, rows
    assert named[f"its products, {layers}, f32"]["share"] > 0, rows
END
! ls "$WORK" | grep -q nightmail-bench || fail "bench has left its folder behind"
code=0
"$NIGHTMAIL" bench nothing >"$WORK/said" 2>&1 || code=$?
[ "$code" = 64 ] || fail "bench of what is not there ended with $code: $(cat "$WORK/said")"
for folder in one two; do "$NIGHTMAIL" synth "$WORK/matrix-$folder" --matrix --users 400 --items 90 --events 5000 >"$WORK/said"; done
cmp "$WORK/matrix-one/events.csv" "$WORK/matrix-two/events.csv" && cmp "$WORK/matrix-one/items.csv" "$WORK/matrix-two/items.csv"
rows=$(($(wc -l <"$WORK/matrix-one/events.csv") - 1))
grep -q " 90 items, $rows events\$" "$WORK/said" || fail "synth said $(cat "$WORK/said") of $rows rows"
[ "$(tail -n +2 "$WORK/matrix-one/events.csv" | cut -d, -f3 | sort -nc && echo sorted)" = sorted ] || fail "events are not in the order of time"
[ "$(cut -d, -f1,2 "$WORK/matrix-one/events.csv" | sort | uniq -d | wc -l)" = 0 ] || fail "a pair is there twice"

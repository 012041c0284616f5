#!/usr/bin/env bash
# preview, show and export of a finished night.
. tests/support/night.sh
run=$WORK/np1
[ "$("$NIGHTMAIL" preview "$run" -n 5 | grep -c .)" -ge 5 ] || fail "preview shows fewer than five lines"
"$NIGHTMAIL" export "$run" --format jsonl --output "$WORK/messages.jsonl"
"$NIGHTMAIL" export "$run" --format csv --output "$WORK/messages.csv"
python3 - "$WORK/messages.jsonl" "$WORK/messages.csv" <<'END'
import csv, json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
rows = list(csv.reader(open(sys.argv[2], encoding="utf-8", newline="")))
assert len(lines) > 200 and len(rows) == len(lines) + 1, (len(lines), len(rows))
END
user=$(python3 -c 'import json, sys; print([v for v in json.loads(sys.stdin.readline()).values() if str(v).startswith("u")][0])' \
  <"$WORK/messages.jsonl")
"$NIGHTMAIL" show "$run" --user "$user" | grep -q . || fail "show says nothing of a user who has a message"
! "$NIGHTMAIL" show "$run" --user nobody 2>"$WORK/said" || fail "show knows a user who is not there"
[ "$(grep -c '^nightmail:' "$WORK/said")" = 1 ] || fail "show said: $(cat "$WORK/said")"

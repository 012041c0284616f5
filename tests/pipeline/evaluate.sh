#!/usr/bin/env bash
# evaluate says the same on any number of ranks, by each protocol, and leaves nights alone; tune never opens the test
# file, goes on where it was stopped, and shares its trials among tasks.
. tests/support/night.sh
job=tests/data/tiny.yaml
models=recommender.models=als,ease,items,popularity

evaluate() {
  local ranks=$1 run=$2
  shift 2
  ${AS:-} timeout --signal=KILL 300 "$MPIEXEC" -n "$ranks" "$NIGHTMAIL" evaluate "$job" --run-dir "$run" --quiet \
    --set "$models" "$@"
}

tune() {
  local run=$1
  shift
  ${AS:-} timeout --signal=KILL 300 "$MPIEXEC" -n 2 "$NIGHTMAIL" tune "$job" --run-dir "$run" --quiet --set "$models" \
    --set tune.trials=4 --set tune.brackets=2 --set tune.rungs=2 --set tune.refinements=2 "$@"
}

# check LINES MODELS: a line for each model and the blend, every number in its range.
check() {
  python3 - "$@" <<'END'
import json, sys

path, models = sys.argv[1], sys.argv[2].split(",") + ["blend"]
lines = [json.loads(line) for line in open(path)]
assert [line["model"] for line in lines] == models, lines
for line in lines:
    assert line["data"] == "tiny" and line["users"] > 50 and line["targets"] >= line["users"], line
    for metric in "recall", "ndcg", "hit_rate", "map", "coverage", "gini":
        assert 0 <= line[metric + "@20"] <= 1, line
    assert line["recall@20_low"] <= line["recall@20"] <= line["recall@20_high"] and line["novelty@20"] > 0, line
best = max(line["ndcg@20"] for line in lines[:-1])
assert best > 0 and lines[-1]["ndcg@20"] > 0.8 * best, lines
END
}

rm -rf "$WORK"/evaluate*
for ranks in 1 2 3 4; do
  evaluate $ranks "$WORK/evaluate-$ranks" >"$WORK/evaluate-$ranks.jsonl"
  cmp "$WORK/evaluate-1.jsonl" "$WORK/evaluate-$ranks.jsonl" || fail "$ranks ranks say something else than one"
done
check "$WORK/evaluate-1.jsonl" "${models#*=}"
evaluate 2 "$WORK/evaluate-1" >"$WORK/evaluate-again.jsonl"
cmp "$WORK/evaluate-1.jsonl" "$WORK/evaluate-again.jsonl" || fail "what was evaluated already is not printed again"
"$NIGHTMAIL" status "$WORK/evaluate-1" >"$WORK/evaluate.status"
said=$(awk 'NR == 1 {print $2} NR > 2 {print $1, $2}' "$WORK/evaluate.status" | tr '\n' ' ')
[ "$said" = "finished ingest done evaluate done " ] || fail "status of an evaluation: $(cat "$WORK/evaluate.status")"

evaluate 1 "$WORK/evaluate-last" --set evaluate.protocol=last >"$WORK/evaluate-last.jsonl"
check "$WORK/evaluate-last.jsonl" "${models#*=}"
python3 -c 'import json, sys
for line in map(json.loads, open(sys.argv[1])): assert line["users"] == line["targets"], line' "$WORK/evaluate-last.jsonl"

# Every tenth event to a file of its own.
awk -F, 'NR == 1 || NR % 10 == 0' "$TINY/events.csv" >"$WORK/evaluate-test.csv"
awk -F, 'NR == 1 || NR % 10 != 0' "$TINY/events.csv" >"$WORK/evaluate-train.csv"
files=(--set "inputs.interactions.path=$WORK/evaluate-train.csv" --set "inputs.test.path=$WORK/evaluate-test.csv")
evaluate 2 "$WORK/evaluate-file" "${files[@]}" >"$WORK/evaluate-file.jsonl"
check "$WORK/evaluate-file.jsonl" "${models#*=}"

# A test file that is not there stops what looks at it, and nothing else.
rm "$WORK/evaluate-test.csv"
code=0
evaluate 1 "$WORK/evaluate-missing" "${files[@]}" 2>"$WORK/evaluate-missing.err" || code=$?
[ "$code" = 66 ] || fail "evaluate without its test file ends with $code: $(cat "$WORK/evaluate-missing.err")"
tune "$WORK/evaluate-tune" "${files[@]}" >"$WORK/evaluate-tune.jsonl" || fail "tune wants the test file"
[ "$(wc -l <"$WORK/evaluate-tune.jsonl")" = 4 ] || fail "tune says: $(cat "$WORK/evaluate-tune.jsonl")"

# The tasks of an array try what one would have tried; what is there is not tried again, and three models are refined
# twice by whoever goes on alone.
for task in 0 1 2; do
  tune "$WORK/evaluate-array" "${files[@]}" --task $task --tasks 3
done
ls "$WORK/evaluate-array/trials" | sort >"$WORK/evaluate-array.trials"
rm "$WORK/evaluate-array/trials/$(head -1 "$WORK/evaluate-array.trials")"
touch -d 2000-01-01 "$WORK/evaluate-array/trials"/*
tune "$WORK/evaluate-array" "${files[@]}" >"$WORK/evaluate-array.jsonl"
cmp "$WORK/evaluate-tune.jsonl" "$WORK/evaluate-array.jsonl" || fail "an array finds something else"
diff <(ls "$WORK/evaluate-tune/trials") <(ls "$WORK/evaluate-array/trials") || fail "an array tries something else"
tried=$(find "$WORK/evaluate-array/trials" -newermt 2001-01-01 -type f | wc -l)
{ [ "$tried" -ge 7 ] && [ "$tried" -le 9 ]; } || fail "$tried trials were made again"

# What was found is a job.
job=$WORK/evaluate-tune/tuned.yaml
"$NIGHTMAIL" where "$job" >/dev/null || fail "tuned.yaml is no job"

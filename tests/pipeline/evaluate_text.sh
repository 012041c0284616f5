#!/usr/bin/env bash
# evaluate of a corpus of texts says the same on any number of ranks, learns what there is to learn, and goes on where it
# was stopped.
. tests/support/night.sh
FOLDER=$WORK/evaluate_text

evaluate() {
  local ranks=$1 run=$2 what=$3
  shift 3
  ${LIMIT:-${AS:-} timeout --signal=KILL 300} "$MPIEXEC" -n "$ranks" "$NIGHTMAIL" evaluate "$FOLDER/$what.yaml" --run-dir "$run" \
    --quiet --set text.embedding=16 --set text.hidden=24 --set text.batch=8 --set text.steps=8 "$@"
}

rm -rf "$FOLDER"
mkdir -p "$FOLDER"/{words,acts,mrs}
python3 - "$FOLDER" <<'END'
import json, random, sys

folder = sys.argv[1]
draw = random.Random(7)
names = ["%s %s" % (a, b) for a in ("red", "blue", "old", "new") for b in ("mill", "gate", "inn", "barn")]


def write(path, text):
    with open("%s/%s" % (folder, path), "w", encoding="utf-8") as f:
        f.write(text)


def job(name, path, form, more=""):
    write(name + ".yaml", "job: %s\ninputs:\n  corpus:\n    path: %s/%s\n    format: %s\n%s" % (name, folder, path, form, more))


for part, count in ("train", 400), ("valid", 60), ("test", 60):
    lines = []
    for _ in range(count):
        noun = draw.choice(["cat", "dog", "bird"])
        lines.append("the %s %s the %s" % (noun, {"cat": "sees", "dog": "hears", "bird": "likes"}[noun], draw.choice(names)))
    write("words/ptb.%s.txt" % part, "".join(" %s \n" % line for line in lines))

for part, count in ("train", 300), ("valid", 40), ("test", 40):
    rows = []
    for _ in range(count):
        name, kids = draw.choice(names), draw.choice(["yes", "no"])
        rows.append(["inform(name='%s';kidsallowed=%s)" % (name, kids),
                     "%s %s kids ." % (name, "allows" if kids == "yes" else "does not allow"), ""])
    write("acts/%s.json" % part, "# a corpus\n" + json.dumps(rows))

for part, count in ("trainset", 300), ("devset", 40), ("testset_w_refs", 40):
    rows = ["mr,ref"]
    for _ in range(count):
        name, food = draw.choice(names).title(), draw.choice(["French", "Indian"])
        rows.append('"name[%s], food[%s]","%s serves %s food."' % (name, food, name, food))
    write("mrs/%s.csv" % part, "\n".join(rows) + "\n")

write("reviews.csv", "label,review\n" + "".join("1,%s%d很好，%s。\n" % (draw.choice("书酒水衣"), i, draw.choice(["喜欢", "满意"])) for i in range(600)))
job("words", "words", "ptb")
job("acts", "acts", "rnnlg")
job("mrs", "mrs", "e2e")
job("reviews", "reviews.csv", "reviews")
END

for what in words acts mrs reviews; do
  for ranks in 1 2 3 4; do
    evaluate $ranks "$FOLDER/$what-$ranks" $what --set text.epochs=6 --set text.rate=0.02 >"$FOLDER/$what-$ranks.jsonl"
    cmp "$FOLDER/$what-1.jsonl" "$FOLDER/$what-$ranks.jsonl" || fail "$what: $ranks ranks say something else than one"
  done
done
python3 - "$FOLDER" <<'END'
import json, sys

lines = {what: [json.loads(line) for line in open("%s/%s-1.jsonl" % (sys.argv[1], what))] for what in ("words", "acts", "mrs", "reviews")}
assert all(len(line) == 1 for line in lines.values()), lines
words, acts, mrs, reviews = (lines[what][0] for what in ("words", "acts", "mrs", "reviews"))
# Three nouns and sixteen names are free: 48 lines of 7 tokens, 1.74 a token.
assert 1.7 < words["perplexity"] < 2.3 and words["tokens"] == 420, words
assert 1.7 < words["kneser_ney_perplexity"] < 1.9, words
assert reviews["bits_per_character"] > 0 and reviews["kneser_ney_bits_per_character"] > 0, reviews
for line in acts, mrs:
    assert line["bleu"] > 0.95 and line["slot_error"] == 0 and line["slot_error_references"] == 0, line
    assert line["rouge_l"] > 0.95 and line["nist"] > 0 and 0 < line["distinct_2"] < 1, line
assert acts["texts"] == 40 and mrs["texts"] <= 32, (acts, mrs)
END

# Stopped by a signal after an epoch, it goes on and says the same.
for what in words acts; do
  run=$FOLDER/$what-stopped
  LIMIT=exec evaluate 2 "$run" $what --set text.epochs=6 --set text.rate=0.02 --set layout.checkpoint_seconds=0 \
    >"$FOLDER/$what-stopped.jsonl" 2>"$FOLDER/$what-stopped.err" &
  process=$!
  until [ -f "$run/log.jsonl" ] && grep -q '"event": "epoch"' "$run/log.jsonl"; do
    kill -0 $process 2>/dev/null || break
    sleep 0.01
  done
  kill -USR1 $process 2>/dev/null || true
  code=0
  wait $process || code=$?
  { [ "$code" = 75 ] || [ "$code" = 0 ]; } || fail "$what: stopped, it ends with $code: $(cat "$FOLDER/$what-stopped.err")"
  evaluate 3 "$run" $what --set text.epochs=6 --set text.rate=0.02 --set layout.checkpoint_seconds=0 \
    >"$FOLDER/$what-again.jsonl"
  cmp "$FOLDER/$what-1.jsonl" "$FOLDER/$what-again.jsonl" || fail "$what: after a stop it says something else"
done

# What is not there, or not of the format, stops it with a sentence.
code=0
evaluate 2 "$FOLDER/none" words --set inputs.corpus.path="$FOLDER/nowhere" 2>"$FOLDER/none.err" || code=$?
[ "$code" = 66 ] || fail "a corpus that is not there ends with $code: $(cat "$FOLDER/none.err")"
code=0
evaluate 1 "$FOLDER/wrong" reviews --set inputs.corpus.column=text 2>"$FOLDER/wrong.err" || code=$?
[ "$code" = 65 ] || fail "a column that is not there ends with $code: $(cat "$FOLDER/wrong.err")"

#!/usr/bin/env bash
# Makes SMALL: the platform; the small night undisturbed, with and without adversarial tuning; a run in front of each stage;
# and whole nights of other settings, and in another number of partitions, that are to be made anew.
. tests/support/small.sh
at=prepare
rm -rf "$SMALL"
mkdir -p "$SMALL"
"$NIGHTMAIL" synth "$TINY" --users 40 --items 24 --events 900 >/dev/null
{
  head -n 1 tests/data/tiny_copy.csv
  sed 1d tests/data/tiny_copy.csv | awk 'NR % 5 == 1'
} >"$SMALL/copy.csv"

small "$SMALL/plain" "${plain[@]}"
must_be "$SMALL/plain" "$SMALL/plain"
small "$SMALL/tuned" --set gan.rounds=1
must_be "$SMALL/tuned" "$SMALL/tuned"
small "$SMALL/anew" "${plain[@]}" --set decide.temperature=10
small "$SMALL/recut" "${plain[@]}" --set partitions.users=4
for other in anew recut; do
  must_be "$SMALL/$other" "$SMALL/$other"
  ! is_same "$SMALL/$other" "$SMALL/plain" || fail "$other: the settings make no difference"
done

mkdir "$SMALL/ingest"
before=ingest
for stage in profile factorise train decide generate report; do
  cp -r "$SMALL/$before" "$SMALL/$stage"
  small "$SMALL/$stage" "${plain[@]}" --to "$before"
  before=$stage
done

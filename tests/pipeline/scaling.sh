#!/usr/bin/env bash
# A series of tiny nights on 1 and 2 ranks, strong and weak, through slurm/scaling, and the table and page made of it.
. tests/support/night.sh
folder=$WORK/scaling
rm -rf "$folder"
short=(--set als.sweeps=2 --set writer.epochs=2 --set gan.rounds=0)
export LAUNCHER="timeout --signal=KILL 300 $MPIEXEC"

slurm/scaling tests/data/tiny.yaml --ranks 2,1 --repeats 2 --folder "$folder" --local "${short[@]}" >"$WORK/scaling.out" ||
  fail "the strong series: $(tail -n 3 "$WORK/scaling.out")"
grep -q "4 of 4 runs finished, the same shards on any number of ranks" "$WORK/scaling.out" || fail "no word on the shards"
# Repeats take turns over the sizes.
grep "repeat" "$WORK/scaling.out" | tr '\n' ';' |
  grep -q "1 ranks, repeat 1 of 2;strong, 2 ranks, repeat 1 of 2;strong, 1 ranks, repeat 2 of 2;strong, 2 ranks, repeat 2" ||
  fail "the order of the runs: $(grep repeat "$WORK/scaling.out")"

# The weak one by way of a Slurm that does at once what it is given; only the page may wait for others.
mkdir "$folder/bin"
cat >"$folder/bin/sbatch" <<'END'
#!/usr/bin/env bash
for word in "$@"; do [[ "$word" != --wrap=* ]] || wrap=${word#--wrap=}; done
bash -c "$wrap" >&2
echo "$$;lab"
END
chmod +x "$folder/bin/sbatch"
PATH=$folder/bin:$PATH slurm/scaling tests/data/tiny.yaml --ranks 1,2 --weak --users 150 --items 100 --repeats 1 \
  --folder "$folder" "${short[@]}" >"$WORK/scaling.out" 2>"$WORK/scaling.err" ||
  fail "the weak series: $(tail -n 3 "$WORK/scaling.out" "$WORK/scaling.err")"
[ "$(grep -c '^submitted' "$WORK/scaling.out")" = 2 ] || fail "jobs of the weak series: $(cat "$WORK/scaling.out")"

# Eight rows (seven stages and the total) for each of six runs, and sums that are sums.
awk -F, '
  NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
  { rows++; run = $1 "," $2 "," $4 }
  $at["seconds"] <= 0 || $at["peak_bytes_most"] <= 0 || $at["imbalance"] < 1 { print "odd row: " $0; exit 1 }
  $at["stage"] == "total" { if (($at["seconds"] - sum[run]) ^ 2 > 1e-6) { print "no sum: " $0; exit 1 }; next }
  { sum[run] += $at["seconds"] }
  $at["stage"] == "train" && $2 == 2 && $at["bytes_sent"] < 1000 { print "nothing sent: " $0; exit 1 }
  $at["stage"] == "ingest" { started++ }
  END { if (rows != 6 * 8 || started != 6) { print rows " rows, " started " runs"; exit 1 } }
' "$folder/scaling.csv" || fail "scaling.csv"
for word in 'id="strong"' 'id="weak"' 'id="causes"' 'tabular' '</html>' 'model of the plan'; do
  grep -q "$word" "$folder/scaling.html" || fail "scaling.html has no $word"
done
grep -qE 'src=|href=|nan|inf"' "$folder/scaling.html" && fail "scaling.html reaches outside, or holds what is no number"

# The weak platform grows with the ranks.
one=$(wc -l <"$folder/weak/ranks-1/platform/users.csv") two=$(wc -l <"$folder/weak/ranks-2/platform/users.csv")
[ "$one $two" = "151 301" ] || fail "users of the weak series: $one and $two lines"

# What would be submitted, where there is no Slurm too.
slurm/scaling tests/data/tiny.yaml --ranks 1,64 --ranks-per-node 32 --folder "$WORK/none" --queue night --time=1:00:00 \
  --dry-run >"$WORK/scaling.out" 2>&1 || fail "--dry-run: $(cat "$WORK/scaling.out")"
grep -q -- "--partition=night --nodes=2 --ntasks=64 --ntasks-per-node=32 --cpus-per-task=1 --time=1:00:00" "$WORK/scaling.out" ||
  fail "--dry-run prints $(cat "$WORK/scaling.out")"
grep -q -- "--dependency=afterany:0:0" "$WORK/scaling.out" || fail "the page does not wait for the runs"
[ ! -e "$WORK/none" ] || fail "--dry-run made a folder"

# Wrong command lines.
wrong() { # EXIT CODE, WORDS
  local code=$1 got=0
  shift
  slurm/scaling "$@" >/dev/null 2>"$WORK/scaling.err" || got=$?
  [ "$got" = "$code" ] || fail "slurm/scaling $*: exit code $got, not $code"
  [ "$(wc -l <"$WORK/scaling.err")" = 1 ] || fail "slurm/scaling $*: not one line: $(cat "$WORK/scaling.err")"
}
wrong 64 --ranks 1,2
wrong 64 tests/data/tiny.yaml
wrong 64 tests/data/tiny.yaml --ranks 1,x
wrong 66 no/such.yaml --ranks 1
wrong 64 jobs/movielens.yaml --ranks 1,2 --weak --local

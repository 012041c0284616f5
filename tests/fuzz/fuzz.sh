#!/usr/bin/env bash
# Runs one fuzzer for $FUZZ_SECONDS (60) over the corpus of the tree, which is only read.
#   fuzz.sh PROGRAM TARGET FOLDER
# What it learns stays in FOLDER/TARGET/learnt, and an input that it fails on is put into FOLDER/TARGET/found: mend the
# program, and add the input to tests/fuzz/corpus/TARGET under a name that says what was wrong.
set -euo pipefail
program=$1 target=$2 folder=$3/$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mkdir -p "$folder/learnt" "$folder/found"
FUZZ_FOLDER=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/nightmail-fuzz-XXXXXX")
export FUZZ_FOLDER
trap 'rm -rf "$FUZZ_FOLDER"' EXIT

# Nothing that is read here is large: what asks for 256 MiB, or takes a minute, is a finding too.
options=(-max_total_time="${FUZZ_SECONDS:-60}" -max_len=8192 -timeout=60 -report_slow_units=60 -malloc_limit_mb=256 -rss_limit_mb=1536
         -print_final_stats=1 -artifact_prefix="$folder/found/")
[ ! -f "$here/dictionaries/$target.dict" ] || options+=(-dict="$here/dictionaries/$target.dict")

export ASAN_OPTIONS=quarantine_size_mb=16:detect_stack_use_after_return=0
# libFuzzer tells of each step on stderr; the log is shown whole where it fails, its end where it does not.
log=$folder/log
result=0
"$program" "${options[@]}" "$folder/learnt" "$here/corpus/$target" >"$log" 2>&1 || result=$?
if [ "$result" -eq 0 ]; then
  grep -E '#[0-9]+[[:space:]]+DONE|stat::number_of_executed_units|stat::peak_rss' "$log"
else
  tail -n 60 "$log"
  echo "the input is in $folder/found; to repeat: $program FILE"
fi
exit "$result"

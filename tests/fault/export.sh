#!/usr/bin/env bash
# The only command besides `run` that leaves a file: whatever goes wrong, at any call, it is whole or not there.
. tests/support/small.sh
folder=$here/exported
file=$folder/messages.csv
tried=0
mkdir "$folder"
export_to() { ${WRAPPER:-} "$NIGHTMAIL" export "$SMALL/plain" --format csv --output "$1"; }
export_to "$here/wanted.csv"
for how in kill half full error short; do
  under "$folder" "$how"
  rm -f "$folder"/*
  export_to "$file"
  count=$(cat "$here/count")
  [ "$count" -gt 0 ] || fail "$how: no call was counted; is the shim in front of the program?"
  for ((n = 1; n <= count; n++)); do
    at="export, $how at call $n"
    code=0
    rm -f "$folder"/*
    (SHIM_AT=$n export_to "$file") >"$here/said" 2>&1 || code=$?
    [ ! -e "$file" ] || cmp "$file" "$here/wanted.csv" || fail "$at: half a file"
    [ "$code" != 0 ] || [ -e "$file" ] || fail "$at: exit code 0, and no file"
    ended "$code" "$here/said" "$how"
    WRAPPER='' export_to "$file"
    cmp "$file" "$here/wanted.csv" || fail "$at: not repaired"
    [ "$(find "$folder" -type f | wc -l)" = 1 ] || fail "$at: more is left than the file"
    tried=$((tried + 1))
  done
done
echo "$tried faults, one an export: the file was whole or not there"

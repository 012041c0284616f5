#!/usr/bin/env bash
# File names are unique in the tree, and every function that a source exports begins with the name of its file, of its
# family (als_exact.c: als_) or of a type that the header beside it declares (copy.h: tone), so that a symbol leads home.
# Usage: names.sh ROOT
set -euo pipefail
cd "$1/src"
faults=0

for name in $(find . -name '*.c' -printf '%f\n' | sort | uniq -d); do
  echo "two files are called $name"
  faults=1
done

while IFS= read -r file; do
  stem=$(basename "${file%.c}")
  header=${file%.c}.h
  types=
  [ ! -f "$header" ] || types=$(sed -n 's/^\(} \|typedef [a-z_ ]* \)\([a-z_]*\);.*/\2/p; s/^typedef enum \([a-z_]*\) .*/\1/p' "$header" | tr '\n' '|')
  # A definition begins in the first column and is not static; Fortran's names end in an underscore.
  for symbol in $(sed -nE '/^(static|typedef|extern|return|else|switch)/d; s/^[a-z][a-z0-9_ ]*[ *]([a-z0-9_]*[a-z0-9])\(.*/\1/p' "$file"); do
    [ "$symbol" = main ] && continue
    [[ $symbol =~ ^(${types}${stem%%_*}|$stem)(_|$) ]] && continue
    echo "$file: $symbol does not begin with $stem"
    faults=1
  done
done < <(find . -name '*.c')
exit $faults

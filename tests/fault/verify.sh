#!/usr/bin/env bash
# verify.sh CASE: a finished night is damaged; verify says so in one line.
. tests/support/night.sh
copy=$WORK/verify.$1
rm -rf "$copy"
cp -r "$WORK/np1" "$copy"
shard=$(find "$copy" -name 'messages-*.pb.zst' | sort | sed -n 3p)
case $1 in
  flipped_bit)
    middle=$(($(stat -c %s "$shard") / 2))
    python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); b = f.read(1); f.seek(int(sys.argv[2])); f.write(bytes([b[0] ^ 4]))' "$shard" "$middle" ;;
  cut_file) truncate -s -7 "$shard" ;;
  missing_shard) rm "$shard" ;;
  extra_shard) cp "$shard" "$copy/messages-00099-of-00100.pb.zst" ;;
  edited_manifest) sed -i 's/"users_known": *[0-9]*/"users_known": 1/; s/"night": *"[^"]*"/"night": "x"/' "$copy/MANIFEST.json" ;;
  foreign_manifest)
    night 1 "$copy.other" --set seed=4 --set partitions.users=8 >/dev/null 2>&1
    cp "$copy.other/MANIFEST.json" "$copy/MANIFEST.json" ;;
  no_manifest) rm "$copy/MANIFEST.json" ;;
esac
code=0
"$NIGHTMAIL" verify "$copy" >"$WORK/said.$1" 2>&1 || code=$?
[ "$code" = 65 ] || [ "$code" = 66 ] || fail "verify ended with $code: $(cat "$WORK/said.$1")"
[ "$(grep -c '^nightmail:' "$WORK/said.$1")" = 1 ] || fail "not one line: $(cat "$WORK/said.$1")"

#!/usr/bin/env bash
# A night on RANKS ranks: verify accepts it, a second start does nothing and says so, and its bytes are those of one rank.
. tests/support/night.sh
ranks=$1
run=$WORK/np$ranks
night "$ranks" "$run"
"$NIGHTMAIL" verify "$run"
[ "$ranks" = 1 ] || same_bytes "$run" "$WORK/np1"

before=$(stat -c '%n %Y %s' "$run"/messages-* "$run/MANIFEST.json")
said=$(night "$ranks" "$run" 2>&1)
[ "$before" = "$(stat -c '%n %Y %s' "$run"/messages-* "$run/MANIFEST.json")" ] || fail "a finished night was run again"
grep -qi "nothing to do\|already" <<<"$said" || fail "a second start did not say that nothing is left to do: $said"
[ -z "$(find "$run" -perm /077)" ] || fail "others may read $(find "$run" -perm /077 | head -n 1)"

#!/usr/bin/env bash
# The platform that the tiny nights are about.
. tests/support/night.sh
rm -rf "$WORK"
mkdir -p "$WORK"
"$NIGHTMAIL" synth "$TINY" --users 300 --items 120 --events 9000

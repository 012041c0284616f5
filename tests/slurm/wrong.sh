#!/usr/bin/env bash
# What no second start can help is not started again and again: a wrong setting never, a fault of the program once, ranks
# that die without a reason three times. The same night then goes on without the fault.
. tests/slurm/slurm.sh

# Programs with a fault: one whose ranks are killed as a lost node would have it, one that reads where it may not.
cat >"$here/killed" <<END
#!/bin/sh
export LD_PRELOAD="$SHIM" SHIM_KILL=work/ingest/items.nmt
exec $program "\$@"
END
cat >"$here/crashes" <<END
#!/bin/sh
[ "\$1" = run ] || exec $program "\$@"
kill -SEGV \$\$
END
chmod +x "$here/killed" "$here/crashes"

code=0
slurm/submit tests/data/tiny.yaml --logs="$here" -- --run-dir "$here/refused" --set als.width=wide \
  >"$here/said" 2>&1 || code=$?
[ $code = 78 ] || fail "slurm/submit takes a wrong setting: $code, $(cat "$here/said")"

JOB=$here/wide.yaml
sed 's/^  width: 8/  width: wide/' tests/data/tiny.yaml >"$JOB"
crowd "$here/setting"
setting=$id
JOB=tests/data/tiny.yaml
NIGHTMAIL=$here/crashes crowd "$here/crashes.run"
crashes=$id
NIGHTMAIL=$here/killed crowd "$here/killed.run"
killed=$id
for id in "$setting" "$crashes" "$killed"; do wait_for "job $id to be given up" is_in_state "$id" FAILED; done
ended="$(of "$setting" ExitCode), restarts: $(of "$setting" Restarts)"
[ "$ended" = "78:0, restarts: 0" ] || fail "a wrong setting: $ended"
[ "$(of "$crashes" Restarts)" = 1 ] || fail "a fault of the program was started again $(of "$crashes" Restarts) times"
[ "$(of "$killed" Restarts)" = 3 ] || fail "ranks that die were started again $(of "$killed" Restarts) times"
submit "$here/killed.run" --ranks 2
wait_for "the night without the fault" has_ended_well "$id"
whole "$here/killed.run"

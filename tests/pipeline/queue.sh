#!/usr/bin/env bash
# What the scripts for Slurm ask it, where stand-ins answer: of one element of an array, and among many jobs.
. tests/support/night.sh
here=$WORK/queue
rm -rf "$here"
mkdir -p "$here/bin"
stand_in() { cat >"$here/bin/$1" && chmod +x "$here/bin/$1"; }
export PATH="$here/bin:$PATH" HERE="$here" LC_ALL=C.UTF-8
unset SLURM_RESTART_COUNT SLURM_CLUSTER_NAME NIGHTMAIL_NIGHT NIGHTMAIL_SITE

# The last element of an array bears the array's number, by which Slurm would answer for, and start again, all of it.
stand_in squeue <<'END'
#!/bin/bash
[[ " $* " == *" --jobs=4711_2 "* ]] || echo COMPLETED
echo RUNNING
END
stand_in scontrol <<'END'
#!/bin/bash
echo "$*" >>"$HERE/asked"
kill -TERM $PPID
END
stand_in launch <<'END'
#!/bin/bash
exit 75
END
code=0
SLURM_JOB_ID=4711 SLURM_ARRAY_JOB_ID=4711 SLURM_ARRAY_TASK_ID=2 SLURM_JOB_NODELIST=n1 LAUNCHER=launch \
  NIGHTMAIL_NIGHTS=2024-04-28,2024-04-29,2024-04-30 timeout 60 bash slurm/nightly.sbatch tests/data/tiny.yaml \
  --set "runs=$here" >"$here/said" 2>&1 || code=$?
[ "$code" = 75 ] || fail "a job that was asked to stop ended with $code: $(cat "$here/said")"
[ "$(cat "$here/asked" 2>/dev/null)" = "requeue 4711_2" ] ||
  fail "Slurm was asked to $(cat "$here/asked" || echo nothing): $(cat "$here/said")"
[ -f "$here/tiny/2024-04-30/attempts" ] || fail "the element took another night: $(cat "$here/said")"

# A squeue with more to say than a pipe holds.
stand_in squeue <<'END'
#!/bin/bash
echo "4711 nightmail $HERE/tiny/2024-04-30 "
for ((i = 0; i < 5000; i++)); do echo "$i somebody's, with a comment of its own "; done
END
slurm/submit tests/data/tiny.yaml --night 2024-04-30 --dry-run -- --set "runs=$here" >"$here/said" ||
  fail "slurm/submit ended with $?"
[ "$(grep -c 'in the queue: job 4711 ' "$here/said")" = 1 ] || fail "not known to be in the queue: $(cat "$here/said")"

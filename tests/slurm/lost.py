"""lost.py LOG: what a night that was disturbed had to do again, by its log.jsonl, where every step is saved.

A stage that is started again goes on from what its last phase saved last: at most the step after that is lost."""

import json
import sys

saved = {}  # stage -> phase -> the generation that was saved last
owed = {}  # stage -> the phase that has to be resumed before the stage is done
resumed = 0
faults = []
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        event = json.loads(line)
    except ValueError:
        continue  # a line that was being written when the power went
    stage, what, phase = event.get("stage"), event.get("event"), event.get("phase")
    phases = saved.setdefault(stage, {})
    if what == "start" and phases:
        owed[stage] = list(phases)[-1]
    elif what == "checkpoint":
        phases.pop(phase, None)
        phases[phase] = event["generation"]
    elif what == "resumed":
        resumed += 1
        if event["generation"] < phases.get(phase, 0):
            faults.append(f"{stage}, {phase}: saved generation {phases[phase]}, resumed {event['generation']}")
        if owed.get(stage) == phase:
            del owed[stage]
    elif what == "checkpoint_damaged":
        faults.append(f"{stage}, {phase}: {event.get('sentence')}")
    elif what == "done":
        if stage in owed:
            faults.append(f"{stage}: {owed.pop(stage)} was saved and not resumed")
        phases.clear()
print(f"resumed {resumed} phases")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)

"""lost.py LOG: what a night that was disturbed had to do again, by its log.jsonl, where every step is saved.

A phase that had saved and did not end must be resumed, at the step that was saved last."""

import json
import sys

saved = {}  # (stage, phase) -> the last step that was saved
resumed = 0
faults = []
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        event = json.loads(line)
    except ValueError:
        continue  # a line that was being written when the power went
    stage, what = event.get("stage"), event.get("event")
    phase = (stage, event.get("phase"))
    if what == "checkpoint":
        saved[phase] = event["step"]
    elif what == "resumed":
        resumed += 1
        if event["step"] != saved.get(phase):
            faults.append(f"{phase}: saved at step {saved.get(phase)}, resumed at step {event['step']}")
    elif what == "checkpoint_damaged":
        faults.append(f"{phase}: {event.get('sentence')}")
print(f"resumed {resumed} times")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)

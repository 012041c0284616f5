"""lost.py LOG: what a night that was disturbed had to do again, by its log.jsonl, where every step is saved.

A stage that is started again goes on from what its last phase saved last: at most the step after that is lost."""

import json
import sys


def place(event):
    """What is saved as a whole, and how far it is: a phase in generations, or a round in partitions (of which rank 0,
    who writes the log, has the first)."""
    if "generation" in event:
        return event["phase"], event["generation"]
    where = f"{event['phase']} of round {event['step']}"
    return where, event["partitions"] if "partitions" in event else event["partition"] + 1


saved = {}  # stage -> what was saved -> how far
owed = {}  # stage -> what has to be resumed before the stage is done
resumed = 0
faults = []
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        event = json.loads(line)
    except ValueError:
        continue  # a line that was being written when the power went
    stage, what = event.get("stage"), event.get("event")
    places = saved.setdefault(stage, {})
    if what == "start" and places:
        owed[stage] = list(places)[-1]
    elif what == "checkpoint":
        where, far = place(event)
        places.pop(where, None)
        places[where] = far
    elif what == "resumed":
        resumed += 1
        where, far = place(event)
        if far < places.get(where, 0):
            faults.append(f"{stage}, {where}: saved {places[where]}, resumed {far}")
        if owed.get(stage) == where:
            del owed[stage]
    elif what == "checkpoint_damaged":
        faults.append(f"{stage}: {event.get('sentence')}")
    elif what == "done":
        if stage in owed:
            faults.append(f"{stage}: {owed.pop(stage)} was saved and not resumed")
        places.clear()
print(f"resumed {resumed} times")
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)

"""Reads events with the CloudEvents project's own Python SDK: read_events.py FILE COUNT, one event in JSON a line.

What the SDK makes of each must be what stands in the line. Ends with status 1 and one line for each fault. The SDK is
fetched into the cache by scripts/install-readers.sh.
"""
import json
import sys

import outside  # noqa: F401  finds what install-readers.sh fetched
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

faults = []
lines = open(sys.argv[1], "rb").read().splitlines()
for place, line in enumerate(lines):
    said = json.loads(line)
    try:
        event = JSONFormat().read(CloudEvent, line)
    except Exception as error:  # whatever the SDK refuses, and how it says so, is a fault of ours
        faults.append(f"event {place}: {error!r}")
        continue
    read = {
        "specversion": event.get_specversion(),
        "id": event.get_id(),
        "source": event.get_source(),
        "type": event.get_type(),
        "subject": event.get_subject(),
        "datacontenttype": event.get_datacontenttype(),
        "data": event.get_data(),
    }
    read |= {name: event.get_extension(name) for name in ("sequence", "partitionkey")}
    for name, value in read.items():
        if said.get(name) != value:
            faults.append(f"event {place}: {name} is {value!r}, not {said.get(name)!r}")
    if event.get_time() is None or event.get_time().utcoffset() is None:
        faults.append(f"event {place}: its time has no zone")
if len(lines) != int(sys.argv[2]):
    faults.append(f"{len(lines)} events, not {sys.argv[2]}")
print("\n".join(faults) or f"{len(lines)} events")
sys.exit(1 if faults else 0)

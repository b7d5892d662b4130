"""Checks a signed webhook with the reference library of Standard Webhooks: check_webhook.py SECRET… FILE.

The file holds the headers as JSON in its first line and the body after it. Every secret must verify it, and it must be
refused with one byte changed. Ends with status 1 and one line for each fault. The library is fetched into the cache by
scripts/install-readers.sh.
"""
import json
import sys

import outside  # noqa: F401  finds what install-readers.sh fetched
from standardwebhooks import Webhook, WebhookVerificationError

faults = []
first, _, body = open(sys.argv[-1], "rb").read().partition(b"\n")
headers = json.loads(first)
for number, secret in enumerate(sys.argv[1:-1]):
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError as error:
        faults.append(f"secret {number}: {error}")
    try:
        Webhook(secret).verify(body.replace(b":", b": ", 1), headers)
        faults.append(f"secret {number}: a changed body passes")
    except WebhookVerificationError:
        pass
print("\n".join(faults) or "signed")
sys.exit(1 if faults else 0)

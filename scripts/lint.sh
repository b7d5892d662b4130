#!/bin/bash
# What swift-format does not check: a documentation comment on every `package` declaration, and constructs that may
# trap on input or leave work undone. Prints file:line of each finding; exits 1 if there is any.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
while IFS= read -r file; do
    awk -f scripts/lint.awk "$file" || status=1
done < <(find Sources Tests -name '*.swift' | sort)
exit $status

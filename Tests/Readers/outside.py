"""Other people's libraries that Debian does not have, as scripts/install-readers.sh put them into the cache."""
import os
import sys

cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
sys.path.insert(0, os.path.join(cache, "motcua", "readers"))

"""`python -m local.demo ADDRESS FOLDER`: the client of the demo, beside the running service."""

import sys
from pathlib import Path

import httpx2

from local.demo import story
from local.demo.client import Client
from local.failure import Failure

INTERRUPTED = 130


def main(address: str, folder: str) -> int:
    try:
        with Client(address) as client:
            story.tell(client, Path(folder))
    except (Failure, httpx2.HTTPError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

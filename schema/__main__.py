"""`python -m schema`: print the GraphQL contract, as it stands in schema.graphql."""

import sys

from schema import api

if __name__ == "__main__":
    sys.stdout.write(f"{api.as_str()}\n")

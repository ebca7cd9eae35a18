"""Makes the first administrator in the gateway's database: `{"url", "username", "name", "password"}` on stdin."""

import json
import sys

from chassis.database import Database
from gateway.identity.actions import create_first_administrator


def main() -> int:
    asked = json.load(sys.stdin)
    database = Database(asked["url"], "gateway")
    with database.write() as tx:
        create_first_administrator(tx, asked["username"], asked["password"], asked["name"])
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

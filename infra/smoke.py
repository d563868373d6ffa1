#!/usr/bin/env python3
"""After a deployment: does the door open for WeChat, and for nobody else?

    CRM_APP_ID=wx... CRM_TOKEN=... CRM_KEY=... python3 infra/smoke.py --base https://crm-dev-....azurewebsites.net

Three calls to the callback URL: a signed verification, a wrongly signed one, and a signed and encrypted event of a
follower that does not exist. Signing and encryption are those of tests/blackbox/send.py. Secrets come by environment,
because a command line can be read by others.
"""
from __future__ import annotations

import argparse
import base64
import os
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the tests
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "blackbox"))
from send import Account, Checks, Host, WeChat  # noqa: E402

# One file for all deployments: a new follower each time would grow the customer count.
FOLLOWER = "oSmokeTestOfTheDeployment000"


class Deployed(Host):
    def clock(self) -> int:
        """Ours: the host's own is for operators only."""
        return int(time.time())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", required=True)
    options.add_argument("--account", default="main")
    options.add_argument("--attempts", type=int, default=12, help="a new app takes a minute or two to start; 10 s apart")
    chosen = options.parse_args()
    missing = [name for name in ("CRM_APP_ID", "CRM_TOKEN", "CRM_KEY") if not os.environ.get(name)]
    if missing:
        print(f"Not set: {', '.join(missing)}")
        return 2
    account = Account(chosen.account, os.environ["CRM_APP_ID"], os.environ.get("CRM_ORIGINAL_ID") or "gh_smoke",
                      os.environ["CRM_TOKEN"], base64.b64decode(os.environ["CRM_KEY"] + "="))
    wechat, check = WeChat(account, Deployed(chosen.base)), Checks()
    echo = str(secrets.randbelow(10**19))
    for attempt in range(chosen.attempts):
        try:
            answer = wechat.verify(echo)
            if answer.status == 200:
                break
            seen = f"{answer.status}"
        except OSError as fault:
            seen = str(fault)
        if attempt + 1 == chosen.attempts:
            print(f"✗ {chosen.base}{wechat.path} does not answer a signed verification: {seen}")
            return 1
        time.sleep(10)
    check.that("a signed verification gets its echostr back", answer.body == echo.encode(), answer)
    forged = WeChat(replace(account, token="NotTheToken"), wechat.host).verify(echo)
    check.that("a wrongly signed one is refused (403)", forged.status == 403, forged)
    event = wechat.payload(FOLLOWER, "event", "<Event><![CDATA[VIEW]]></Event><EventKey><![CDATA[smoke]]></EventKey>")
    started = time.monotonic()
    answer = wechat.deliver(FOLLOWER, event)
    seconds = time.monotonic() - started
    check.that("a signed and encrypted event is acknowledged", answer.status == 200 and answer.body == b"success", answer)
    check.that(f"within WeChat's five seconds ({seconds:.2f} s)", seconds < 5, seconds)
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())

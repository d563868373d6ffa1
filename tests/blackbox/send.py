#!/usr/bin/env python3
"""Plays WeChat against a running CrmServerless and reads back what became of it.

It shares no code with functions/: the signatures, the AES envelope and the expectations are
written here a second time, from the protocol, so that one mistake cannot hide in both halves.
Needs Python 3.9, its standard library and the `openssl` command.

    python3 tests/blackbox/send.py [--base http://127.0.0.1:7071] [--settings FILE] [--account main]
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import secrets
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, TypeVar

T = TypeVar("T")
Json = dict[str, Any]

COMPLAINT = "我要维权，你们的茶里有头发"
WORD = "维权"
SCENE = "store-042"
UNKNOWN_TYPE = "hologram"
SHANGHAI = timezone(timedelta(hours=8))  # no daylight saving since 1991
PATIENCE_SECONDS = 60.0  # a hang is a failure, a busy machine is none


@dataclass(frozen=True)
class Account:
    name: str
    app_id: str
    original_id: str
    token: str
    aes_key: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes

    def json(self) -> Json:
        """The body of a 200, else {}: a probe that polls treats both as "not there yet"."""
        return json.loads(self.body) if self.status == 200 else {}


class Host:
    """The program under test, seen only through HTTP."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        # The host is on this machine; a proxy of the environment must not be asked.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, path: str, query: dict[str, str] | None = None, body: bytes | None = None,
             content_type: str = "text/xml") -> Answer:
        url = self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Content-Type": content_type} if body is not None else {}
        try:
            reply = self.opener.open(urllib.request.Request(url, body, headers), timeout=PATIENCE_SECONDS)
        except urllib.error.HTTPError as refusal:
            reply = refusal
        with reply:
            return Answer(reply.status, reply.headers.get("Content-Type", ""), reply.read())

    def get(self, path: str, **query: str) -> Json:
        return self.call(path, query).json()

    def clock(self) -> int:
        """Unix seconds of the host's clock, which a demo runs faster than ours."""
        text: str = self.get("/api/health").get("clock", "no clock")
        return int(datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc).timestamp())


class WeChat:
    """The platform's half of the protocol for one Official Account in safe mode."""

    def __init__(self, account: Account, host: Host) -> None:
        self.account = account
        self.host = host
        self.path = f"/api/wechat/{account.name}"

    def sign(self, *parts: str) -> str:
        ordered = sorted(part.encode() for part in (self.account.token, *parts))
        return hashlib.sha1(b"".join(ordered)).hexdigest()

    def encrypt(self, xml: str) -> str:
        message = xml.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + self.account.app_id.encode()
        pad = 32 - len(plain) % 32
        key = self.account.aes_key
        openssl = ["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", key[:16].hex()]
        cipher = subprocess.run(openssl, input=plain + bytes([pad]) * pad, stdout=subprocess.PIPE, check=True).stdout
        return base64.b64encode(cipher).decode()

    def verify(self, echo: str) -> Answer:
        timestamp, nonce = str(self.host.clock()), str(secrets.randbelow(10**9))
        return self.host.call(self.path, {"signature": self.sign(timestamp, nonce), "timestamp": timestamp,
                                          "nonce": nonce, "echostr": echo})

    def deliver(self, openid: str, xml: str, late_seconds: int = 0) -> Answer:
        """One delivery; a retry is the same xml again, under its own random bytes, nonce and timestamp."""
        encrypted, nonce = self.encrypt(xml), str(secrets.randbelow(10**9))
        timestamp = str(self.host.clock() - late_seconds)
        query = {"signature": self.sign(timestamp, nonce), "timestamp": timestamp, "nonce": nonce, "openid": openid,
                 "encrypt_type": "aes", "msg_signature": self.sign(timestamp, nonce, encrypted)}
        body = (f"<xml><ToUserName><![CDATA[{self.account.original_id}]]></ToUserName>"
                f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>")
        return self.host.call(self.path, query, body.encode())

    def payload(self, openid: str, kind: str, fields: str) -> str:
        # Events have no MsgId; the one of a message is beyond 2^53.
        message_id = "" if kind == "event" else f"<MsgId>{2**62 + secrets.randbits(61)}</MsgId>"
        return (f"<xml><ToUserName><![CDATA[{self.account.original_id}]]></ToUserName>"
                f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{self.host.clock()}</CreateTime>"
                f"<MsgType><![CDATA[{kind}]]></MsgType>{fields}{message_id}</xml>")


class Checks:
    def __init__(self) -> None:
        self.failed = 0

    def that(self, sentence: str, holds: bool, seen: object = "") -> None:
        self.failed += not holds
        print(f"✓ {sentence}" if holds else f"✗ {sentence}: {str(seen)[:300]}", flush=True)


def load_account(settings: Path, name: str) -> Account:
    values = json.loads(settings.read_text("utf-8-sig"))["Values"]
    flat = {key.replace("__", ":").lower(): value for key, value in values.items()}

    def setting(leaf: str) -> str:
        return str(flat[f"accounts:{name}:{leaf}".lower()])

    return Account(name, setting("AppId"), setting("OriginalId"), setting("Token"),
                   base64.b64decode(setting("EncodingAesKey") + "="))


def eventually(probe: Callable[[], T], good: Callable[[T], bool]) -> T:
    """What the probe saw first that was good, or last when patience ran out."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not good(seen := probe()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return seen


def figures(report: Json) -> tuple[int, int]:
    return report.get("followers", {}).get("gained", 0), report.get("alerts", {}).get("raised", 0)


def check_the_door(wechat: WeChat, openid: str, check: Checks) -> None:
    echo = str(secrets.randbelow(10**19))
    answer = wechat.verify(echo)
    check.that("the verification GET answers exactly the echostr, as text/plain",
               answer.status == 200 and answer.body == echo.encode()
               and answer.content_type.startswith("text/plain"), answer)
    forger = WeChat(replace(wechat.account, token="NotTheToken"), wechat.host)
    check.that("a verification GET with a wrong signature is refused (403)", forger.verify(echo).status == 403)
    xml = wechat.payload(openid, "text", "<Content>refused</Content>")
    forged = forger.deliver(openid, xml)
    check.that("a callback with a wrong signature is refused (403)", forged.status == 403, forged)
    stale = wechat.deliver(openid, xml, late_seconds=3600)
    check.that("a callback signed an hour ago is refused (403)", stale.status == 403, stale)


def send_the_story(wechat: WeChat, openid: str, check: Checks) -> None:
    """Follow by QR, complain, the retry of the complaint, something new."""
    def accepted(sentence: str, answer: Answer) -> None:
        check.that(sentence, answer.status == 200 and answer.body == b"success", answer)

    follow = wechat.payload(openid, "event", "<Event><![CDATA[subscribe]]></Event>"
                            f"<EventKey><![CDATA[qrscene_{SCENE}]]></EventKey><Ticket><![CDATA[TICKET]]></Ticket>")
    accepted("a follow by the QR code of store-042 is acknowledged", wechat.deliver(openid, follow))
    text = wechat.payload(openid, "text", f"<Content><![CDATA[{COMPLAINT}]]></Content>")
    accepted(f"the text 「{COMPLAINT}」 is acknowledged", wechat.deliver(openid, text))
    accepted("its retry, encrypted anew, is acknowledged too", wechat.deliver(openid, text))
    accepted("a message of a type that nobody knows is acknowledged",
             wechat.deliver(openid, wechat.payload(openid, UNKNOWN_TYPE, "")))


def check_the_customer(host: Host, key: str, check: Checks) -> None:
    path = "/api/customers/" + urllib.parse.quote(key, safe="")

    def counted(customer: Json) -> Json:
        return customer.get("counters", {}).get("in", {})

    # The unknown message went last on the same lane: once it is counted, the retry has been dealt with.
    customer = eventually(lambda: host.get(path), lambda seen: counted(seen).get("oa.message.unknown") == 1)
    check.that("the customer file says subscribed", customer.get("subscribed") is True, customer)
    check.that("its source is store-042", customer.get("source") == SCENE, customer.get("source"))
    check.that("it counts the text once, not the retry", counted(customer).get("oa.message.text") == 1, customer)

    def timeline() -> list[Json]:
        return host.get(path + "/timeline", take="50").get("items", [])

    items = eventually(timeline, lambda seen: any(i["kind"] == "oa.message.unknown" for i in seen))
    kinds = [item["kind"] for item in items]
    check.that("the timeline has the follow once", kinds.count("oa.subscribe") == 1, kinds)
    texts = [item.get("text") for item in items if item["kind"] == "oa.message.text"]
    check.that("the timeline has the text once, word for word", texts == [COMPLAINT], texts)
    unknown = [item for item in items if item["kind"] == "oa.message.unknown"]
    check.that("the timeline keeps the unknown message and the name of its type",
               len(unknown) == 1 and UNKNOWN_TYPE in json.dumps(unknown), kinds)


def check_the_alert(host: Host, account: str, key: str, check: Checks) -> None:
    def alerts_of_customer() -> list[Json]:
        items = host.get("/api/alerts", account=account).get("items", [])  # newest first: ours is on the first page
        return [alert for alert in items if alert.get("customer") == key]

    alerts = eventually(alerts_of_customer, lambda seen: len(seen) > 0)
    check.that("one alert names the customer", len(alerts) == 1, f"{len(alerts)} alerts")
    alert = alerts[0] if alerts else {}
    check.that("it names the word 维权", WORD in alert.get("words", []), alert)
    check.that("it shows the original text", alert.get("text") == COMPLAINT, alert)
    check.that("it names its rule and the rule's version",
               bool(alert.get("ruleId")) and bool(alert.get("ruleVersion")), alert)


def check_the_report(host: Host, account: str, day: str, before: tuple[int, int], check: Checks) -> None:
    path = f"/api/reports/{account}/{day}"

    def build_and_read() -> tuple[int, int]:
        host.call(path, body=b"", content_type="application/json")
        return figures(host.get(path))

    gained, raised = eventually(build_and_read, lambda seen: seen[0] > before[0] and seen[1] > before[1])
    check.that(f"the report of {day} counts the new follower", gained > before[0], f"{gained}, before {before[0]}")
    check.that("and the alert", raised > before[1], f"{raised}, before {before[1]}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--base", default="http://127.0.0.1:7071")
    options.add_argument("--settings", type=Path, default=Path("local.settings.sample.json"))
    options.add_argument("--account", default="main")
    chosen = options.parse_args()
    host, check = Host(chosen.base), Checks()
    try:
        account = load_account(chosen.settings, chosen.account)
    except (OSError, KeyError, ValueError) as fault:
        print(f"The settings of account '{chosen.account}' are not to be read from {chosen.settings}: {fault!r}")
        return 2
    try:
        openid = "oBlackbox" + secrets.token_hex(10)[:19]
        key = f"{account.name}:{openid}"
        today = datetime.fromtimestamp(host.clock(), SHANGHAI).strftime("%Y-%m-%d")
        before = figures(host.get(f"/api/reports/{account.name}/{today}"))
        wechat = WeChat(account, host)
        check_the_door(wechat, openid, check)
        send_the_story(wechat, openid, check)
        check_the_customer(host, key, check)
        check_the_alert(host, account.name, key, check)
        check_the_report(host, account.name, today, before, check)
    except (OSError, ValueError) as fault:  # not reachable, no clock, a body that is not JSON
        print(f"✗ {chosen.base} does not answer as agreed: {fault}")
        return 2
    print("all passed" if check.failed == 0 else f"{check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())

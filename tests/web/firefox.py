"""Debian's Firefox by WebDriver BiDi, which it speaks itself: Playwright drives builds of its own only."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = shutil.which("firefox-esr")
STARTS = 60.0
QUIET = {
    "app.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "toolkit.telemetry.enabled": False,
    "network.proxy.type": 0, "browser.aboutConfig.showWarning": False,
}  # fmt: skip
KEYS = {"Tab": "\ue004", "Enter": "\ue006", "Space": " "}


class Firefox:
    """One window of a running browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ids = socket, itertools.count(1)
        self._send("session.new", capabilities={})
        self.window = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(60))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return dict(answer["result"])

    def resize(self, size: tuple[int, int]) -> None:
        self._send("browsingContext.setViewport", context=self.window, viewport={"width": size[0], "height": size[1]})

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self.window, url="about:blank", wait="complete")
        self._send("browsingContext.navigate", context=self.window, url=url, wait="complete")

    def reload(self) -> None:
        self._send("browsingContext.reload", context=self.window, wait="complete")

    def evaluate(self, script: str) -> Any:
        """Return what a script comes to; the page's own policy does not hold for it."""
        result = self._send(
            "script.evaluate", expression=f"(async () => JSON.stringify(await ({script})))()",
            target={"context": self.window}, awaitPromise=True,
        )  # fmt: skip
        assert result["type"] == "success", result
        return json.loads(result["result"].get("value") or "null")

    def run(self, source: str) -> None:
        """Run a whole script in the page."""
        self._send("script.evaluate", expression=source, target={"context": self.window}, awaitPromise=False)

    def until(self, script: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not self.evaluate(script):
            assert time.monotonic() < end, self.evaluate("document.body.innerText")
            time.sleep(0.05)

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        actions = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._send(
            "input.performActions", context=self.window, actions=[{"type": "key", "id": "keys", "actions": actions}]
        )

    def click(self, selector: str) -> None:
        """Press where an element is, as a hand would."""
        self.until(f"!!document.querySelector({json.dumps(selector)})")
        box = self.evaluate(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)});"
            " it.scrollIntoView({ block: 'center' }); const box = it.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        moves = [{"type": "pointerMove", "x": int(box[0]), "y": int(box[1])},
                 {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]  # fmt: skip
        self._send(
            "input.performActions", context=self.window,
            actions=[{"type": "pointer", "id": "mouse", "actions": moves}],
        )  # fmt: skip

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._send("browsingContext.captureScreenshot", context=self.window)["data"]))


@contextmanager
def started() -> Iterator[Firefox]:
    """Start the browser with a profile of its own, and end it afterwards."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        prefs = "".join(f'user_pref("{key}", {json.dumps(value)});\n' for key, value in QUIET.items())
        Path(profile, "user.js").write_text(prefs)
        command = [
            PROGRAM,
            "--headless",
            "--no-remote",
            "--profile",
            profile,
            "--remote-debugging-port",
            "0",
            "about:blank",
        ]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        try:
            assert running.stderr is not None
            end = time.monotonic() + STARTS
            address = None
            while address is None:
                assert time.monotonic() < end, "Firefox does not speak BiDi"
                address = re.search(r"BiDi listening on (ws://\S+)", running.stderr.readline())
            with connect(f"{address[1]}/session", proxy=None, max_size=None) as socket:
                yield Firefox(socket)
        finally:
            running.terminate()
            running.wait(20)

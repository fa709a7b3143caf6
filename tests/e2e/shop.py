"""Starts the real programs on loopback and talks to them: a hub, stores, their sync daemons.

Used by the demo and by the tests of this folder. Standard library only.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("RETOUR_BUILD", ROOT / "build" / "dev"))
BIN = BUILD / "bin"
DATA = ROOT / "tests" / "data"
MAPPING = ROOT / "pos-adapters" / "csv" / "online_retail.json"
READY_SECONDS = 30


class Failed(Exception):
    """A step did not come out as it should; the text is for the person who runs it."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*command, check=True, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def until(condition, what, seconds=READY_SECONDS):
    """Polls until condition() is true and returns its value; says what was waited for when it never is."""
    end = time.monotonic() + seconds
    last = None
    while time.monotonic() < end:
        try:
            last = condition()
            if last:
                return last
        except (OSError, Failed, KeyError, ValueError) as error:
            last = error
        time.sleep(0.02)
    raise Failed(f"waited {seconds} s for: {what}; last seen: {last}")


def http(method, url, body=None, headers=None, timeout=30):
    """(status, document): JSON when the reply says so, else text."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return reply.status, read_body(reply)
    except urllib.error.HTTPError as error:
        return error.code, read_body(error)


def read_body(reply):
    text = reply.read().decode()
    return json.loads(text) if "json" in reply.headers.get("Content-Type", "") else text


class Program:
    """One process with its log; stopped by SIGTERM, or by SIGKILL as a power cut would."""

    def __init__(self, name, command, log):
        self.name, self.command, self.log = name, [str(part) for part in command], log
        self.process = None

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        return self

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def check(self):
        if not self.alive():
            raise Failed(f"{self.name} ended with {self.process.poll()}; the end of {self.log}:\n{self.log.read_text()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        if self.alive():
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f"{self.name} did not end within 20 s of signal {how}")

    def kill(self):
        self.stop(signal.SIGKILL)


class Hub:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port, self.status_port = free_port(), free_port()
        self.program = None

    @property
    def page(self):
        return f"http://127.0.0.1:{self.status_port}/"

    def init(self):
        run(BIN / "retour-hub", "init", "--data", self.folder, "--host", "localhost", "--port", self.port)

    def start(self):
        self.program = Program("retour-hub", [BIN / "retour-hub", "serve", "--data", self.folder, "--port", self.port,
                                              "--status-port", self.status_port], self.folder / "hub.log").start()
        until(lambda: self.program.check() or self.status(), "the hub's status page")
        return self

    def token(self, name):
        return run(BIN / "retour-hub", "token", "--data", self.folder, "--name", name).stdout.split()[-1]

    def import_orders(self, file, *options, mapping=MAPPING):
        return run(BIN / "retour", "import", file, "--hub", self.folder, "--mapping", mapping, *options)

    def status(self):
        code, document = http("GET", self.page + "api/v1/status")
        if code != 200:
            raise Failed(f"the hub's status answered {code}: {document}")
        return document

    def node(self, name):
        return next(node for node in self.status()["nodes"] if node["name"] == name)

    def stop(self):
        if self.program:
            self.program.stop()


class Store:
    def __init__(self, name, folder):
        self.name, self.folder = name, pathlib.Path(folder)
        self.port = free_port()
        self.service = self.daemon = None

    @property
    def page(self):
        return f"http://127.0.0.1:{self.port}/"

    def enrol(self, token):
        self.folder.mkdir(parents=True, exist_ok=True)
        run(BIN / "retour-sync", "enrol", "--data", self.folder, "--token", token)

    def start(self):
        return self.start_service().start_sync()

    def start_service(self):
        self.service = Program(f"retour-store of {self.name}", [BIN / "retour-store", "--data", self.folder, "--port", self.port],
                               self.folder / "store.log").start()
        until(lambda: self.service.check() or self.status(), f"the service of {self.name}")
        return self

    def start_sync(self):
        self.daemon = Program(f"retour-sync of {self.name}", [BIN / "retour-sync", "run", "--data", self.folder],
                              self.folder / "sync.log").start()
        return self

    def go_offline(self):
        self.daemon.stop()

    def stop(self):
        for program in (self.daemon, self.service):
            if program:
                program.stop()

    def api(self, method, path, body=None):
        return http(method, self.page + "api/v1/" + path, body)

    def status(self):
        code, document = self.api("GET", "status")
        if code != 200:
            raise Failed(f"the status of {self.name} answered {code}: {document}")
        return document

"""Starts the real programs on loopback and talks to them: a hub, stores, their sync daemons.

Used by the demo and by the tests of this folder. Standard library only.
"""

import hashlib
import http.client
import json
import os
import pathlib
import random
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
PORTS_FROM, PORTS_TO = 20_000, 32_000


class Failed(Exception):
    """A step did not come out as it should; the text is for the person who runs it."""


class Ended(Failed):
    """A program that should run has ended: waiting for it makes no sense."""


_reserved = {}  # port -> the socket that keeps others from choosing it


def free_port():
    """A port that nobody else chooses while this process lives.

    Below the range from which outgoing connections take theirs: a program that was killed must find its port free when it
    starts again, whoever tried to reach it meanwhile. The reservation is a name that the kernel forgets with this process.
    """
    while True:
        port = random.randrange(PORTS_FROM, PORTS_TO)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0retour-e2e-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _reserved[port] = claim
        return port


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
        except Ended:
            raise
        except (OSError, http.client.HTTPException, Failed, KeyError, ValueError) as error:
            last = error
        time.sleep(0.02)
    raise Failed(f"waited {seconds} s for: {what}; last seen: {last}")


def home_of(customer, stores):
    """The number of the store that holds the rights to what the customer bought."""
    return int.from_bytes(hashlib.sha256(customer.encode()).digest()[:8], "big") % stores


def call(method, url, body=None, headers=None, timeout=30):
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

    outlives_us = True  # the demo stays when its script ends; a test's programs end with the test's group

    def __init__(self, name, command, log, **options):
        self.name, self.command, self.log = name, [str(part) for part in command], log
        self.options = options  # of Popen: env, preexec_fn
        self.process = None
        self.said_before = 0

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.said_before = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            start_new_session=Program.outlives_us, **self.options)
        return self

    def words(self):
        """What it has said since it was started."""
        return self.log.read_bytes()[self.said_before:].decode(errors="replace")

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def check(self):
        if not self.alive():
            raise Ended(f"{self.name} ended with {self.process.poll()}; the end of {self.log}:\n{self.words()[-2000:]}")

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

    def init(self, policy=None):
        options = ("--policy", policy) if policy else ()
        run(BIN / "retour-hub", "init", "--data", self.folder, "--host", "localhost", "--port", self.port, *options)

    def start(self, **options):
        self.program = Program("retour-hub", [BIN / "retour-hub", "serve", "--data", self.folder, "--port", self.port,
                                              "--status-port", self.status_port], self.folder / "hub.log", **options).start()
        until(lambda: self.program.check() or self.status(), "the hub's status page")
        return self

    def token(self, name):
        return run(BIN / "retour-hub", "token", "--data", self.folder, "--name", name).stdout.split()[-1]

    def import_orders(self, file, *options, mapping=MAPPING, check=True):
        return run(BIN / "retour", "import", file, "--hub", self.folder, "--mapping", mapping, *options, check=check)

    def status(self):
        code, document = call("GET", self.page + "api/v1/status")
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
        self.logs = self.folder
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

    def start_service(self, **options):
        self.service = Program(f"retour-store of {self.name}", [BIN / "retour-store", "--data", self.folder, "--port", self.port],
                               self.logs / "store.log", **options).start()
        until(lambda: self.service.check() or self.status(), f"the service of {self.name}")
        return self

    def start_sync(self, **options):
        self.daemon = Program(f"retour-sync of {self.name}", [BIN / "retour-sync", "run", "--data", self.folder],
                              self.logs / "sync.log", **options).start()
        return self

    def go_offline(self):
        self.daemon.stop()

    def stop(self):
        for program in (self.daemon, self.service):
            if program:
                program.stop()

    def api(self, method, path, body=None):
        return call(method, self.page + "api/v1/" + path, body)

    def status(self):
        code, document = self.api("GET", "status")
        if code != 200:
            raise Failed(f"the status of {self.name} answered {code}: {document}")
        return document

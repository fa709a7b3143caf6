"""The program retour-hub as its operator meets it: set-up, start, stop, refusals, tokens, and its pages."""

import contextlib
import http.client
import json
import pathlib
import re
import shutil
import socket
import sqlite3
import stat
import tempfile
import time
import unittest

import shop

shop.Program.outlives_us = False
SECRETS = ("ca.key.pem", "hub.key.pem", "sign.key.pem", "lookup.secret")
STOP_SECONDS_MAX = 3


def hub_program(*arguments, check=False):
    return shop.run(shop.BIN / "retour-hub", *arguments, check=check, timeout=60)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class WithFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-hub-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = shop.Hub(self.folder / "hub")

    def start(self):
        self.hub.init()
        self.hub.start()
        self.addCleanup(self.hub.stop)

    def says(self, done, *texts):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout, "")
        for text in texts:
            self.assertIn(text, done.stderr)


class SetUpTests(WithFolder):
    def test_init_makes_a_hub_whose_secrets_are_its_owners_alone(self):
        self.hub.init()
        for name in SECRETS:
            self.assertEqual(stat.S_IMODE((self.hub.folder / name).stat().st_mode), 0o600, name)
        self.assertEqual(len((self.hub.folder / "lookup.secret").read_bytes()), 32)
        self.assertEqual(stat.S_IMODE(self.hub.folder.stat().st_mode), 0o700)
        self.assertEqual(json.loads((self.hub.folder / "hub.json").read_text()), {"hosts": ["localhost"], "port": self.hub.port})
        policy = json.loads((self.hub.folder / "policy.json").read_text())
        self.assertEqual((policy["id"], policy["windows"][0]["days"]), ("default", 30))

    def test_a_second_init_is_refused_and_changes_nothing(self):
        self.hub.init()
        before = contents(self.hub.folder)
        done = hub_program("init", "--data", self.hub.folder, "--host", "elsewhere", "--port", 1)
        self.says(done, "there is a hub already")
        self.assertEqual(contents(self.hub.folder), before)

    def test_an_init_that_broke_off_goes_on_with_the_keys_it_made(self):
        self.hub.init()
        before = contents(self.hub.folder)
        (self.hub.folder / "hub.json").unlink()
        self.hub.init()
        after = contents(self.hub.folder)
        for name in (*SECRETS, "ca.cert.pem", "hub.db", "hub.json"):
            self.assertEqual(after[name], before[name], name)

    def test_new_keys_are_never_put_beside_an_old_database(self):
        self.hub.init()
        (self.hub.folder / "hub.json").unlink()
        (self.hub.folder / "ca.key.pem").unlink()
        done = hub_program("init", "--data", self.hub.folder, "--host", "localhost", "--port", self.hub.port)
        self.says(done, "hub.db is there, but ca.key.pem is not", "lock every store out")
        self.assertFalse((self.hub.folder / "hub.json").exists())

    def test_a_policy_of_the_retailer_is_taken_and_a_wrong_one_refused_before_anything_is_made(self):
        policy = self.folder / "policy.json"
        policy.write_text('{"id": "ours", "version": 2, "windows": [{"id": "all", "days": "many"}]}')
        arguments = ("init", "--data", self.hub.folder, "--host", "localhost", "--policy", policy)
        self.says(hub_program(*arguments), "windows[0].days is \"many\"")
        self.assertFalse(self.hub.folder.exists())
        policy.write_text('{"id": "ours", "version": 2}')
        self.assertEqual(hub_program(*arguments).returncode, 0)
        self.assertEqual(json.loads((self.hub.folder / "policy.json").read_text())["id"], "ours")

    def test_each_policy_that_a_hub_decides_by_is_an_event_once(self):
        self.start()
        self.hub.stop()
        self.hub.start()
        self.hub.stop()
        policy = self.hub.folder / "policy.json"
        policy.write_text('{"id": "ours", "version": 2}')
        self.hub.start()
        self.hub.stop()
        with contextlib.closing(sqlite3.connect(self.hub.folder / "hub.db")) as database:
            bodies = [row[0] for row in database.execute("SELECT body FROM event WHERE kind = 'policy_adopted' ORDER BY seq")]
        self.assertEqual(len(bodies), 2)
        self.assertIn(b'"default"', bodies[0])
        self.assertIn(b'"ours"', bodies[1])

    def test_a_hub_with_a_wrong_policy_says_so_keeps_the_last_one_and_serves(self):
        self.start()
        policy = self.hub.folder / "policy.json"
        policy.write_text('{"id": "ours", "version": 3, "window": 5, "windows": [{"id": "w", "days": -1}]}')
        told = shop.until(lambda: self.hub.status()["policy"]["trouble"], "the running hub to see it")
        for text in (str(policy), "window is not known", "windows[0].days is -1", 'pack "default", version 1, stays in force'):
            self.assertIn(text, told)
        self.hub.stop()
        self.hub.start()
        self.assertEqual(self.hub.status()["policy"], {"id": "default", "version": 1, "trouble": told})
        self.assertIn("windows[0].days is -1", self.hub.program.words())
        shop.Store("anna", self.folder / "anna").enrol(self.hub.token("anna"))
        self.assertEqual(json.loads((self.folder / "anna" / "policy.json").read_text())["id"], "default")
        policy.write_text('{"id": "ours", "version": 3}')
        shop.until(lambda: self.hub.status()["policy"] == {"id": "ours", "version": 3, "trouble": ""}, "the right one to be in force")

    def test_a_hub_that_never_had_a_policy_and_has_a_wrong_one_does_not_start(self):
        self.hub.init()
        policy = self.hub.folder / "policy.json"
        policy.write_text('{"id": "ours", "version": 3, "window": 5}')
        self.says(hub_program("serve", "--data", self.hub.folder), str(policy), "window is not known")

    def test_what_cannot_be_meant_is_refused_with_a_reason(self):
        data = ("--data", self.hub.folder)
        self.says(hub_program(), "which command?", "usage:")
        self.says(hub_program("frobnicate", *data), 'no command "frobnicate"')
        self.says(hub_program("serve"), "serve needs --data DIR")
        self.says(hub_program("init", *data), "init needs --host")
        self.says(hub_program("init", *data, "--host", "two words"), "neither a host name nor an IPv4 address")
        self.says(hub_program("init", *data, "--host", "hub", "--port", 70000), "range 1 to 65535")
        self.says(hub_program("serve", *data), "this directory is no hub", "retour-hub init")
        self.assertFalse(self.hub.folder.exists())
        self.assertEqual(hub_program("--help").returncode, 0)


class TokenTests(WithFolder):
    def test_the_token_is_the_last_word_and_names_the_hub_and_its_ca(self):
        self.hub.init()
        said = hub_program("token", "--data", self.hub.folder, "--name", "anna", check=True).stdout
        token = said.split()[-1]
        self.assertRegex(token, rf"^rt1:localhost:{self.hub.port}:[0-9a-f]{{32}}:[0-9a-f]{{64}}$")
        self.assertIn("anna", said.splitlines()[0])
        self.says(hub_program("token", "--data", self.hub.folder, "--name", "no good"), "name_invalid")
        self.says(hub_program("token", "--data", self.hub.folder), "token needs --name")

    def test_the_hub_keeps_no_secret_of_a_token(self):
        self.hub.init()
        secret = self.hub.token("anna").split(":")[3]
        for name, content in contents(self.hub.folder).items():
            self.assertNotIn(secret.encode(), content, name)
            self.assertNotIn(bytes.fromhex(secret), content, name)

    def test_a_token_works_once_and_a_newer_one_replaces_it(self):
        self.start()
        old, new = self.hub.token("anna"), self.hub.token("anna")
        with self.assertRaisesRegex(shop.Failed, "token_unknown"):
            shop.Store("anna", self.folder / "anna").enrol(old)
        anna = shop.Store("anna", self.folder / "anna")
        anna.enrol(new)
        anna.start_sync()
        self.addCleanup(anna.stop)
        shop.until(lambda: self.hub.node("anna")["last_contact_ms"], "the first contact of anna")
        with self.assertRaisesRegex(shop.Failed, "token_unknown"):
            shop.Store("anna", self.folder / "thief").enrol(new)
        self.says(hub_program("token", "--data", self.hub.folder, "--name", "anna"), "name_taken")


class ServeTests(WithFolder):
    def enrolled(self, name):
        store = shop.Store(name, self.folder / name)
        store.enrol(self.hub.token(name))
        store.start_sync()
        self.addCleanup(store.stop)
        shop.until(lambda: self.hub.node(name)["online"] and self.hub.node(name)["last_contact_ms"], f"{name} to be online")
        return store

    def test_it_says_where_it_answers_and_that_one_disk_holds_the_grants(self):
        self.start()
        said = self.hub.program.words()
        self.assertIn(f"port {self.hub.port}", said)
        self.assertIn(self.hub.page, said)
        self.assertIn("durable on one disk only", said)

    def test_a_taken_port_is_named(self):
        self.start()
        other = shop.Hub(self.folder / "other")
        other.init()
        serve = ("serve", "--data", other.folder)
        self.says(hub_program(*serve, "--port", self.hub.port, "--status-port", 0), str(self.hub.port), "in use")
        self.says(hub_program(*serve, "--status-port", self.hub.status_port), str(self.hub.status_port), "--status-port")

    def test_one_directory_is_served_once(self):
        self.start()
        done = hub_program("serve", "--data", self.hub.folder, "--port", shop.free_port(), "--status-port", 0)
        self.says(done, "another retour-hub works in this directory")

    def test_sigterm_ends_it_soon_with_a_waiting_store_and_an_open_page(self):
        self.start()
        self.enrolled("anna")
        page = http.client.HTTPConnection("127.0.0.1", self.hub.status_port, timeout=10)
        page.request("GET", "/")
        page.getresponse().read()  # the connection stays open
        began = time.monotonic()
        self.hub.stop()
        self.assertLess(time.monotonic() - began, STOP_SECONDS_MAX)
        self.assertEqual(self.hub.program.process.returncode, 0)
        page.close()

    def test_killed_and_started_again_it_knows_its_stores(self):
        self.start()
        self.enrolled("anna")
        before = self.hub.status()
        self.hub.program.kill()
        self.hub.start()
        shop.until(lambda: self.hub.node("anna")["online"], "anna to come back")
        after = self.hub.status()
        self.assertEqual(after["hub_epoch"], before["hub_epoch"])
        self.assertEqual([n["node"] for n in after["nodes"]], [n["node"] for n in before["nodes"]])

    def test_a_store_that_dies_is_offline_at_once(self):
        self.start()
        anna = self.enrolled("anna")
        anna.daemon.kill()
        shop.until(lambda: not self.hub.node("anna")["online"], "the hub to notice", 5)

    def test_a_revoked_store_is_shut_out_at_once_although_it_waits_for_news(self):
        self.start()
        anna = self.enrolled("anna")
        hub_program("revoke", "--data", self.hub.folder, "--name", "anna", check=True)
        self.assertTrue(self.hub.node("anna")["revoked"])
        state = lambda: json.loads((anna.folder / "sync.json").read_text())
        shop.until(lambda: state()["trouble"] == "refused_by_hub", "anna to be refused while she waits", 10)
        self.assertFalse(self.hub.node("anna")["online"])
        self.says(hub_program("revoke", "--data", self.hub.folder, "--name", "nobody"), "node_unknown")

    def test_a_store_says_when_it_falls_out_of_step_and_when_it_is_back(self):
        self.start()
        anna = self.enrolled("anna")
        shop.until(lambda: "retour-sync: in step with the hub" in anna.daemon.words(), "anna to say that it is in step")
        self.hub.program.kill()
        shop.until(lambda: "cannot be reached" in anna.daemon.words(), "anna to say that the hub is gone")
        self.hub.start()
        shop.until(lambda: "cannot be reached" not in anna.daemon.words().splitlines()[-1], "anna to say that it is back")
        self.assertEqual(anna.daemon.words().count("cannot be reached"), 1)

    def test_one_store_is_kept_in_step_by_one_program(self):
        self.start()
        anna = self.enrolled("anna")
        done = shop.run(shop.BIN / "retour-sync", "run", "--data", anna.folder, check=False, timeout=60)
        self.says(done, "another retour-sync works in this directory")

    def test_retour_sync_says_what_is_missing(self):
        for arguments, text in (((), "which command?"), (("fly",), 'no command "fly"'), (("run",), "run needs --data DIR"),
                                (("enrol", "--data", self.folder / "x"), "enrol needs --token"),
                                (("enrol", "--data", self.folder / "x", "--token", "abc"), "not of the form rt1:"),
                                (("run", "--data", self.folder / "x"), "not enrolled")):
            self.says(shop.run(shop.BIN / "retour-sync", *arguments, check=False, timeout=60), text)
        self.assertFalse((self.folder / "x").exists())

    def test_a_new_host_name_makes_a_new_certificate_and_stores_notice_nothing(self):
        self.start()
        self.enrolled("anna")
        self.hub.stop()
        old = (self.hub.folder / "hub.cert.pem").read_bytes()
        config = self.hub.folder / "hub.json"
        config.write_text(json.dumps({"hosts": ["localhost", "hub.example"], "port": self.hub.port}))
        self.hub.start()
        self.assertIn("made anew: it does not name hub.example", self.hub.program.words())
        self.assertNotEqual((self.hub.folder / "hub.cert.pem").read_bytes(), old)
        shop.until(lambda: self.hub.node("anna")["online"], "anna to come back")

    def test_a_damaged_hub_json_is_named_with_its_field(self):
        self.hub.init()
        (self.hub.folder / "hub.json").write_text('{"hosts": ["localhost"]}')
        self.says(hub_program("serve", "--data", self.hub.folder), "hub.json", 'field "port"')

    def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(self):
        self.hub.init()
        with sqlite3.connect(self.hub.folder / "hub.db") as database:
            database.execute("PRAGMA user_version = 999")
        database.close()
        before = (self.hub.folder / "hub.db").read_bytes()
        self.says(hub_program("serve", "--data", self.hub.folder, "--port", self.hub.port, "--status-port", 0), "hub.db", "newer")
        self.assertEqual((self.hub.folder / "hub.db").read_bytes(), before)


class ImportTests(WithFolder):
    COLUMNS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    ROWS = ("536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
            "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom\n")

    def write(self, text):
        file = self.folder / "orders.csv"
        file.write_text(self.COLUMNS + text)
        return file

    def test_a_running_hub_sees_an_import_by_another_process_and_the_same_again_is_no_news(self):
        self.start()
        file = self.write(self.ROWS)
        self.assertIn("1 orders imported", self.hub.import_orders(file).stdout)
        shop.until(lambda: self.hub.status()["orders"] == 1, "the order at the hub")
        rights = shop.until(lambda: self.hub.status()["rights"]["purchased"] == 12 and self.hub.status()["rights"], "the rights")
        self.assertEqual((rights["conserved"], rights["hub"]), (True, 12))
        self.assertEqual({(s["sku"], s["quantity"]) for s in self.hub.status()["stock"]["(hub)"]}, {("85123A", -6), ("71053", -6)})
        self.assertIn("0 orders imported, 1 known already", self.hub.import_orders(file).stdout)
        self.assertEqual(self.hub.status()["orders"], 1)

    def test_a_bad_row_is_told_and_kept_and_strict_refuses_the_file_whole(self):
        self.hub.init()
        file = self.write(self.ROWS + "536366,71053,LANTERN,six,2010-12-01 08:28:00,3.39,17850,United Kingdom\n")
        command = (shop.BIN / "retour", "import", file, "--hub", self.hub.folder, "--mapping", shop.MAPPING)
        strict = shop.run(*command, "--strict", check=False)
        self.assertEqual(strict.returncode, 1)
        self.assertIn("nothing was imported", strict.stderr)
        self.assertIn("line 4, column Quantity", strict.stderr)
        done = shop.run(*command, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 orders imported", done.stdout)
        self.assertIn("six", pathlib.Path(f"{file}.rejects.csv").read_text())

    def test_what_is_no_hub_takes_no_orders(self):
        done = shop.run(shop.BIN / "retour", "import", self.write(self.ROWS), "--hub", self.folder, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("this directory is no hub", done.stderr)


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-hub-"))
        cls.hub = shop.Hub(cls.folder / "hub")
        cls.hub.init()
        cls.hub.start()

    @classmethod
    def tearDownClass(cls):
        cls.hub.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ask(self, method, path, host=None, body=None):
        """(status, headers, text) of one exchange, with whatever Host header is wanted."""
        connection = http.client.HTTPConnection("127.0.0.1", self.hub.status_port, timeout=10)
        connection.putrequest(method, path, skip_host=host is not None)
        if host is not None:
            connection.putheader("Host", host)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        if body is not None:
            connection.send(body)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, reply.headers, text

    def test_the_status_says_what_programs_ask_for(self):
        status = shop.until(lambda: self.hub.status()["rights"]["conserved"] and self.hub.status(), "the rights to be counted")
        self.assertEqual(status["orders"], 0)
        self.assertIsInstance(status["nodes"], list)
        self.assertEqual(status["referrals_open"], 0)
        self.assertEqual(status["stock"], {})
        self.assertGreater(status["hub_epoch"], 0)
        self.assertLess(abs(status["now_ms"] - time.time() * 1000), 60_000)

    def test_a_place_made_by_another_process_is_seen(self):
        self.hub.token("bert")
        bert = shop.until(lambda: self.hub.node("bert"), "the place for bert")
        self.assertEqual((bert["enrolled"], bert["online"], bert["journal_seq"], bert["refunded"]), (False, False, 0, {}))
        self.assertRegex(bert["node"], "^[0-9a-f]{32}$")
        self.assertIn("bert", self.ask("GET", "/")[2])

    def test_the_page_brings_all_it_needs_and_permits_nothing_else(self):
        status, headers, page = self.ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "text/html; charset=utf-8")
        policy = headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("frame-ancestors 'none'", policy)
        for link in set(re.findall(r'(?:href|src)="([^"]+)"', page)):
            self.assertTrue(link.startswith("/"), link)
            self.assertEqual(self.ask("GET", link)[0], 200, link)

    def test_another_name_in_the_host_header_gets_nothing(self):
        for host in ("evil.example", "evil.example:80", f"127.0.0.1.evil.example:{self.hub.status_port}", ""):
            for path in ("/", "/api/v1/status"):
                status, _, text = self.ask("GET", path, host=host)
                self.assertEqual(status, 403, host)
                self.assertNotIn("hub_epoch", text)
        self.assertEqual(self.ask("GET", "/", host=f"localhost:{self.hub.status_port}")[0], 200)

    def test_it_can_only_be_read(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            status, headers, _ = self.ask(method, "/api/v1/status", body=b"{}")
            self.assertEqual((status, headers["Allow"]), (405, "GET"), method)
        self.assertEqual(self.ask("HEAD", "/")[0], 405)

    def test_there_is_nothing_beside_the_known_paths(self):
        for path in ("/hub.db", "/../hub.json", "/%2e%2e/hub.json", "/api/v1/", "//", "/api/v1/status/"):
            self.assertEqual(self.ask("GET", path)[0], 404, path)
        self.assertEqual(self.ask("GET", "/?again=1")[0], 200)

    def test_broken_requests_cost_their_own_connection_only(self):
        for hostile in (b"\x00\xff\x16\x03\x01", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost: " + b"a" * 100_000 + b"\r\n\r\n",
                        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.hub.status_port), timeout=10) as connection:
                try:
                    connection.sendall(hostile)
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(4096)
                except OSError:
                    pass  # closed while we were still sending
        with socket.create_connection(("127.0.0.1", self.hub.port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")  # no TLS at the stores' end
            try:
                connection.recv(4096)
            except OSError:
                pass
        self.hub.program.check()
        self.assertEqual(self.ask("GET", "/")[0], 200)
        shop.until(lambda: self.hub.status()["handshakes_failed"] > 0, "the stranger to be counted")

    def test_the_page_is_not_reachable_from_outside(self):
        addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
        for address in addresses:
            if address.startswith("127."):
                continue
            with self.assertRaises(OSError, msg=address):
                socket.create_connection((address, self.hub.status_port), timeout=2)


if __name__ == "__main__":
    unittest.main()

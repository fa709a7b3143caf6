"""Certificates from elsewhere, tokens that are no good, clocks that are years off: said in words, and the till goes on."""

import glob
import json
import os
import shutil
import unittest

import authority
import chain
import shop

YEAR_S = 365 * 86_400


def status_detail(store):
    """What retour-sync told the store about the hub."""
    return store.status()["sync"]["detail"]


class CertificateTests(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = authority.Authority(cls.folder / "elsewhere")

    def assert_says_and_sells_on(self, store, *words):
        """The daemon names the trouble and goes on; the till takes goods back; nothing reaches the hub."""
        def said():
            store.daemon.check()
            return all(word in status_detail(store) for word in words) and status_detail(store)
        shop.until(said, f"retour-sync to say {words}")
        self.assertFalse(store.status()["sync"]["online"])
        order = chain.sell(store, f"{store.name}-off")
        outcome = chain.take_back(store, chain.a_return([chain.of_order(order)]))
        self.assertEqual(outcome["lines"][0]["assurance"], "held")
        self.assertGreater(store.status()["waiting_events"], 0)

    def swap(self, store, *names):
        """Puts files aside; the returned function puts them back and starts the daemon again."""
        for name in names:
            shutil.copy2(store.folder / name, self.folder / f"{store.name}-{name}")

        def back():
            store.daemon.stop()
            for name in names:
                shutil.copy2(self.folder / f"{store.name}-{name}", store.folder / name)
            store.start_sync()
        return back

    def test_a_store_certificate_from_elsewhere_is_refused_by_the_hub_and_both_say_so(self):
        store = self.running("anna", sync=False)
        back = self.swap(store, "node.key.pem", "node.cert.pem")
        name = authority.common_name(store.folder / "node.cert.pem")
        self.elsewhere.issue(name, store.folder / "node.key.pem", store.folder / "node.cert.pem")
        store.start_sync()
        self.assert_says_and_sells_on(store, "refused the certificate of this store", "not signed by the hub's CA")
        back()
        self.in_step(store)

    def test_a_hub_of_another_ca_is_not_talked_to(self):
        store = self.running("bert", sync=False)
        back = self.swap(store, "hub-ca.pem")
        shutil.copy2(self.elsewhere.certificate, store.folder / "hub-ca.pem")
        store.start_sync()
        self.assert_says_and_sells_on(store, "not signed by the CA this store was enrolled with")
        back()
        self.in_step(store)

    def test_a_revoked_store_is_not_let_in_and_sells_on(self):
        store = self.running("dora")
        chain.sell(store, "dora-on")
        self.in_step(store)
        shop.run(shop.BIN / "retour-hub", "revoke", "--data", self.hub.folder, "--name", "dora")
        seq = self.hub.node("dora")["journal_seq"]
        chain.sell(store, "dora-revoked")
        self.assert_says_and_sells_on(store, "revoked at the hub")
        self.assertEqual(self.hub.node("dora")["journal_seq"], seq, "events of a revoked store were taken")

    def test_a_certificate_that_is_no_certificate_is_named_with_its_file(self):
        store = self.running("cleo", sync=False)
        (store.folder / "node.cert.pem").write_text("not a certificate\n")
        store.start_sync()
        shop.until(lambda: not store.daemon.alive(), "retour-sync to refuse the file")
        self.assertIn("node.cert.pem", store.daemon.words())
        self.assertEqual(store.status()["journal_seq"], 1, "the store's own service goes on, with its policy in the journal")


class EnrolmentTests(chain.ChainTest):
    def refused(self, name, token):
        """Enrolment that ends with words and leaves a directory that can still be enrolled."""
        folder = self.folder / name
        done = shop.run(shop.BIN / "retour-sync", "enrol", "--data", folder, "--token", token, check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertFalse((folder / "store.json").exists())
        return done.stderr

    def enrol_after_all(self, name):
        store = self.enrolled(name)
        self.assertEqual(json.loads((store.folder / "store.json").read_text())["name"], name)

    def test_a_token_that_is_no_token_is_refused_before_anybody_is_asked(self):
        for token in ("", "rt1", "rt1:localhost:1:2", "rt2:localhost:7443:00:00", "x" * 5_000):
            with self.subTest(token=token[:20]):
                self.assertIn("token", self.refused("malformed", token))
        self.enrol_after_all("malformed")

    def test_a_token_with_a_wrong_secret_is_refused_by_the_hub(self):
        parts = self.hub.token("guessed").split(":")
        parts[3] = "".join("0" if c != "0" else "1" for c in parts[3])
        self.assertIn("token", self.refused("guessed", ":".join(parts)))

    def test_a_token_is_used_up_with_the_first_contact_of_its_store(self):
        token = self.hub.token("once")
        store = shop.Store("once", self.folder / "once")
        store.enrol(token)
        self.start(store)
        shop.until(lambda: store.status()["sync"]["online"], "the store's first contact")
        self.assertIn("it was used", self.refused("again", token))
        self.enrol_after_all("again")
        self.assertTrue(store.status()["sync"]["online"], "the store that has the place keeps it")

    def test_a_token_that_names_another_ca_leads_to_no_hub(self):
        parts = self.hub.token("pinned").split(":")
        parts[4] = "0" * len(parts[4])
        self.assertIn("not signed by the CA that the token names", self.refused("pinned", ":".join(parts)))

    def test_a_store_is_not_enrolled_twice(self):
        store = self.enrolled("steady")
        before = chain.contents(store.folder, "*")
        done = shop.run(shop.BIN / "retour-sync", "enrol", "--data", store.folder, "--token", self.hub.token("other"), check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("enrolled already", done.stderr)
        self.assertEqual(chain.contents(store.folder, "*"), before)

    def test_programs_of_a_directory_that_was_never_enrolled_say_what_to_do(self):
        folder = self.folder / "nobody"
        folder.mkdir()
        for command in ([shop.BIN / "retour-store", "--data", folder, "--port", shop.free_port()],
                        [shop.BIN / "retour-sync", "run", "--data", folder]):
            done = shop.run(*command, check=False, timeout=20)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("enrol", done.stderr)


def wrong_clock(seconds):
    """Options for a program that lives in another year; its timers run as ever."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not library:
        raise shop.Failed("libfaketime is not installed: ./dev setup")
    return {"env": {**os.environ, "LD_PRELOAD": library[0], "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}}


class ClockTests(chain.ChainTest):
    def test_a_store_two_years_ahead_sells_on_and_its_journal_never_goes_back(self):
        store = self.enrolled("ahead")
        self.ends_with_test(store)
        store.start_service(**wrong_clock(2 * YEAR_S))
        order = chain.sell(store, "F-1")
        chain.take_back(store, chain.a_return([chain.of_order(order)]))
        store.service.stop()
        store.start()  # somebody has set the clock
        chain.take_back(store, chain.a_return([chain.of_order(order)]))
        self.in_step(store)
        store.stop()
        self.assert_journal_is_sound(store)
        times = [hlc for hlc, in chain.rows_of(store.folder / "journal.db", "SELECT hlc FROM event ORDER BY seq")]
        self.assertEqual(times, sorted(set(times)), "the journal's time went back or stood still")
        behind = chain.rows_of(store.folder / "journal.db", "SELECT max(behind_ms_max) FROM clock_flag")[0][0]
        self.assertGreater(behind, 1_000 * YEAR_S, "nothing says that these events were written while the clock stood behind")

    def test_a_daemon_whose_clock_is_two_years_off_says_so_or_syncs_and_the_till_goes_on(self):
        for name, seconds in (("later", 2 * YEAR_S), ("earlier", -2 * YEAR_S)):
            with self.subTest(name=name):
                store = self.running(name, sync=False)
                order = chain.sell(store, f"{name}-1")
                store.start_sync(**wrong_clock(seconds))
                shop.until(lambda: store.daemon.check() or "clock" in status_detail(store), "retour-sync to speak of the clock")
                outcome = chain.take_back(store, chain.a_return([chain.of_order(order)]))
                self.assertEqual(outcome["lines"][0]["assurance"], "held")
                store.daemon.stop()
                store.start_sync()
                self.in_step(store)

    def test_the_hub_flags_a_store_whose_clock_is_ahead(self):
        store = self.enrolled("fast")
        self.ends_with_test(store)
        store.start_service()
        store.start_sync(**wrong_clock(600))
        chain.sell(store, "C-1")
        shop.until(lambda: abs(self.hub.node("fast")["clock_skew_ms"] - 600_000) < 60_000, "the hub to know the store's skew")


if __name__ == "__main__":
    unittest.main()

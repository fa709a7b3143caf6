"""Files that are newer, damaged, or on a disk that is full: refused or set aside in words, never deleted."""

import shutil
import unittest

import chain
import disk
import shop

ENDS_WITHIN_SECONDS = 15
RETURNS_MAX = 2_000  # a full disk refuses long before


class FileTests(chain.ChainTest):
    def store_with_history(self, name):
        """A store with a sale and a return in its journal, not running."""
        store = self.running(name, sync=False)
        self.order = chain.sell(store, f"{name}-1", quantity=100)
        self.case = chain.take_back(store, chain.a_return([chain.of_order(self.order)]))
        store.service.stop()
        return store

    def assert_refuses_to_start(self, store, *words):
        """Both programs of the store end by themselves and say why."""
        for start in (self.try_service, self.try_sync):
            program = start(store)
            shop.until(lambda: not program.alive(), f"{program.name} to refuse its file", ENDS_WITHIN_SECONDS)
            self.assertNotEqual(program.process.returncode, 0)
            for word in words:
                self.assertIn(word, program.words())

    def try_service(self, store):
        store.service = shop.Program("retour-store", store.service.command, store.folder / "store.log").start()
        return store.service

    def try_sync(self, store):
        return store.start_sync().daemon

    def test_a_journal_of_a_newer_program_is_refused_and_left_as_it_is(self):
        store = self.store_with_history("newer")
        chain.raise_version(store.folder / "journal.db", 9_999)
        before = chain.contents(store.folder, "journal.db*")
        self.assert_refuses_to_start(store, "journal.db", "9999", "newer")
        self.assertEqual(chain.contents(store.folder, "journal.db*"), before)

    def test_a_replica_of_a_newer_program_is_refused_and_left_as_it_is(self):
        store = self.store_with_history("newer_orders")
        chain.raise_version(store.folder / "orders.db", 9_999)
        before = chain.contents(store.folder, "orders.db*")
        self.assert_refuses_to_start(store, "orders.db", "9999", "newer")
        self.assertEqual(chain.contents(store.folder, "orders.db*"), before)

    def test_a_hub_database_of_a_newer_program_is_refused_and_left_as_it_is(self):
        hub = shop.Hub(self.folder / "newer_hub")
        hub.init()
        file = hub.folder / "hub.db"
        chain.raise_version(file, 9_999)
        before = file.read_bytes()
        done = shop.run(shop.BIN / "retour-hub", "serve", "--data", hub.folder, "--port", hub.port, "--status-port", hub.status_port,
                        check=False, timeout=ENDS_WITHIN_SECONDS)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("newer", done.stderr)
        self.assertEqual(file.read_bytes(), before)

    def test_a_journal_whose_first_page_is_gone_is_kept_and_refused_in_words(self):
        store = self.store_with_history("headless")
        file = store.folder / "journal.db"
        chain.overwrite(file, 0, 1)
        damaged = file.read_bytes()
        self.assert_refuses_to_start(store, "journal.db")
        self.assert_bytes_are_kept(store, damaged)

    def test_a_journal_with_dead_pages_in_its_middle_is_never_deleted_and_verify_finds_it(self):
        store = self.store_with_history("holed")
        file = store.folder / "journal.db"
        chain.raise_version(file, chain.version(file))  # moves the log into the file, so that the pages are those that count
        chain.overwrite(file, 2, file.stat().st_size // 4096 - 2)
        damaged = file.read_bytes()
        verified = shop.run(shop.BIN / "retour", "journal", "verify", file, check=False)
        self.assertNotEqual(verified.returncode, 0, verified.stdout)
        self.assert_refuses_to_start(store, "journal.db")
        self.assert_bytes_are_kept(store, damaged)

    def assert_bytes_are_kept(self, store, damaged):
        kept = [content for content in chain.contents(store.folder, "journal.db*").values() if len(content) == len(damaged)]
        self.assertIn(damaged, kept, "the damaged journal is nowhere any more")


class ReplicaTests(chain.ChainTest):
    homes = ("anna",)
    rows = "1-2000"

    def test_a_damaged_replica_is_set_aside_and_fetched_again(self):
        store = self.start(self.stores[0])
        line = chain.purchases(2000)[0]
        self.wait_for(store, line)
        orders = store.status()["orders"]
        store.stop()
        replica = store.folder / "orders.db"
        for log in store.folder.glob("orders.db-*"):
            log.unlink()
        chain.overwrite(replica, 0, replica.stat().st_size // 4096)
        damaged = replica.read_bytes()
        store.start()
        shop.until(lambda: store.status()["orders"] == orders, "the replica to be fetched again", 60)
        self.assertIn(damaged, chain.contents(store.folder, "orders.db*").values(), "the damaged file was deleted")
        self.assertEqual(self.quote(store, line)["lines"][0]["state"], "approved")

    def quote(self, store, line):
        body = {"customer": line["customer"], "business_date": chain.BUSINESS_DATE,
                "lines": [{"sku": line["sku"], "quantity": 1, "price": line["price"]}]}
        code, quote = store.api("POST", "quotes", body)
        if code != 200:
            raise shop.Failed(f"the quote answered {code}: {quote}")
        return quote

    def wait_for(self, store, line):
        shop.until(lambda: self.quote(store, line)["lines"][0]["state"] == "approved", "the orders and their rights", 60)


class FullDiskTests(chain.ChainTest):
    """Both ways of running out of room: a file system without space, and files that may not grow."""

    SLACKS = range(0, 20, 2)  # pages left: room for none, one or both commits of a return, so that each of them fails once

    def on_small_disk(self):
        try:
            small = disk.SmallDisk(mib=12)
        except disk.NoMount as error:
            self.skipTest(f"no small file system to be had here: {error}")
        self.addCleanup(small.close)
        store = self.enrolled("small", small.folder / "store")
        store.logs = self.folder / "logs"
        self.ends_with_test(store)
        store.start_service()
        return store, small.fill, small.free

    def with_limited_files(self):
        store = self.enrolled("limited")
        store.logs = self.folder / "logs"
        self.ends_with_test(store)
        store.start_service(**disk.GROWING)
        process, log = store.service.process, store.folder / "journal.db-wal"
        return store, lambda slack: disk.stop_growth(process, log, slack), lambda: disk.limit_files(process)

    def test_a_full_disk_refuses_the_return_and_loses_nothing(self):
        self.refuses_and_goes_on(*self.on_small_disk(), code="SQLITE_FULL")

    def test_files_that_cannot_grow_refuse_the_return_and_lose_nothing(self):
        self.refuses_and_goes_on(*self.with_limited_files(), code="SQLITE_IOERR")

    def refuses_and_goes_on(self, store, fill, free, code):
        order = chain.sell(store, f"{store.name}-1", quantity=5_000)
        cases, paid_when_refused = set(), set()
        for slack in self.SLACKS:
            cases.add(chain.take_back(store, self.one(order))["case"])
            fill(slack)
            refused, paid = self.return_until_refused(store, order, code, cases)
            paid_when_refused.add(paid)
            self.assertEqual(store.api("GET", "status")[0], 200, "what only reads still works")
            free()
            again = chain.take_back(store, refused)
            self.assertEqual((again["lines"][0]["state"], again["planned_minor"]), ("approved", 250))
            cases.add(again["case"])
        self.assertIn(False, paid_when_refused, "no slack was small enough for the first commit to fail")
        for case in cases:
            shop.until(lambda: chain.finish(store, case), f"the return {case} to be over")
        self.assert_each_was_paid_once(store, cases)

    def one(self, order):
        return chain.a_return([chain.of_order(order)])

    def return_until_refused(self, store, order, code, cases):
        """The return that was refused, and whether cash had left the drawer for it all the same."""
        for _ in range(RETURNS_MAX):
            before = len(chain.moved(store, "drawer"))
            body = self.one(order)
            status, answer = store.api("POST", "return-cases", body)
            if status in (200, 201):
                cases.add(answer["case"])
                continue
            paid = len(chain.moved(store, "drawer")) > before
            self.assertEqual((status, answer["code"]), (503, "store_unavailable"), answer)
            self.assertIn(code, answer["message"])
            self.assert_tells_the_truth(answer["message"] + answer["detail"], paid)
            return body, paid
        self.fail(f"{RETURNS_MAX} returns went onto a full disk")

    def assert_tells_the_truth(self, words, paid):
        """The drawer's own tally knows whether money left; the words must not differ."""
        if paid:
            self.assertNotRegex(words, "[Nn]o (tender|money) was moved")
            self.assertIn("do not pay it again", words)
        else:
            self.assertRegex(words, "[Nn]o (tender|money) was moved")

    def assert_each_was_paid_once(self, store, cases):
        legs = {}
        for case in cases:
            _, outcome = store.api("GET", f"return-cases/{case}")
            self.assertEqual((outcome["lines"][0]["state"], outcome["paid_minor"]), ("approved", 250))
            legs.update({leg["leg"]: [leg["pays_minor"]] for refund in outcome["refunds"] for leg in refund["legs"]})
        self.assertEqual(chain.moved(store, "drawer"), legs)
        store.service.stop()
        self.assert_journal_is_sound(store)


class FullDiskOfTheHubTests(chain.ChainTest):
    def test_a_hub_without_room_says_so_and_has_every_journal_when_there_is_room_again(self):
        self.hub.stop()
        self.hub.start(**disk.GROWING)
        store = self.running("anna")
        order = chain.sell(store, "A-1", quantity=5_000)
        self.in_step(store)
        disk.stop_growth(self.hub.program.process, self.hub.folder / "hub.db-wal")
        for _ in range(RETURNS_MAX):
            chain.take_back(store, chain.a_return([chain.of_order(order)]))
            if store.status()["sync"]["detail"]:
                break
        self.assertIn("SQLITE_", self.hub.program.words() + store.status()["sync"]["detail"])
        self.hub.program.check()
        disk.limit_files(self.hub.program.process)
        self.in_step(store)


if __name__ == "__main__":
    unittest.main()

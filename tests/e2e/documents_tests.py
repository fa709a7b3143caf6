"""Documents that the hub publishes for every store: policy packs, the article catalogue, staff, the recall list. The real programs."""

import datetime
import glob
import json
import os
import pathlib
import shutil
import tempfile
import unittest

import shop
from chain import BUSINESS_DATE, ChainTest, a_return, of_order, sell
from store_api_tests import enrol_by_hand

SOON = 30  # seconds


def pack(version, days, **fields):
    return {"id": "default", "version": version, **fields, "windows": [{"id": "general", "days": days}]}


class DocumentsTests(ChainTest):
    def publish(self, kind, document, check=True):
        file = self.folder / f"{kind}.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return shop.run(shop.BIN / "retour-hub", "publish", "--data", self.hub.folder, "--kind", kind, "--file", file, check=check)

    def decides_by(self, version, *stores):
        for store in stores:
            shop.until(lambda: store.status()["policy"]["version"] == version, f"{store.name} to decide by version {version}", SOON)

    def in_step_with_lane(self, *stores):
        """The store has taken what the hub had published until now, or refused it."""
        head = self.hub.status()["documents"]
        for store in stores:
            state = store.folder / "documents.json"
            shop.until(lambda: json.loads(state.read_text())["after"] == head, f"{store.name} to have document {head}", SOON)

    def verdict(self, store, number):
        """Of an article that comes back on the twentieth day after it was sold."""
        order = sell(store, number)
        later = datetime.date.fromisoformat(BUSINESS_DATE) + datetime.timedelta(days=20)
        quote = a_return([of_order(order)], business_date=later.isoformat())
        del quote["command_id"], quote["till"]
        code, answer = store.api("POST", "quotes", quote)
        self.assertEqual(code, 200, answer)
        return answer["lines"][0]["state"], answer["lines"][0].get("refusal")

    def test_1_a_published_policy_is_what_the_hub_and_every_store_decide_by_without_restart(self):
        anna, bert = self.running("anna"), self.running("bert")
        self.decides_by(1, anna, bert)
        self.assertEqual(self.verdict(anna, "A-1"), ("approved", "none"))
        bert.go_offline()
        said = self.publish("policy", pack(2, 14)).stdout
        self.assertIn("Published policy default-2", said)
        shop.until(lambda: self.hub.status()["policy"]["version"] == 2, "the hub to decide by version 2", SOON)
        self.decides_by(2, anna)
        self.assertEqual(self.verdict(anna, "A-2"), ("refused", "window_closed"))
        self.assertEqual(bert.status()["policy"]["version"], 1)
        self.assertEqual(self.verdict(bert, "B-1"), ("approved", "none"))
        bert.start_sync()
        self.decides_by(2, bert)
        self.assertEqual(self.verdict(bert, "B-2"), ("refused", "window_closed"))
        # Who joins now begins with it.
        cleo = self.running("cleo", sync=False)
        self.assertEqual(cleo.status()["policy"], {"id": "default", "version": 2, "trouble": ""})
        for store in (anna, bert):
            self.assertIn(("default", 2), self.adopted(store))

    def adopted(self, store):
        dump = shop.run(shop.BIN / "retour", "journal", "dump", store.folder / "journal.db").stdout
        events = [json.loads(line) for line in dump.splitlines()]
        return [(e["body"]["policy_id"], e["body"]["policy_version"]) for e in events if e["kind"] == "policy_adopted"]

    def test_2_a_wrong_pack_is_refused_by_name_at_the_hub_and_the_one_in_force_stays(self):
        before = self.hub.status()
        done = self.publish("policy", {"id": "default", "version": 9, "windows": [{"id": "w", "days": -1}]}, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"{self.folder / 'policy.json'}", done.stderr)
        self.assertIn("windows[0].days is -1", done.stderr)
        done = self.publish("policy", pack(1, 5), check=False)
        self.assertIn("raise the version", done.stderr)
        done = self.publish("promotions", {}, check=False)
        self.assertIn('knows no documents of kind "promotions"', done.stderr)
        after = self.hub.status()
        self.assertEqual((after["policy"], after["documents"]), (before["policy"], before["documents"]))

    def test_3_what_a_store_refuses_is_told_at_both_ends_and_the_old_stays_until_a_right_one_comes(self):
        dora = self.running("dora")
        self.publish("staff", {"staff": [{"code": "m1", "role": "manager"}]})
        self.in_step_with_lane(dora)
        staff = dora.folder / "staff.json"
        staff.write_text('{"staff": "nobody"}')  # this store's own file is damaged: its PINs cannot be kept
        self.publish("staff", {"staff": [{"code": "m2", "role": "manager"}]})
        told = shop.until(lambda: self.hub.status()["documents_refused"], "the hub to hear of the refusal", SOON)
        self.assertEqual((told[0]["node"], told[0]["kind"]), ("dora", "staff"))
        self.assertIn(str(staff), told[0]["reason"])
        self.assertEqual([one["reason"] for one in dora.status()["documents_refused"]], [told[0]["reason"]])
        self.assertEqual(staff.read_text(), '{"staff": "nobody"}')
        code, page = shop.call("GET", dora.page)
        self.assertIn("Not taken over from the hub", page)
        code, page = shop.call("GET", self.hub.page)
        self.assertIn("Store dora did not take over document", page)
        staff.unlink()
        self.publish("staff", {"staff": [{"code": "m3", "role": "manager"}]})
        shop.until(lambda: not self.hub.status()["documents_refused"], "the refusal to go", SOON)
        self.assertEqual(json.loads(staff.read_text()), {"staff": [{"code": "m3", "role": "manager"}]})

    def test_4_a_catalogue_comes_to_a_running_store_and_its_categories_are_what_rules_see(self):
        emil = self.running("emil")
        self.publish("policy", {**pack(30, 30), "exclusions": [{"id": "cakes", "when": {"categories": ["cakes"]}}]})
        self.decides_by(30, emil)
        self.assertEqual(self.verdict(emil, "E-1"), ("approved", "none"))
        self.publish("catalogue", [{"sku": "22423", "category": "cakes"}])
        shop.until(lambda: (emil.folder / "catalogue.json").exists(), "the catalogue to arrive", SOON)
        numbers = iter(range(2, 100))
        shop.until(lambda: self.verdict(emil, f"E-{next(numbers)}") == ("refused", "not_returnable"), "the catalogue to be read", SOON)

    def test_5_a_pack_of_the_future_waits_at_hub_and_store(self):
        finn = self.running("finn")
        self.in_step_with_lane(finn)
        before = finn.status()["policy"]
        tomorrow = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).date().isoformat()
        self.assertIn(f"holds from {tomorrow} on", self.publish("policy", pack(50, 5, valid_from=tomorrow)).stdout)
        self.in_step_with_lane(finn)
        self.assertEqual(len([file for file in (finn.folder / "policies").iterdir() if "50" in file.read_text()]), 1)
        self.assertEqual(finn.status()["policy"], before)
        self.assertEqual(self.hub.status()["policy"]["trouble"], "")


class MidnightTests(unittest.TestCase):
    """A store without network whose date changes while it runs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-midnight-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def test_a_pack_comes_into_force_on_its_date_and_goes_when_it_is_over_without_restart(self):
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not library:
            raise shop.Failed("libfaketime is not installed: ./dev setup")
        anna = self.folder / "anna"
        enrol_by_hand(anna)
        (anna / "policy.json").write_text(json.dumps(pack(1, 30)))
        (anna / "policies").mkdir()
        (anna / "policies" / "000000000004.json").write_text(json.dumps(pack(4, 9, valid_from="2026-12-01", valid_until="2026-12-01")))
        store = shop.Store("anna", anna)
        # Each second here is two hours there: midnight comes after six seconds, the next one twelve seconds later.
        environment = {**os.environ, "LD_PRELOAD": library[0], "FAKETIME": "@2026-11-30 12:00:00 x7200", "TZ": "UTC",
                       "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        store.start_service(env=environment)
        self.addCleanup(store.service.kill)
        self.assertEqual(store.status()["policy"]["version"], 1)
        for version in (4, 1):
            shop.until(lambda: store.status()["policy"]["version"] == version, f"version {version} to be in force", SOON)
        store.service.stop()
        dump = shop.run(shop.BIN / "retour", "journal", "dump", anna / "journal.db").stdout
        events = [json.loads(line) for line in dump.splitlines()]
        self.assertEqual([e["body"]["policy_version"] for e in events if e["kind"] == "policy_adopted"], [1, 4, 1])


if __name__ == "__main__":
    unittest.main()

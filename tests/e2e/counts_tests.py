"""Counts of the chain: what a customer returned at one store is seen by the risk rules of another."""

import datetime
import json
import unittest

import chain
import shop

TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
SOON = 30  # seconds
PACK = {"id": "default", "version": 2, "windows": [{"id": "general", "days": 30}],
        "risk": [{"id": "often", "signal": "returns_30_days", "at_least": 2, "points": 30},
                 {"id": "many_stores", "signal": "stores_30_days", "at_least": 2, "points": 30}],
        "risk_points_max": 50}


def publish(test, pack):
    file = test.folder / "policy.json"
    file.write_text(json.dumps(pack))
    shop.run(shop.BIN / "retour-hub", "publish", "--data", test.hub.folder, "--kind", "policy", "--file", file)
    shop.until(lambda: test.hub.status()["policy"]["version"] == pack["version"], "the hub to decide by the pack", SOON)


def sold(store, number, **fields):
    body = {**chain.a_sale(number, **fields), "sold_on": TODAY}
    code, sale = store.api("POST", "sales", body)
    if code not in (200, 201):
        raise shop.Failed(f"{store.name} did not take the sale {number}: {code} {sale}")
    return sale["order"]


def counts_in(store, case):
    """What the answers to the lines of a case rested on: signal -> count of the last one."""
    dump = shop.run(shop.BIN / "retour", "journal", "dump", store.folder / "journal.db").stdout
    events = [json.loads(line) for line in dump.splitlines()]
    answers = [e["body"]["decision"] for e in events if e["kind"] == "line_answered" and e["return_case_id"] == case]
    return {one["signal"]: one["count"] for one in answers[-1]["trace"]["facts"]["risk"]}


class CountsTests(chain.ChainTest):
    def quoted(self, store, lines):
        quote = chain.a_return(lines, customer="carol", business_date=TODAY)
        del quote["command_id"], quote["till"]
        code, answer = store.api("POST", "quotes", quote)
        self.assertEqual(code, 200, answer)
        return answer["lines"][0]["state"]

    def test_returns_at_another_store_refer_at_the_home_of_the_customer_also_without_network(self):
        publish(self, PACK)
        anna, bert = self.running("anna"), self.running("bert")
        at_anna = sold(anna, "A-1", customer="carol")
        at_bert = sold(bert, "B-1", customer="carol")
        first = chain.take_back(anna, chain.a_return([chain.of_order(at_anna)], customer="carol", business_date=TODAY))
        self.assertEqual(first["state"], "closed", first)
        self.assertEqual(self.quoted(anna, [chain.of_order(at_anna)]), "approved")
        elsewhere = chain.take_back(bert, chain.a_return([chain.of_order(at_bert)], customer="carol", business_date=TODAY))

        shop.until(lambda: self.quoted(anna, [chain.of_order(at_anna)]) == "needs_manager", "anna to be told of bert's return", SOON)
        anna.go_offline()
        asked = chain.take_back(anna, chain.a_return([chain.of_order(at_anna)], customer="carol", business_date=TODAY))
        self.assertEqual([line["state"] for line in asked["lines"]], ["needs_manager"], asked)
        counts = counts_in(anna, asked["case"])
        self.assertEqual((counts["returns_30_days"], counts["returns_365_days"], counts["stores_30_days"]), (2, 2, 2))

        # What bert takes back counts no more.
        code, undone = bert.api("POST", f"return-cases/{elsewhere['case']}/reversal",
                                {"command_id": chain.command_id("undo"), "staff": "cleo", "reason": "mistake"})
        self.assertEqual(code, 200, undone)
        anna.start_sync()
        shop.until(lambda: self.quoted(anna, [chain.of_order(at_anna)]) == "approved", "anna to be told that it was undone", SOON)
        for store in (anna, bert):
            self.assert_journal_is_sound(store)


if __name__ == "__main__":
    unittest.main()

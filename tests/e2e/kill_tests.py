"""Kill any of the three programs at any moment and start it again: nothing is lost, nothing doubled."""

import collections
import os
import random
import shutil
import subprocess
import threading
import unittest

import chain
import shop

FULL = bool(os.environ.get("RETOUR_TEST_FULL"))
SEED = int(os.environ.get("RETOUR_KILL_SEED", random.SystemRandom().randrange(10**6)))
ROWS = 42_481 if FULL else 5_000
RETURNS_A_STORE = 400 if FULL else 60
SALE_EVERY = 5                      # each fifth customer brings back what this till sold a moment ago
ABROAD_SHARE = 0.3                  # of the others: at home in the other store, so that the hub has to move the right
UP_SECONDS = (0.05, 0.5)            # between two kills
DOWN_SECONDS = (0.0, 0.4)
ANSWER_SECONDS = 60                 # a till that asks again and again has its answer by then
HEAL_SECONDS = 90


class Killer(threading.Thread):
    """Kills one of the programs at a random moment, waits a little, starts it again; until told to stop."""

    def __init__(self, programs, seed):
        super().__init__(daemon=True)
        self.programs, self.random = programs, random.Random(seed)
        self.stopping = threading.Event()
        self.kills = collections.Counter()
        self.failure = None

    def run(self):
        try:
            while not self.stopping.wait(self.random.uniform(*UP_SECONDS)):
                program = self.random.choice(self.programs)
                program.check()  # one that ended by itself is a finding, not a kill
                program.kill()
                self.kills[program.name] += 1
                self.stopping.wait(self.random.uniform(*DOWN_SECONDS))
                program.start()
        except shop.Failed as failed:
            self.failure = failed

    def stop(self):
        self.stopping.set()
        self.join()
        if self.failure:
            raise self.failure


class Till(threading.Thread):
    """Brings a list of returns to one store, each until it is answered: the same words, the same command id."""

    def __init__(self, store, visits):
        super().__init__(daemon=True)
        self.store, self.visits = store, visits
        self.cases = {}  # command id -> case
        self.failure = None

    def run(self):
        try:
            for visit in self.visits:
                body = visit(self.store, self.say)
                self.cases[body["command_id"]] = self.say("return-cases", body)["case"]
        except shop.Failed as failed:
            self.failure = failed

    def say(self, path, body):
        return shop.until(lambda: self.try_once(path, body), f"{self.store.name} to answer {path} {body['command_id']}", ANSWER_SECONDS)

    def try_once(self, path, body):
        try:
            code, answer = self.store.api("POST", path, body)
        except (OSError, ValueError, shop.http.client.HTTPException):
            return None  # killed meanwhile: said again
        if code in (200, 201):
            return answer
        if code == 503:
            return None
        raise shop.Ended(f"{self.store.name} answered {path} with {code}: {answer}\n{body}")


def bought_here(number):
    """A visit in which the customer buys three and brings one back."""
    def visit(store, say):
        order = say("sales", chain.a_sale(f"K-{store.name}-{number}", tender="cash" if number % 2 else "card"))["order"]
        return chain.a_return([chain.of_order(order)], command=f"{store.name} {number}")
    return visit


def bought_online(line, number):
    def visit(store, _say):
        asked = {"sku": line["sku"], "quantity": min(2, line["quantity"]), "price": line["price"], "reason": "size"}
        return chain.a_return([asked], customer=line["customer"], command=f"{store.name} {number}", reference=f"R-{number}")
    return visit


class KillTests(chain.ChainTest):
    homes = ("anna", "bert")
    rows = f"1-{ROWS}"

    def test_killing_the_programs_at_random_moments_loses_and_doubles_nothing(self):
        print(f"seed {SEED}: RETOUR_KILL_SEED={SEED} draws the same kills and visits", flush=True)
        stores = [self.start(store) for store in self.stores]
        self.in_step(*stores)
        tills = [Till(store, visits) for store, visits in zip(stores, self.visits())]
        killer = Killer([self.hub.program, *(p for s in stores for p in (s.service, s.daemon))], SEED)
        for thread in (killer, *tills):
            thread.start()
        for till in tills:
            till.join()
        killer.stop()
        print(f"killed: {dict(killer.kills)}", flush=True)
        for till in tills:
            if till.failure:
                raise till.failure
        self.heal(stores, tills)
        self.check(stores, tills)

    def visits(self):
        """A list of visits for each store: distinct customers, at home here or in the other store."""
        draw = random.Random(SEED)
        by_home = [[], []]
        seen = set()
        for line in chain.purchases(ROWS):
            if line["customer"] not in seen:
                seen.add(line["customer"])
                by_home[shop.home_of(line["customer"], 2)].append(line)
        for lines in by_home:
            draw.shuffle(lines)
        for home in (0, 1):
            visits = []
            for number in range(RETURNS_A_STORE):
                lines = by_home[1 - home] if draw.random() < ABROAD_SHARE else by_home[home]
                if number % SALE_EVERY == 0 or not lines:
                    visits.append(bought_here(number))
                else:
                    visits.append(bought_online(lines.pop(), number))
            yield visits

    # ---- healing: what people do when the lights are on again ----------------------------------------------------

    def heal(self, stores, tills):
        for till in tills:
            for case in till.cases.values():
                shop.until(lambda: chain.finish(till.store, case), f"the return {case} at {till.store.name} to be over", HEAL_SECONDS)
        self.in_step(*stores, seconds=HEAL_SECONDS)
        shop.until(lambda: self.hub.status()["referrals_open"] == 0, "the hub to have settled everything", HEAL_SECONDS)
        self.in_step(*stores, seconds=HEAL_SECONDS)

    # ---- what must be true ---------------------------------------------------------------------------------------

    def check(self, stores, tills):
        claimed = collections.Counter()
        assurances = collections.Counter()
        for till in tills:
            self.check_cases(till, claimed, assurances)
        print(f"answers: {dict(assurances)}", flush=True)
        self.assertEqual([units for units, times in claimed.items() if times > 1], [], "units refunded twice")
        self.assertGreater(assurances["held"], 0)
        self.check_hub(stores, claimed)
        for store in stores:
            self.check_files(store)

    def check_cases(self, till, claimed, assurances):
        """Each command one case; each case one answer; each leg moved once and for its amount."""
        self.assertEqual(len(till.cases), RETURNS_A_STORE)
        self.assertEqual(len(set(till.cases.values())), RETURNS_A_STORE)
        _, listed = till.store.api("GET", f"return-cases?business_date={chain.BUSINESS_DATE}")
        self.assertEqual({case["case"] for case in listed["return_cases"]}, set(till.cases.values()))
        money = {**chain.moved(till.store, "drawer"), **chain.moved(till.store, "terminal")}
        legs = {}
        for case in till.cases.values():
            _, outcome = till.store.api("GET", f"return-cases/{case}")
            self.assertEqual([line["state"] for line in outcome["lines"]], ["approved"], outcome)
            line = outcome["lines"][0]
            assurances[line["assurance"]] += 1
            self.assertEqual(sum(claim["units"]["count"] for claim in line["claims"]), line["quantity"])
            for claim in line["claims"]:
                units = claim["units"]
                claimed.update((claim["order"], units["line_no"], units["first"] + n) for n in range(units["count"]))
            self.assertEqual(outcome["paid_minor"], sum(claim["total_minor"] for claim in line["claims"]))
            legs.update({leg["leg"]: leg["pays_minor"] for refund in outcome["refunds"] for leg in refund["legs"]})
        self.assertEqual({leg: sum(amounts) for leg, amounts in money.items()}, legs, "money that moved, against the legs")

    def check_hub(self, stores, claimed):
        status = self.hub.status()
        self.check_rights(sum(claimed.values()))
        self.assertEqual(status["referrals_open"], 0)
        for store in stores:
            own = store.status()
            node = self.hub.node(store.name)
            self.assertEqual(node["journal_seq"], own["journal_seq"])
            self.assertEqual(node["refunded"], own["refunded"])
            self.assertEqual(chain.levels(status["stock"].get(store.name, [])), chain.levels(store.api("GET", "stock")[1]["stock"]))

    def check_rights(self, claimed):
        """Every unit sold has one holder, and as many are used up as the tills claimed. The hub counts now and then."""
        rights = shop.until(lambda: (lambda r: r["claimed"] == claimed and r["in_transfer"] == 0 and r)(self.hub.status()["rights"]),
                            f"the hub to count {claimed} claimed units and none on their way")
        self.assertTrue(rights["conserved"], rights)
        self.assertEqual(rights["purchased"], claimed + rights["cancelled"] + rights["hub"] + sum(rights["nodes"].values()))

    def check_files(self, store):
        self.assert_journal_is_sound(store)
        store.stop()
        copy = self.folder / f"{store.name}-rebuilt.db"
        for suffix in ("", "-wal"):
            file = store.folder / f"journal.db{suffix}"
            if file.exists():
                shutil.copy2(file, f"{copy}{suffix}")
        rebuilt = shop.run(shop.BIN / "retour", "journal", "rebuild", copy, check=False)
        self.assertEqual(rebuilt.returncode, 0, rebuilt.stdout + rebuilt.stderr)


class KilledWhileLoadingTests(chain.ChainTest):
    homes = ("anna",)
    ROWS = 20_000
    KILLS = 6

    def import_command(self):
        return [str(part) for part in (shop.BIN / "retour", "import", shop.DATA / "online_retail.csv.gz", "--hub", self.hub.folder,
                                       "--mapping", shop.MAPPING, "--rows", f"1-{self.ROWS}")]

    def test_an_import_and_a_replica_that_are_killed_again_and_again_are_whole_in_the_end(self):
        draw = random.Random(SEED)
        print(f"seed {SEED}", flush=True)
        for _ in range(self.KILLS):
            loading = subprocess.Popen(self.import_command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                loading.wait(timeout=draw.uniform(0.01, 0.6))
            except subprocess.TimeoutExpired:
                loading.kill()
                loading.wait()
        shop.run(*self.import_command())
        orders = chain.invoices(self.ROWS)
        self.assertEqual(self.hub.status()["orders"], len(orders))

        store = self.start(self.stores[0])
        mine = sum(1 for customer in orders.values() if customer)  # the only store is everybody's home
        pause = threading.Event()
        for _ in range(self.KILLS):
            pause.wait(draw.uniform(0.01, 0.3))
            store.daemon.kill()
            store.start_sync()
        shop.until(lambda: store.status()["orders"] >= mine and chain.is_in_step(self.hub, store), f"{mine} orders at the store", HEAL_SECONDS)
        shop.until(lambda: self.hub.status()["rights"]["conserved"] and self.hub.status()["rights"]["orders"] == len(orders),
                   "the hub to count the rights")
        self.assert_journal_is_sound(store)


if __name__ == "__main__":
    unittest.main()

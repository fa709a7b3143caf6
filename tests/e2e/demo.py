#!/usr/bin/env python3
"""The demo: a hub and two stores on this machine, over TLS, with the first month of a year of real orders.

`./dev demo` leaves everything running; `./dev demo --check` verifies each step, stops everything and exits 0 or 1;
`./dev demo --stop` ends what an earlier demo left running.
"""

import argparse
import contextlib
import csv
import gzip
import json
import os
import pathlib
import shutil
import signal
import sys
import time

import shop

FOLDER = shop.ROOT / ".demo"  # or what --folder says
MONTH_ROWS = 42_481  # data rows 1 to 42,481 are December 2010
STORES = ("anna", "bert")
STOP_SECONDS_MAX = 20  # programs end within 3 s; then they are killed
POLICY = shop.ROOT / "installer" / "policies" / "replay.json"  # no window: the purchases are of 2010


def say(text=""):
    print(text, flush=True)


class Steps:
    """Numbered steps with the time each took."""

    def __init__(self, total):
        self.total, self.number = total, 0

    def step(self, text):
        self.number += 1
        say(f"[{self.number}/{self.total}] {text}")


def expect(condition, text):
    if not condition:
        raise shop.Failed(text)
    say(f"      ok: {text}")


def orders_at_home(store):
    """How many orders of the month have this store as their home: what it keeps without age limit."""
    numbers = set()
    with gzip.open(shop.DATA / "online_retail.csv.gz", "rt", newline="", encoding="utf-8") as file:
        for row, record in enumerate(csv.DictReader(file), 1):
            if row > MONTH_ROWS:
                break
            if record["InvoiceNo"].isdigit() and int(record["Quantity"]) > 0 and record["CustomerID"]:
                if shop.home_of(record["CustomerID"], len(STORES)) == store:
                    numbers.add(record["InvoiceNo"])
    return len(numbers)


def purchases():
    """(customer, sku) -> units and price of the last purchase in the month, for keys that nobody returned."""
    bought, returned = {}, set()
    with gzip.open(shop.DATA / "online_retail.csv.gz", "rt", newline="", encoding="utf-8") as file:
        for row, record in enumerate(csv.DictReader(file), 1):
            if row > MONTH_ROWS:
                break
            key = (record["CustomerID"], record["StockCode"])
            if not key[0] or not key[1][:5].isdigit():
                continue
            if int(record["Quantity"]) < 0:
                returned.add(key)
            elif float(record["UnitPrice"]) > 0:
                bought[key] = (int(record["Quantity"]), record["UnitPrice"], record["InvoiceNo"], record["Description"])
    return {key: value for key, value in bought.items() if key not in returned}


def pick(bought, store, parity, used):
    """A line of a customer whose home is `store`, with an even (cash) or odd (card) number, not used before."""
    for (customer, sku), (quantity, price, invoice, description) in bought.items():
        if shop.home_of(customer, len(STORES)) == store and int(customer) % 2 == parity and quantity >= 2 and customer not in used:
            used.add(customer)
            return {"customer": customer, "sku": sku, "price": price, "invoice": invoice, "description": description}
    raise shop.Failed("the month has no line that fits; the data file is not the one in tests/data")


def return_body(line, quantity, number):
    return {
        "command_id": os.urandom(16).hex(),
        "till": "1",
        "cashier": "demo",
        "reference": f"DEMO-{number}",
        "customer": line["customer"],
        "business_date": "2011-01-03",
        "lines": [{"sku": line["sku"], "quantity": quantity, "price": line["price"], "reason": "changed_mind"}],
    }


def take_back(store, line, quantity, number):
    code, outcome = store.api("POST", "return-cases", return_body(line, quantity, number))
    if code not in (200, 201):
        raise shop.Failed(f"{store.name} refused the return of {line['sku']} with {code}: {outcome}")
    answer = outcome["lines"][0]
    say(f"      {store.name}: {quantity} x {line['description'].strip()} of customer {line['customer']}, order {line['invoice']}"
        f" -> {answer['state']} ({answer['assurance']})")
    return outcome


def in_step(hub, store):
    node = hub.node(store.name)
    return node["journal_seq"] > 0 and node["journal_seq"] == store.status()["journal_seq"]


def start(steps):
    steps.step("hub: its certificate authority, its database, two places for stores")
    hub = shop.Hub(FOLDER / "hub")
    hub.init(POLICY)
    hub.start()
    stores = [shop.Store(name, FOLDER / name) for name in STORES]
    for store in stores:
        store.enrol(hub.token(store.name))
    steps.step(f"import of the first month: data rows 1 to {MONTH_ROWS:,}")
    say("      " + hub.import_orders(shop.DATA / "online_retail.csv.gz", "--rows", f"1-{MONTH_ROWS}").stdout.strip().splitlines()[-1])
    steps.step("stores anna and bert: replica of the orders over mutual TLS, rights to their customers' goods")
    for store in stores:
        store.start()
    for number, store in enumerate(stores):
        orders = orders_at_home(number)
        shop.until(lambda: store.status()["orders"] == orders and store.status()["sync"]["online"] and in_step(hub, store),
                   f"{store.name} to have the {orders} orders of its customers", 120)
        say(f"      {store.name} has the {orders:,} orders of its customers, and their rights")
    return hub, stores


def story(steps, hub, stores):
    anna, bert = stores
    bought, used = purchases(), set()
    cash, card, foreign = pick(bought, 0, 0, used), pick(bought, 0, 1, used), pick(bought, 1, 0, used)
    abroad = pick(bought, 1, 0, used)

    steps.step("online: a customer of bert returns at anna; the hub moves the right while she waits")
    outcome = take_back(anna, abroad, 1, 1)
    expect(outcome["lines"][0]["assurance"] == "confirmed", "approved, confirmed by the hub")

    steps.step("anna loses the network")
    anna.go_offline()
    shop.until(lambda: not anna.status()["sync"]["online"], "anna to notice that she is offline")
    held = [take_back(anna, cash, 2, 2), take_back(anna, card, 1, 3)]
    expect(all(o["lines"][0]["assurance"] == "held" for o in held), "anna's own customers get their money at once, offline")
    deferred = take_back(anna, foreign, 1, 4)
    expect(deferred["lines"][0]["state"] == "deferred", "a customer of bert gets a slip: only the hub knows")
    waiting = anna.status()["waiting_events"]
    expect(waiting > 0, f"{waiting} events wait for the network")

    steps.step("anna is back")
    anna.start_sync()
    shop.until(lambda: in_step(hub, anna) and anna.status()["waiting_events"] == 0, "anna's journal at the hub", 60)
    case = deferred["case"]
    settled = shop.until(lambda: (lambda o: o["lines"][0]["state"] == "approved" and o)(anna.api("GET", f"return-cases/{case}")[1]),
                         "the hub to settle the deferred line", 60)
    expect(settled["lines"][0]["settled_later"], "the deferred line is settled: approved")
    shop.until(lambda: all(in_step(hub, store) for store in stores), "both journals at the hub", 60)

    steps.step("hub and stores agree")
    agree(hub, stores)
    return anna, deferred


def agree(hub, stores):
    status = hub.status()
    expect(status["rights"]["conserved"], "rights: every unit sold has exactly one holder")
    expect(status["referrals_open"] == 0, "no question is open")
    for store in stores:
        _, local = store.api("GET", "stock")
        theirs = {(s["sku"], s["bucket"]): s["quantity"] for s in local["stock"] if s["quantity"]}
        ours = {(s["sku"], s["bucket"]): s["quantity"] for s in status["stock"].get(store.name, []) if s["quantity"]}
        expect(theirs == ours, f"stock of {store.name} is the same at the hub and at the store ({len(ours)} levels)")
        mine = store.status()["refunded"]
        hubs = hub.node(store.name)["refunded"]
        expect(mine == hubs, f"money given back by {store.name} is the same at both ends: {json.dumps(mine)}")


def remember(hub, stores):
    processes = [hub.program] + [p for s in stores for p in (s.service, s.daemon)]
    (FOLDER / "pids").write_text("\n".join(str(p.process.pid) for p in processes) + "\n")


def is_ours(pid):
    """A program of an earlier demo in this folder; the number may have gone to somebody else since."""
    try:
        return str(FOLDER) in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False


def stop_earlier():
    """Ends the programs of an earlier demo and waits until they are gone, so that their files can go too."""
    file = FOLDER / "pids"
    if not file.exists():
        return
    pids = [int(pid) for pid in file.read_text().split()]
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in filter(is_ours, pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
        end = time.monotonic() + STOP_SECONDS_MAX
        while any(map(is_ours, pids)) and time.monotonic() < end:
            time.sleep(0.05)
    file.unlink()


def use_folder(folder):
    global FOLDER
    FOLDER = folder.resolve()


def empty_folder():
    """A fresh folder. One that holds anything but an earlier demo is left alone."""
    mark = FOLDER / "this-is-a-retour-demo"
    if FOLDER.exists() and any(FOLDER.iterdir()) and not (mark.exists() or FOLDER == shop.ROOT / ".demo"):
        raise SystemExit(f"{FOLDER} holds something that is no demo of ours; name an empty folder")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    mark.touch()


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="verify each step, then stop everything")
    parser.add_argument("--stop", action="store_true", help="end what an earlier demo left running")
    parser.add_argument("--folder", type=pathlib.Path, default=FOLDER, help="where its files lie (default: .demo)")
    options = parser.parse_args()
    use_folder(options.folder)
    stop_earlier()
    if options.stop:
        say("The demo is stopped.")
        return 0
    empty_folder()
    hub, stores, began = None, [], time.monotonic()
    try:
        steps = Steps(7)
        hub, stores = start(steps)
        story(steps, hub, stores)
        say(f"\nDone in {time.monotonic() - began:.0f} s.")
        if options.check:
            return 0
        remember(hub, stores)
        say("\nEverything is running. Look at it:")
        say(f"  hub    {hub.page}")
        for store in stores:
            say(f"  {store.name}   {store.page}")
        say("End it with: ./dev demo --stop")
        hub, stores = None, []
        return 0
    except shop.Failed as failed:
        say(f"\nThe demo failed: {failed}")
        return 1
    finally:
        for store in stores:
            store.stop()
        if hub:
            hub.stop()


if __name__ == "__main__":
    sys.exit(main())

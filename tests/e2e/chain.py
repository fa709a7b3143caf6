"""A chain for a test: a hub and stores in a directory that goes away, and what a till says to its store."""

import csv
import gzip
import hashlib
import http.client
import itertools
import json
import pathlib
import shutil
import socket
import sqlite3
import tempfile
import unittest

import shop

BUSINESS_DATE = "2010-12-24"  # within the 30 days of the default rules for all of that month
shop.Program.outlives_us = False


class ChainTest(unittest.TestCase):
    """One hub a class; stores by name, made when a test asks for them. All programs end with the class."""

    homes = ()  # stores that are enrolled before the import: the orders are theirs, by the hash of the customer
    rows = ""   # of the real data, "1-2000": imported before the first test

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.hub = shop.Hub(cls.folder / "hub")
        cls.hub.init()
        cls.addClassCleanup(end, lambda: [cls.hub.program])
        cls.hub.start()
        cls.stores = [cls.enrolled(name) for name in cls.homes]
        if cls.rows:
            cls.hub.import_orders(shop.DATA / "online_retail.csv.gz", "--rows", cls.rows)

    @classmethod
    def enrolled(cls, name, folder=None):
        """A store that has joined the chain and is not running."""
        store = shop.Store(name, folder or cls.folder / name)
        store.enrol(cls.hub.token(name))
        return store

    def running(self, name, sync=True):
        return self.start(self.enrolled(name), sync)

    def start(self, store, sync=True):
        self.ends_with_test(store)
        store.start_service()
        return store.start_sync() if sync else store

    def ends_with_test(self, store):
        self.addCleanup(end, lambda: [store.daemon, store.service])

    def in_step(self, *stores, seconds=60):
        """Waits until the hub has the whole journal of each store."""
        for store in stores:
            shop.until(lambda: is_in_step(self.hub, store), f"the hub to have the journal of {store.name}", seconds)

    def assert_journal_is_sound(self, store):
        verified = shop.run(shop.BIN / "retour", "journal", "verify", store.folder / "journal.db", check=False)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)


def end(programs):
    for program in programs():
        if program:
            program.kill()


def is_in_step(hub, store):
    seq = store.status()["journal_seq"]
    return seq > 0 and hub.node(store.name)["journal_seq"] == seq and store.status()["waiting_events"] == 0


# ---- what a till says --------------------------------------------------------------------------------------------

_numbers = itertools.count(1)


def command_id(text):
    """The same text, the same id: a command can be said again word for word."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def a_sale(number, quantity=3, price_minor=250, customer="", tender="cash"):
    """A sale of one line at a till of the store: its rights are born there, so that it can come back without a hub."""
    total = quantity * price_minor
    return {
        "command_id": command_id(f"sale {number}"), "till": "1", "number": number, "currency": "GBP", "customer": customer,
        "sold_on": BUSINESS_DATE,
        "lines": [{"sku": "22423", "description": "CAKESTAND", "quantity": quantity,
                   "unit_price": f"{price_minor // 100}.{price_minor % 100:02}", "net_minor": total}],
        "tenders": [{"kind": tender, "reference": "card-1" if tender == "card" else "", "paid_minor": total}],
    }


def a_return(lines, customer="", command="", **fields):
    body = {"command_id": command_id(command or f"return {next(_numbers)}"), "till": "1", "cashier": "cleo",
            "business_date": BUSINESS_DATE, "lines": lines}
    if customer:
        body["customer"] = customer
    return {**body, **fields}


def of_order(order, quantity=1, line=1):
    return {"order": order, "order_line": line, "quantity": quantity, "reason": "changed_mind"}


def sell(store, number, **fields):
    """Rings the sale and returns the order's id."""
    code, sold = store.api("POST", "sales", a_sale(number, **fields))
    if code not in (200, 201):
        raise shop.Failed(f"{store.name} did not take the sale {number}: {code} {sold}")
    return sold["order"]


def take_back(store, body):
    code, outcome = store.api("POST", "return-cases", body)
    if code not in (200, 201):
        raise shop.Failed(f"{store.name} answered the return with {code}: {outcome}")
    return outcome


def send_raw(port, request, shut=False):
    """Sends bytes as they are and returns (status, document) of the reply. `shut`: no more will come."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent: the reply says why
        if shut:
            connection.shutdown(socket.SHUT_WR)
        reply = http.client.HTTPResponse(connection)
        reply.begin()
        text = reply.read().decode()
        return reply.status, json.loads(text) if "json" in reply.headers.get("Content-Type", "") else text


def post_raw(port, path, body, length=None, shut=False):
    head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body) if length is None else length}\r\n\r\n")
    return send_raw(port, head.encode() + body, shut)


# ---- the real data -----------------------------------------------------------------------------------------------

LONGEST_INVOICE_ROWS = 1_200  # 1,114 in the file


def sale_rows(rows):
    """The sale rows among the first `rows` data rows, of orders that are complete within them: an import takes no half order."""
    with gzip.open(shop.DATA / "online_retail.csv.gz", "rt", newline="", encoding="utf-8") as file:
        records = list(itertools.islice(csv.DictReader(file), rows + LONGEST_INVOICE_ROWS))
    going_on = {record["InvoiceNo"] for record in records[rows:]}
    for record in records[:rows]:
        if record["InvoiceNo"].isdigit() and int(record["Quantity"]) > 0 and record["InvoiceNo"] not in going_on:
            yield record


def invoices(rows):
    """number -> customer of the orders in the first `rows` data rows."""
    return {record["InvoiceNo"]: record["CustomerID"] for record in sale_rows(rows)}


def purchases(rows):
    """One line for each (customer, sku) sold in the first `rows` data rows, the last one: customer, sku, quantity, price."""
    bought = {}
    for record in sale_rows(rows):
        if record["CustomerID"] and record["StockCode"][:5].isdigit() and float(record["UnitPrice"]) > 0:
            bought[record["CustomerID"], record["StockCode"]] = {
                "customer": record["CustomerID"], "sku": record["StockCode"], "quantity": int(record["Quantity"]),
                "price": record["UnitPrice"]}
    return list(bought.values())


def levels(listed):
    return {(level["sku"], level["bucket"]): level["quantity"] for level in listed if level["quantity"]}


# ---- the simulated devices ---------------------------------------------------------------------------------------

DEVICES = {"drawer": "cash-drawer.txt", "terminal": "card-terminal.txt"}


def moved(store, device):
    """leg -> the amounts that left the device for it, from the tally that the device itself keeps."""
    amounts = {}
    file = store.folder / "devices" / DEVICES[device]
    for line in file.read_text().splitlines() if file.exists() else ():
        _, leg, minor, _ = line.split()
        amounts.setdefault(leg, []).append(int(minor))
    return amounts


def finish(store, case):
    """What people do about a return that is not over: count the drawer, come with the slip, pay again. True when it is closed."""
    _, outcome = store.api("GET", f"return-cases/{case}")
    if outcome["state"] == "closed":
        return True
    lines = [line["state"] for line in outcome["lines"]]
    legs = [leg for refund in outcome["refunds"] for leg in refund["legs"]]
    for leg in legs if not {"referred", "deferred"} & set(lines) else ():
        if leg["state"] == "unknown" and leg["tender"] == "cash":
            count_the_drawer(store, case, leg["leg"])
        elif leg["state"] == "planned" and leg["tender"] == "cash":
            store.api("POST", f"return-cases/{case}/collect", {})
        elif leg["state"] == "failed":
            store.api("POST", f"return-cases/{case}/legs/{leg['leg']}/pay", {})
    raise shop.Failed(f"its lines are {lines}, its legs {[(leg['tender'], leg['state']) for leg in legs]}; {store.name} said: {store.service.words()}")


def count_the_drawer(store, case, leg):
    """A drawer cannot be asked: the cashier counts it and says whether the money is gone."""
    gone = leg in moved(store, "drawer")
    store.api("POST", f"return-cases/{case}/legs/{leg}/confirm",
              {"command_id": command_id(f"count {leg} {gone}"), "staff": "cleo", "outcome": "settled" if gone else "failed"})


# ---- files -------------------------------------------------------------------------------------------------------

def raise_version(path, to):
    """What a newer program would leave behind: the same file with a higher version, and no log beside it."""
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {to}")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def contents(folder, pattern):
    return {path.name: path.read_bytes() for path in sorted(folder.glob(pattern))}


def overwrite(path, first, count, page=4096):
    """Pages as a dying disk leaves them."""
    with open(path, "r+b") as file:
        file.seek(first * page)
        file.write(b"\xa5" * count * page)


def rows_of(path, query):
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def version(path):
    return rows_of(path, "PRAGMA user_version")[0][0]

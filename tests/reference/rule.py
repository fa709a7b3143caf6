"""The matching rule, written once more from its description, for the replay to be held against.

Shares nothing with the product. Prices are exact decimals, quantities integers; there is no floating point.
"""
import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

MATCHED, OVER_RETURN, EXHAUSTED = 'MATCHED', 'OVER_RETURN', 'EXHAUSTED'
NEVER_BOUGHT, NON_MERCH, NO_CUSTOMER = 'NEVER_BOUGHT', 'NON_MERCH', 'NO_CUSTOMER'

# How the product names each verdict of the file: (verdict, refusal).
NAMES = {
    MATCHED: ('approved', ''),
    OVER_RETURN: ('refused', 'quantity_exceeds_returnable'),
    EXHAUSTED: ('refused', 'already_returned'),
    NEVER_BOUGHT: ('refused', 'no_purchase_found'),
    NON_MERCH: ('refused', 'not_merchandise'),
    NO_CUSTOMER: ('refused', 'no_customer'),
}
MERCHANDISE = re.compile(r'[0-9]{5}')


@dataclass(frozen=True)
class Sale:
    row: int
    invoice: str
    sku: str
    customer: str
    quantity: int
    price: Decimal
    at: str


@dataclass(frozen=True)
class Return:
    row: int
    document: str
    sku: str
    customer: str
    quantity: int  # what comes back, positive
    price: Decimal
    at: str

    @property
    def key(self):
        return self.customer, self.sku


@dataclass
class Lot:
    sale: Sale
    free: int

    @property
    def row(self):
        return self.sale.row


def is_merchandise(sku):
    return MERCHANDISE.match(sku) is not None


def order_of_use(lots, asked_price):
    """At exactly the asked price first, then the others; the newest first in both. `lots`: (row, price, anything...)."""
    return sorted(lots, key=lambda lot: (lot[1] != asked_price, -lot[0]))


def take(lots, quantity, asked_price):
    """Takes `quantity` units from (row, price, free) lots: [(row, units)] in order of use, or None when too few are free."""
    if sum(free for _, _, free in lots) < quantity:
        return None
    taken, wanted = [], quantity
    for row, _, free in order_of_use(lots, asked_price):
        units = min(free, wanted)
        if units:
            taken.append((row, units))
            wanted -= units
        if not wanted:
            break
    return taken


class Ledger:
    """What each customer bought of each SKU, and what of it is still free. Sales enter in the order of the file."""

    def __init__(self):
        self.by_key = defaultdict(list)
        self.by_row = {}

    def enter(self, sale):
        """A sale without a customer or of a service is outside the matching."""
        if sale.customer and is_merchandise(sale.sku):
            lot = Lot(sale, sale.quantity)
            self.by_key[sale.customer, sale.sku].append(lot)
            self.by_row[sale.row] = lot

    def judge(self, asked):
        """The verdict on a return line and what it takes: (verdict, [(row, units)]). Takes nothing yet."""
        if not asked.customer:
            return NO_CUSTOMER, []
        if not is_merchandise(asked.sku):
            return NON_MERCH, []
        lots = [(lot.row, lot.sale.price, lot.free) for lot in self.by_key.get(asked.key, ()) if lot.row < asked.row]
        if not lots:
            return NEVER_BOUGHT, []
        taken = take(lots, asked.quantity, asked.price)
        if taken is not None:
            return MATCHED, taken
        return (OVER_RETURN if any(free for _, _, free in lots) else EXHAUSTED), []

    def settle(self, taken):
        for row, units in taken:
            self.by_row[row].free -= units


def spell(taken, ledger):
    """An allocation as the files write it: invoice#row:units, joined by blanks, in order of use."""
    return ' '.join(f'{ledger.by_row[row].sale.invoice}#{row}:{units}' for row, units in taken)

"""Holds the answers of a replay against the rule and names the first difference.

Without outages every allocation equals the expectation. With outages a home store that answers alone may know fewer
purchases than there are; then its answer must be the rule's over the lots its trace names, and the units must really
have been free, in the order in which answers became final. Final verdicts equal the expectation always.
"""
import csv
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from data_file import open_text
from expectation import Expected, parse_allocation
from rule import MATCHED, NAMES, NO_CUSTOMER, NON_MERCH, Ledger, take

COLUMNS = ['row', 'document', 'sku', 'customer', 'quantity', 'asked_price', 'verdict', 'refusal', 'assurance', 'store',
           'home_store', 'offline', 'waited', 'settled_no', 'allocation', 'lots']
NAMED_LOT = re.compile(r'^(?P<invoice>[^# ]+)#(?P<row>\d+):(?P<free>\d+)@(?P<price>\d+(\.\d+)?)$')
ALLOCATED = re.compile(r'^[^# ]+#\d+:[1-9]\d*$')
HOME_SHARE = Decimal('0.70')       # of the documents with a customer go to the home store on purpose
HOME_SHARE_TOLERANCE = Decimal('0.05')
HOME_SHARE_DOCUMENTS_MIN = 1000    # below, chance alone leaves the tolerance


class Wrong(Exception):
    """One difference, as a sentence that names the line."""


@dataclass(frozen=True)
class NamedLot:
    invoice: str
    row: int
    free: int
    price: Decimal


@dataclass(frozen=True)
class Answer:
    row: int
    document: str
    sku: str
    customer: str
    quantity: int
    asked_price: Decimal
    verdict: str
    refusal: str
    assurance: str
    store: int
    home_store: str
    offline: bool
    waited: bool
    settled_no: int
    allocation: str
    lots: tuple

    @property
    def key(self):
        return self.customer, self.sku

    @property
    def at_home(self):
        return self.home_store != '' and self.store == int(self.home_store)

    @property
    def alone(self):
        """Approved by a store that nobody could reach: the only answers that may rest on fewer purchases."""
        return self.assurance == 'held' and self.offline

    def name(self):
        return f'row {self.row} ({self.document}, customer {self.customer or "none"}, sku {self.sku}, quantity {self.quantity})'


def parse_lots(text):
    lots = []
    for word in text.split():
        match = NAMED_LOT.match(word)
        if not match:
            raise ValueError(f'lots has "{word}", must be invoice#row:free@price')
        lots.append(NamedLot(match['invoice'], int(match['row']), int(match['free']), Decimal(match['price'])))
    return tuple(lots)


def flag(text):
    if text not in ('0', '1'):
        raise ValueError(f'a flag is "{text}", must be 0 or 1')
    return text == '1'


def parse_answer(cells):
    field = dict(zip(COLUMNS, cells))
    for word in field['allocation'].split():
        if not ALLOCATED.match(word):
            raise ValueError(f'allocation has "{word}", must be invoice#row:units')
    if field['home_store']:
        int(field['home_store'])
    return Answer(int(field['row']), field['document'], field['sku'], field['customer'], int(field['quantity']),
                  Decimal(field['asked_price']), field['verdict'], '' if field['refusal'] == 'none' else field['refusal'],
                  field['assurance'], int(field['store']), field['home_store'], flag(field['offline']), flag(field['waited']),
                  int(field['settled_no']), ' '.join(field['allocation'].split()), parse_lots(field['lots']))


def read_answers(path):
    with open_text(path) as text:
        rows = csv.reader(text)
        head = next(rows, None)
        if head != COLUMNS:
            raise Wrong(f'{path}: the header is {head}, must be {COLUMNS}')
        answers = []
        for number, cells in enumerate(rows, 2):
            try:
                if len(cells) != len(COLUMNS):
                    raise ValueError(f'{len(cells)} columns, must be {len(COLUMNS)}')
                answers.append(parse_answer(cells))
            except (ValueError, InvalidOperation) as fault:
                raise Wrong(f'{path}: line {number}: {fault}') from fault
    return answers


# ---- every profile -----------------------------------------------------------------------------------------------

def check_lines(expected, answers):
    """One answer for each return line, and about that line."""
    by_row = {}
    for answer in answers:
        if answer.row in by_row:
            raise Wrong(f'{answer.name()}: is answered twice')
        by_row[answer.row] = answer
    for wanted in expected:
        asked, answer = wanted.asked, by_row.pop(wanted.asked.row, None)
        if answer is None:
            raise Wrong(f'row {asked.row} ({asked.document}): has no answer')
        ours = (asked.document, asked.sku, asked.customer, asked.quantity, asked.price)
        theirs = (answer.document, answer.sku, answer.customer, answer.quantity, answer.asked_price)
        if ours != theirs:
            raise Wrong(f'{answer.name()}: document, sku, customer, quantity, price are {theirs}, must be {ours}')
    if by_row:
        raise Wrong(f'{by_row[min(by_row)].name()}: is answered, and the data file has no such return line')


def check_outcomes(expected, answers):
    for wanted, answer in zip(expected, answers):
        ours, theirs = NAMES[wanted.verdict], (answer.verdict, answer.refusal)
        if ours != theirs:
            raise Wrong(f'{answer.name()}: the answer is {"/".join(filter(None, theirs))}, must be {"/".join(filter(None, ours))}')
        if answer.verdict == 'approved' and answer.assurance not in ('held', 'confirmed'):
            raise Wrong(f'{answer.name()}: is approved with assurance "{answer.assurance}", must be held or confirmed')
        if answer.verdict != 'approved' and (answer.allocation or answer.assurance not in ('', 'none')):
            raise Wrong(f'{answer.name()}: is refused and has an allocation or an assurance')
        if wanted.verdict in (NO_CUSTOMER, NON_MERCH) and answer.lots:
            raise Wrong(f'{answer.name()}: needs no purchase, and its trace names lots')


def check_who_answered(answers):
    for answer in answers:
        if answer.offline and not answer.waited and answer.customer and answer.refusal not in ('', 'not_merchandise'):
            raise Wrong(f'{answer.name()}: store {answer.store} refused offline; only the hub may say {answer.refusal}')
        if answer.offline and answer.assurance == 'confirmed' and not answer.waited:
            raise Wrong(f'{answer.name()}: is confirmed at once by store {answer.store}, which was offline')
        if answer.assurance == 'held' and not answer.at_home:
            raise Wrong(f'{answer.name()}: is held by store {answer.store}, and the home store is {answer.home_store or "none"}')


def check_settling(answers):
    """Every answer became final at its own moment, and the lines of one key in the order of the file."""
    seen, last = {}, {}
    for answer in answers:
        if answer.settled_no in seen:
            raise Wrong(f'{answer.name()}: settled_no {answer.settled_no} is used by row {seen[answer.settled_no]} too')
        seen[answer.settled_no] = answer.row
        if answer.customer and answer.key in last and last[answer.key].settled_no > answer.settled_no:
            raise Wrong(f'{answer.name()}: became final before row {last[answer.key].row} of the same customer and sku')
        last[answer.key] = answer


def home_store(customer, stores):
    return int.from_bytes(hashlib.sha256(customer.encode('utf-8')).digest()[:8], 'big') % stores


def check_stores(answers, stores):
    """Home stores as the rule of the replay says, one store a document, and seven in ten documents at home."""
    store_of, at_home = {}, {}
    for answer in answers:
        home = str(home_store(answer.customer, stores)) if answer.customer else ''
        if answer.home_store != home:
            raise Wrong(f'{answer.name()}: the home store is "{answer.home_store}", must be "{home}" of {stores}')
        if not 0 <= answer.store < stores:
            raise Wrong(f'{answer.name()}: store {answer.store} is none of {stores}')
        if store_of.setdefault(answer.document, answer.store) != answer.store:
            raise Wrong(f'{answer.name()}: store {answer.store}, an earlier line of the document store {store_of[answer.document]}')
        if answer.customer:
            at_home[answer.document] = answer.at_home
    if len(at_home) >= HOME_SHARE_DOCUMENTS_MIN:
        share, wanted = Decimal(sum(at_home.values())) / len(at_home), HOME_SHARE + (1 - HOME_SHARE) / stores
        if abs(share - wanted) > HOME_SHARE_TOLERANCE:
            raise Wrong(f'{share:.3f} of the documents with a customer are at the home store, must be about {wanted:.3f}')


# ---- which units ---------------------------------------------------------------------------------------------------

def check_equal_allocation(wanted, answer):
    if wanted.allocation != answer.allocation:
        raise Wrong(f'{answer.name()}: the allocation is "{answer.allocation}", must be "{wanted.allocation}"')


def check_allocations_equal(expected, answers):
    for wanted, answer in zip(expected, answers):
        check_equal_allocation(wanted, answer)


def check_allocations_with_outages(sales, expected, answers):
    touched = {answer.key for answer in answers if answer.alone}
    for wanted, answer in zip(expected, answers):
        if answer.key not in touched:
            check_equal_allocation(wanted, answer)
    ledger = Ledger()
    for sale in sales:
        if (sale.customer, sale.sku) in touched:
            ledger.enter(sale)
    for answer in sorted((a for a in answers if a.key in touched), key=lambda a: a.settled_no):
        check_against_trace(ledger, answer)
        ledger.settle([(row, units) for _, row, units in parse_allocation(answer.allocation)])


def check_against_trace(ledger, answer):
    """The answer is the rule's over the lots its trace names, and those are truly free at this moment."""
    if answer.refusal in ('not_merchandise', 'no_customer'):
        return
    rows = [lot.row for lot in answer.lots]
    if len(set(rows)) != len(rows):
        raise Wrong(f'{answer.name()}: the trace names a lot twice: {rows}')
    for lot in answer.lots:
        check_named_lot(ledger, answer, lot)
    if answer.verdict != 'approved':
        return  # The verdict equals the expectation, and the named lots are no more than what is free: they cannot cover it.
    taken = take([(lot.row, lot.price, lot.free) for lot in answer.lots], answer.quantity, answer.asked_price)
    if taken is None:
        raise Wrong(f'{answer.name()}: is approved, and the lots of its trace do not cover it')
    invoice_of = {lot.row: lot.invoice for lot in answer.lots}
    ours = ' '.join(f'{invoice_of[row]}#{row}:{units}' for row, units in taken)
    if ours != answer.allocation:
        raise Wrong(f'{answer.name()}: the allocation is "{answer.allocation}", over the lots of its trace it must be "{ours}"')


def check_named_lot(ledger, answer, lot):
    real = ledger.by_row.get(lot.row)
    if real is None or (real.sale.customer, real.sale.sku) != answer.key:
        raise Wrong(f'{answer.name()}: the trace names row {lot.row}, which is no purchase of this customer and sku')
    if lot.row > answer.row:
        raise Wrong(f'{answer.name()}: the trace names row {lot.row}, which was sold later')
    if (lot.invoice, lot.price) != (real.sale.invoice, real.sale.price):
        raise Wrong(f'{answer.name()}: the trace calls row {lot.row} {lot.invoice} at {lot.price}, '
                    f'it is {real.sale.invoice} at {real.sale.price}')
    if lot.free > real.free:
        raise Wrong(f'{answer.name()}: the trace says that {lot.free} units of row {lot.row} are free, '
                    f'{real.free} of {real.sale.quantity} were: a unit is given back twice')


# ---- the whole -----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Options:
    profile: str = 'none'             # none | mixed | harsh
    stores: int = 0                   # 0: home stores are not checked
    offline_share_min: Decimal = Decimal(0)


def offline_at_home(answers):
    """(answered at once, all) of the matched lines at their home store while it was offline."""
    lines = [answer for answer in answers if answer.offline and answer.at_home and answer.verdict == 'approved']
    return sum(1 for answer in lines if not answer.waited), len(lines)


def check(sales, expected, answers, options=Options()):
    """Raises Wrong with the first difference; returns figures about the answers."""
    answers = sorted(answers, key=lambda answer: answer.row)
    check_lines(expected, answers)
    check_outcomes(expected, answers)
    check_who_answered(answers)
    check_settling(answers)
    if options.stores:
        check_stores(answers, options.stores)
    if options.profile == 'none':
        offline = next((answer for answer in answers if answer.offline), None)
        if offline:
            raise Wrong(f'{offline.name()}: store {offline.store} was offline in a run without outages')
        check_allocations_equal(expected, answers)
    else:
        check_allocations_with_outages(sales, expected, answers)
    at_once, lines = offline_at_home(answers)
    if options.offline_share_min and (not lines or Decimal(at_once) / lines < options.offline_share_min):
        raise Wrong(f'{at_once} of {lines} matched lines at their offline home store were answered at once, '
                    f'must be at least {options.offline_share_min:%}')
    return {
        'lines': len(answers),
        'assurance': dict(Counter(answer.assurance for answer in answers if answer.verdict == 'approved')),
        'waited': sum(answer.waited for answer in answers),
        'offline': sum(answer.offline for answer in answers),
        'keys_answered_alone': len({answer.key for answer in answers if answer.alone}),
        'matched_at_offline_home': {'answered_at_once': at_once, 'lines': lines},
    }


def as_expected(expected, answers):
    """The answers in the form that expectation.totals() sums up; call after check()."""
    by_row = {answer.row: answer for answer in answers}
    return [Expected(wanted.asked, wanted.verdict, by_row[wanted.asked.row].allocation if wanted.verdict == MATCHED else '')
            for wanted in expected]

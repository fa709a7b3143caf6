"""What the rule says about every return line of a data file, and the sums over all of them."""
import csv
import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from data_file import open_text, read_lines, write_text
from rule import MATCHED, Ledger, Return, Sale, spell

COLUMNS = ['Row', 'InvoiceNo', 'StockCode', 'CustomerID', 'Quantity', 'UnitPrice', 'InvoiceDate', 'Verdict', 'Allocation']


@dataclass(frozen=True)
class Expected:
    asked: Return
    verdict: str       # as the file names it; rule.NAMES has the product's words
    allocation: str


def expect(path):
    """All sales of the file, and one Expected for each return line, both in the order of the file."""
    ledger, sales, answers = Ledger(), [], []
    for line in read_lines(path):
        if isinstance(line, Sale):
            ledger.enter(line)
            sales.append(line)
        else:
            verdict, taken = ledger.judge(line)
            answers.append(Expected(line, verdict, spell(taken, ledger)))
            ledger.settle(taken)
    return sales, answers


def write_expectation(path, answers):
    out = io.StringIO(newline='')
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow(COLUMNS)
    for answer in answers:
        asked = answer.asked
        writer.writerow([asked.row, asked.document, asked.sku, asked.customer, asked.quantity, f'{asked.price:.3f}', asked.at,
                         answer.verdict, answer.allocation])
    write_text(path, out.getvalue())


def first_difference(path, answers):
    """The first line of an expectation file that differs from `answers`, as a sentence; empty when they agree."""
    with open_text(path) as text:
        rows = csv.reader(text)
        if next(rows) != COLUMNS:
            return f'{path}: the header is not {",".join(COLUMNS)}'
        for answer in answers:
            asked, row = answer.asked, next(rows, None)
            ours = [str(asked.row), asked.document, asked.sku, asked.customer, str(asked.quantity), f'{asked.price:.3f}',
                    asked.at, answer.verdict, answer.allocation]
            if row != ours:
                return f'{path}: the file says {row}, the rule says {ours}'
        if next(rows, None) is not None:
            return f'{path}: has lines after row {answers[-1].asked.row}'
    return ''


def parse_allocation(text):
    """[(invoice, row, units)] of an allocation as the files write it."""
    parts = []
    for word in text.split():
        place, units = word.rsplit(':', 1)
        invoice, row = place.rsplit('#', 1)
        parts.append((invoice, int(row), int(units)))
    return parts


def totals(sales, answers):
    """The sums that do and do not depend on which units were taken. Values are exact decimals, written with three places.

    `answers`: Expected, or anything with `asked`, `verdict` (the file's word) and `allocation`."""
    lines, units, value = Counter(), Counter(), Counter()
    taken_of, paid, above, below = Counter(), Decimal(0), [0, Decimal(0)], [0, Decimal(0)]
    sold = {sale.row: sale for sale in sales}
    for answer in answers:
        asked = answer.asked
        lines[answer.verdict] += 1
        units[answer.verdict] += asked.quantity
        value[answer.verdict] += asked.quantity * asked.price
        if answer.verdict != MATCHED:
            continue
        cost = Decimal(0)
        for _, row, count in parse_allocation(answer.allocation):
            taken_of[row] += count
            cost += count * sold[row].price
        paid += cost
        difference = asked.quantity * asked.price - cost
        kind = above if difference > 0 else below
        if difference:
            kind[0], kind[1] = kind[0] + 1, kind[1] + abs(difference)
    ledger = Ledger()
    for sale in sales:
        ledger.enter(sale)
    lots = ledger.by_row.values()
    return {
        'lines': dict(lines), 'units': dict(units), 'value_gbp': {name: f'{sum_:.3f}' for name, sum_ in value.items()},
        'open_units_after_replay': sum(lot.free for lot in lots) - sum(taken_of.values()),
        'ledger_keys': len(ledger.by_key), 'ledger_lots': len(lots),
        # These depend on the allocation.
        'fully_returned_lots': sum(1 for lot in lots if taken_of[lot.row] == lot.free),
        'refunded_gbp': f'{paid:.3f}',
        'of_these_refund_above_paid': [above[0], f'{above[1]:.3f}'],
        'of_these_refund_below_paid': [below[0], f'{below[1]:.3f}'],
    }


# Held against the truth file's "replay" only where no outage changed which units were taken.
DEPEND_ON_ALLOCATION = ('fully_returned_lots', 'of_these_refund_above_paid', 'of_these_refund_below_paid')


def totals_differences(ours, truth, with_allocation=True):
    """Sentences, one for each sum of the truth file (its part "replay") that `ours` does not reach."""
    found = []
    for name, value in ours.items():
        if name == 'refunded_gbp' or (name in DEPEND_ON_ALLOCATION and not with_allocation):
            continue
        if value != truth[name]:
            found.append(f'total {name} is {value}, must be {truth[name]}')
    return found

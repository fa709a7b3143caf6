"""Holds the sums that a replay prints with --json against the data file, its answers, and the published truth.

The product counts its sums itself: orders as they were read, the ledger from the rights at its hub. Here they are counted
from the rows and the answers.
"""
from decimal import Decimal

from expectation import totals
from rule import NAMES


def thousandths(value):
    """A decimal, or its text, as a whole number of thousandths, as the product writes values."""
    return int((Decimal(value) * 1000).to_integral_exact())


def order_sums(sales):
    """Money begins at the line total: what is below a penny is cut there, and told."""
    milli = [thousandths(sale.quantity * sale.price) for sale in sales]
    return {
        'orders': len({sale.invoice for sale in sales}), 'lines': len(sales), 'units': sum(sale.quantity for sale in sales),
        'asked_milli': sum(milli), 'total_minor': sum(m // 10 for m in milli),
        'corrections': sum(1 for m in milli if m % 10), 'correction_milli': sum(m % 10 for m in milli),
    }


def outcome_sums(counted):
    """Of totals(): by the product's name of an outcome."""
    return {'/'.join(filter(None, NAMES[name])): {'lines': lines, 'units': counted['units'][name],
                                                  'asked_milli': thousandths(counted['value_gbp'][name])}
            for name, lines in counted['lines'].items()}


def differences(summary, sales, answers):
    """Sentences, one for each sum of the summary that is not what the rows and the answers come to."""
    counted = totals(sales, answers)
    above, below = counted['of_these_refund_above_paid'], counted['of_these_refund_below_paid']
    wanted = {
        'orders': {**order_sums(sales), 'rejects': 0},
        'return_cases': len({answer.asked.document for answer in answers}),
        'outcomes': outcome_sums(counted),
        'paid_minor': thousandths(counted['refunded_gbp']) // 10,
        'asked_above': {'lines': above[0], 'milli': thousandths(above[1])},
        'asked_below': {'lines': below[0], 'milli': thousandths(below[1])},
        'ledger': {'keys': counted['ledger_keys'], 'lots': counted['ledger_lots'], 'open_units': counted['open_units_after_replay'],
                   'fully_returned_lots': counted['fully_returned_lots']},
    }
    return list(compared(summary, wanted, 'sum'))


def truth_differences(summary, truth):
    """The same against the published figures of the committed year."""
    wanted = {
        'orders': {'orders': truth['invoices']['with_at_least_one_sale_line'], 'lines': truth['lines']['sale'],
                   'units': truth['units']['sale'], 'asked_milli': thousandths(truth['value_gbp']['sale']),
                   'corrections': truth['prices']['three_decimals'], 'stock_moves': truth['lines']['write_off_digits_negative'],
                   'stock_units': -truth['units']['write_off'], 'notes': truth['lines']['adjust_A'], 'rejects': 0},
        'return_cases': truth['invoices']['cancellation_C'],
    }
    return list(compared(summary, wanted, 'published sum'))


def compared(summary, wanted, name):
    for key, value in wanted.items():
        if isinstance(value, dict):
            yield from compared(summary.get(key, {}), value, f'{name} {key}')
        elif summary.get(key) != value:
            yield f'{name} {key} is {summary.get(key)}, must be {value}'

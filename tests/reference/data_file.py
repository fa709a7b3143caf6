"""Reads the Online Retail file into sales and returns, and writes derived ones. Row = data row, from 1."""
import csv
import gzip
import io
import random
from decimal import Decimal
from pathlib import Path

from rule import Return, Sale

COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country']
INVOICE, SKU, DESCRIPTION, QUANTITY, AT, PRICE, CUSTOMER, COUNTRY = range(8)


def open_text(path):
    path = Path(path)
    raw = gzip.open(path, 'rb') if path.suffix == '.gz' else open(path, 'rb')
    return io.TextIOWrapper(raw, encoding='utf-8', newline='')


def write_text(path, text):
    """Bytes that depend on the text alone: no name and no time in the gzip header."""
    path, data = Path(path), text.encode('utf-8')
    if path.suffix != '.gz':
        path.write_bytes(data)
        return
    with open(path, 'wb') as out, gzip.GzipFile(filename='', mode='wb', fileobj=out, compresslevel=6, mtime=0) as packed:
        packed.write(data)


def read_rows(path):
    with open_text(path) as text:
        rows = csv.reader(text)
        head = next(rows)
        if head != COLUMNS:
            raise ValueError(f'{path}: the header is {head}, must be {COLUMNS}')
        yield from rows


def is_return(invoice):
    return invoice.startswith('C')


def read_lines(path):
    """Sales and returns in the order of the file; stock movements and what is not an order stay out."""
    prices = {}
    for row, cells in enumerate(read_rows(path), 1):
        invoice, quantity = cells[INVOICE], int(cells[QUANTITY])
        price = prices.setdefault(cells[PRICE], Decimal(cells[PRICE]))
        if is_return(invoice):
            yield Return(row, invoice, cells[SKU], cells[CUSTOMER], -quantity, price, cells[AT])
        elif invoice.isdigit() and quantity > 0:
            yield Sale(row, invoice, cells[SKU], cells[CUSTOMER], quantity, price, cells[AT])


def derive_rows(path, seed):
    """The same year with other customers: every customer gets another one's number (so most change their home store),
    and every third return document is missing, so that refused lines become covered and lots stay open."""
    rows = list(read_rows(path))
    draw = random.Random(seed)
    customers = sorted({cells[CUSTOMER] for cells in rows} - {''})
    shuffled = customers[:]
    draw.shuffle(shuffled)
    renamed = {'': '', **{old: f'{int(new) + 50000}' for old, new in zip(customers, shuffled)}}
    documents = list(dict.fromkeys(cells[INVOICE] for cells in rows if is_return(cells[INVOICE])))
    missing = set(documents[draw.randrange(3)::3])
    for cells in rows:
        if cells[INVOICE] not in missing:
            yield [*cells[:CUSTOMER], renamed[cells[CUSTOMER]], *cells[CUSTOMER + 1:]]


def write_rows(path, rows):
    out = io.StringIO(newline='')
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    write_text(path, out.getvalue())

"""What is wrong is refused in words, nothing is recorded, and the next customer is served."""

import re
import resource
import unittest

import chain
import disk
import shop

QUANTITY_MAX = 1_000_000_000
AMOUNT_BEYOND_THE_TYPE = 10**19  # above 2^63


class BadRequestTests(chain.ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.enrolled("anna")
        cls.addClassCleanup(chain.end, lambda: [cls.store.service])
        cls.store.start_service()
        cls.order = chain.sell(cls.store, "S-1", quantity=1000)

    def setUp(self):
        self.seq = self.store.status()["journal_seq"]

    def assert_refused(self, answer, status, code, *words):
        """A refusal in the API's form that names what is wrong; nothing was written, and the store goes on."""
        got, problem = answer
        self.assertEqual((got, problem.get("code")), (status, code), problem)
        self.assertEqual(set(problem), {"code", "message", "detail"})
        self.assertIn("Nothing was recorded and no money was moved", problem["detail"])
        for word in words:
            self.assertIn(word, problem["message"])
        self.assertEqual(self.store.status()["journal_seq"], self.seq, "something was recorded")
        outcome = chain.take_back(self.store, chain.a_return([chain.of_order(self.order)]))
        self.assertEqual(outcome["lines"][0]["state"], "approved", "the next return does not work")

    def post_return(self, *lines, **fields):
        return self.store.api("POST", "return-cases", chain.a_return(list(lines), **fields))

    def test_a_quantity_of_none_less_than_none_or_beyond_all_is_refused_with_the_range(self):
        for quantity in (0, -1, QUANTITY_MAX + 1, 2**63, 10**30):
            with self.subTest(quantity=quantity):
                self.setUp()
                self.assert_refused(self.post_return(chain.of_order(self.order, quantity)), 422, "value_out_of_range",
                                    "lines[0].quantity", str(QUANTITY_MAX))

    def test_half_a_unit_and_a_quantity_in_words_are_refused(self):
        for quantity in (1.5, "1", None, [1]):
            with self.subTest(quantity=quantity):
                self.setUp()
                code = "field_missing" if quantity is None else "value_invalid"
                self.assert_refused(self.post_return(chain.of_order(self.order, quantity)), 422, code, "lines[0].quantity")

    def test_an_order_that_nobody_knows_is_named(self):
        unknown = "0" * 31 + "1"
        code, answer = self.store.api("GET", f"orders/{unknown}")
        self.assert_refused((code, answer), 404, "order_unknown", unknown)
        self.setUp()
        self.assert_refused(self.post_return(chain.of_order(unknown)), 404, "order_unknown", unknown)

    def test_a_line_that_the_order_does_not_have_is_refused(self):
        self.assert_refused(self.post_return(chain.of_order(self.order, line=7)), 404, "order_line_unknown", "7")

    def test_a_malformed_barcode_is_refused_with_what_is_wrong_about_it(self):
        for barcode, reason in (("5901234123458", "check digit"), ("59012341", "check digit"), ("12345", "5 digits"),
                                ("590123412345X", "not all digits")):
            with self.subTest(barcode=barcode):
                self.setUp()
                self.assert_refused(self.post_return({"gtin": barcode, "quantity": 1}), 422, "barcode_malformed", reason)

    def test_an_amount_beyond_the_type_is_refused(self):
        for amount in (AMOUNT_BEYOND_THE_TYPE, 2**63 - 1, -1):
            with self.subTest(amount=amount):
                self.setUp()
                sale = chain.a_sale("S-2")
                sale["tenders"][0]["paid_minor"] = sale["lines"][0]["net_minor"] = amount
                self.assert_refused(self.store.api("POST", "sales", sale), 422, "value_out_of_range", "minor", str(amount)[:4])

    def test_amounts_whose_sum_is_beyond_the_type_are_refused(self):
        sale = chain.a_sale("S-3")
        line = {**sale["lines"][0], "net_minor": 10**15}
        sale["lines"], sale["tenders"][0]["paid_minor"] = [line] * 5000, 10**15
        code, answer = self.store.api("POST", "sales", sale)
        self.assertIn(code, (400, 422), answer)
        self.assert_refused((code, answer), code, answer["code"])

    def test_a_sale_whose_tenders_do_not_pay_its_lines_is_refused(self):
        sale = chain.a_sale("S-4")
        sale["tenders"][0]["paid_minor"] += 500
        code, answer = self.store.api("POST", "sales", sale)
        self.assertEqual(code, 422, answer)
        self.assert_refused((code, answer), code, answer["code"])

    def test_a_body_that_breaks_off_is_refused(self):
        body = b'{"command_id": "'
        answer = chain.post_raw(self.store.port, "/api/v1/return-cases", body, length=500, shut=True)
        self.assert_refused(answer, 400, "body_truncated", str(len(body)), "500")

    def test_a_body_that_breaks_off_inside_its_json_is_refused(self):
        answer = chain.post_raw(self.store.port, "/api/v1/return-cases", b'{"lines": [{"quantity"')
        self.assert_refused(answer, 400, "json_invalid")

    def test_an_oversized_body_is_refused_announced_or_not(self):
        answer = chain.post_raw(self.store.port, "/api/v1/return-cases", b" " * 3_000_000)
        self.assert_refused(answer, 413, "body_too_large")
        self.setUp()
        head = f"POST /api/v1/return-cases HTTP/1.1\r\nHost: localhost:{self.store.port}\r\nContent-Type: application/json\r\n"
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        request = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 32 + b"0\r\n\r\n"
        self.assert_refused(chain.send_raw(self.store.port, request), 413, "body_too_large")

    def test_bytes_that_are_not_utf8_are_refused_with_their_place(self):
        for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
            with self.subTest(bad=bad):
                self.setUp()
                answer = chain.post_raw(self.store.port, "/api/v1/return-cases", b'{"cashier": "' + bad + b'"}')
                self.assert_refused(answer, 400, "invalid_utf8", "13")

    def test_a_field_that_nobody_knows_is_refused_by_name(self):
        self.assert_refused(self.post_return(chain.of_order(self.order), discount_minor=5), 422, "field_unknown", "discount_minor")
        self.setUp()
        line = {**chain.of_order(self.order), "qty": 2}
        self.assert_refused(self.post_return(line), 422, "field_unknown", "lines[0].qty")

    def test_a_field_that_is_said_twice_is_refused(self):
        answer = chain.post_raw(self.store.port, "/api/v1/return-cases", b'{"till": "1", "till": "2"}')
        self.assert_refused(answer, 400, "json_key_twice", "till")

    def test_a_card_number_never_enters(self):
        self.assert_refused(self.post_return(chain.of_order(self.order), reference="4111 1111 1111 1111"), 422,
                            "card_number_refused", "reference")

    def test_a_used_command_id_with_other_content_is_refused_and_with_the_same_gives_the_same(self):
        first = chain.a_return([chain.of_order(self.order)], command="said twice")
        case = chain.take_back(self.store, first)["case"]
        self.setUp()
        again = chain.take_back(self.store, first)
        self.assertEqual((again["case"], again["already_recorded"]), (case, True))
        other = chain.a_return([chain.of_order(self.order, quantity=2)], command="said twice")
        self.assert_refused(self.store.api("POST", "return-cases", other), 409, "command_reused")

    def test_what_is_not_http_does_not_stop_the_store(self):
        for noise in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), b"GET\r\n\r\n", b"\r\n" * 10, b"A" * 70_000):
            with self.subTest(noise=noise[:8]):
                try:
                    chain.send_raw(self.store.port, noise, shut=True)
                except (OSError, ValueError, chain.http.client.HTTPException):
                    pass  # closed without an answer: it was no request
                self.assertEqual(self.store.status()["journal_seq"], self.seq)
        self.store.service.check()


class BadOrderFileTests(chain.ChainTest):
    HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    GOOD = ["1001,22423,CAKESTAND,3,2010-12-01T08:26:00,12.75,17850,United Kingdom\n",
            "1002,85123A,T-LIGHT HOLDER,6,2010-12-01T08:28:00,2.55,13047,United Kingdom\n"]
    BAD = ["1003,22423,CAKESTAND,many,2010-12-01T08:30:00,12.75,17850,United Kingdom\n",
           "1004,22423,CAKESTAND,1,yesterday,12.75,17850,United Kingdom\n",
           "1005,22423,CAKESTAND,1,2010-12-01T08:30:00,-1.00,17850,United Kingdom\n"]
    WRONG_COLUMNS = ("Quantity", "InvoiceDate", "UnitPrice")

    def write(self, name, rows):
        path = self.folder / name
        path.write_text(self.HEAD + "".join(rows), encoding="utf-8")
        return path

    def test_bad_rows_are_listed_with_file_line_column_and_reason_and_the_rest_is_imported(self):
        before = self.hub.status()["orders"]
        file = self.write("mixed.csv", [self.GOOD[0], *self.BAD, self.GOOD[1]])
        rejects = self.folder / "rejects.csv"
        done = self.hub.import_orders(file, "--rejects", rejects, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.hub.status()["orders"], before + 2)
        with rejects.open(newline="", encoding="utf-8") as text:
            listed = list(chain.csv.DictReader(text))
        self.assertEqual([row["column"] for row in listed], list(self.WRONG_COLUMNS))
        self.assertEqual([int(row["line"]) for row in listed], [3, 4, 5])
        for row in listed:
            self.assertIn("mixed.csv", row["file"])
            self.assertTrue(row["reason"])

    def test_strict_refuses_the_whole_file(self):
        before = self.hub.status()["orders"]
        file = self.write("strict.csv", [line.replace("100", "200", 1) for line in (self.GOOD[0], self.BAD[0], self.GOOD[1])])
        done = self.hub.import_orders(file, "--strict", check=False)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn("Quantity", done.stdout + done.stderr)
        self.assertEqual(self.hub.status()["orders"], before)
        good = self.write("strict_good.csv", [line.replace("100", "200", 1) for line in self.GOOD])
        self.hub.import_orders(good, "--strict")
        self.assertEqual(self.hub.status()["orders"], before + 2)

    def test_the_same_file_twice_adds_nothing(self):
        file = self.write("twice.csv", [line.replace("100", "300", 1) for line in self.GOOD])
        self.hub.import_orders(file)
        once = self.hub.status()["orders"]
        self.hub.import_orders(file)
        self.assertEqual(self.hub.status()["orders"], once)

    def test_the_plain_format_is_read_by_its_name_and_a_name_that_nothing_has_is_refused(self):
        file = self.folder / "plain.csv"
        file.write_bytes(b"\xef\xbb\xbforder_number,sku,quantity,unit_price,line_net,sold_at,tender_1_kind\r\n"
                         b"P-1,shirt,2,10.00,20.00,2026-03-01T10:15:30,card\r\n")
        self.assertIn("1 orders imported", self.hub.import_orders(file, mapping="plain").stdout)
        done = self.hub.import_orders(file, mapping="fancy", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("fancy is neither online_retail nor plain, nor a file", done.stderr)

    def test_a_row_that_cannot_be_read_at_all_is_told_without_a_column_and_the_rest_is_imported(self):
        rows = ["4001,22423," + "x" * 10_000_000 + ",3,2010-12-01T08:26:00,12.75,17850,UK\n",
                "4002,22423,NUL\0,3,2010-12-01T08:26:00,12.75,17850,UK\n",
                '4003,22423,"never closed,3,2010-12-01T08:26:00,12.75,17850,UK\n',
                "4004,22423,CAKESTAND,3,2010-12-01T08:26:00,12.75,17850,UK\n"]
        done = self.hub.import_orders(self.write("torn.csv", rows), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("torn.csv line 2: longer than 65536 bytes\n", done.stderr)
        self.assertIn("torn.csv line 3, column Description: a control character, \\x00\n", done.stderr)
        self.assertIn("torn.csv line 4, column Description: a quote is opened and never closed\n", done.stderr)
        self.assertIn("1 orders imported", done.stdout)

    def test_a_file_cut_off_in_its_gzip_stream_is_refused_before_anything_is_taken(self):
        before = self.hub.status()["orders"]
        file = self.folder / "cut.csv.gz"
        file.write_bytes((shop.DATA / "online_retail.csv.gz").read_bytes()[:1_000_000])
        done = self.hub.import_orders(file, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cut off; nothing was taken from it", done.stderr)
        self.assertEqual(self.hub.status()["orders"], before)

    def test_rejects_that_cannot_be_written_are_told_after_what_was_imported(self):
        file = self.write("homeless.csv", [line.replace("100", "500", 1) for line in (self.GOOD[0], self.BAD[0], self.GOOD[1])])
        done = self.hub.import_orders(file, "--rejects", self.folder / "no such folder" / "rejects.csv", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("2 orders imported", done.stdout)
        self.assertIn("No such file or directory; the rejected rows are not taken", done.stderr)

    def test_an_import_that_breaks_off_says_what_is_in_and_goes_on_from_there(self):
        before = self.hub.status()["orders"]
        command = [shop.BIN / "retour", "import", shop.DATA / "online_retail.csv.gz", "--hub", self.hub.folder]
        size = self.hub.folder.joinpath("hub.db").stat().st_size

        def no_file_grows_far():
            disk.survive_the_limit()
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 16_000_000, resource.RLIM_INFINITY))

        done = shop.run(*command, check=False, preexec_fn=no_file_grows_far, restore_signals=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        taken = re.search(r"SQLITE_\w+.*; ([1-9]\d*) orders and \d+ stock movements are in and stay", done.stderr)
        self.assertTrue(taken, done.stderr)
        self.assertEqual(self.hub.status()["orders"], before + int(taken[1]))
        done = shop.run(*command)
        self.assertIn(f"{20_725 - int(taken[1])} orders imported, {taken[1]} known already", done.stdout)

    def test_a_file_that_lacks_a_column_is_refused_by_the_name_of_the_column(self):
        before = self.hub.status()["orders"]
        file = self.folder / "narrow.csv"
        file.write_text("InvoiceNo,StockCode,Quantity\n1001,22423,1\n")
        done = self.hub.import_orders(file, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("UnitPrice", done.stderr)
        self.assertEqual(self.hub.status()["orders"], before)


if __name__ == "__main__":
    unittest.main()

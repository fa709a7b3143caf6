#include "pos-adapters/csv/csv_reader.hpp"

#include <zlib.h>

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"
#include "plugin/core/base/utf8.hpp"
#include "pos-adapters/csv/limits.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using csv_tests::TemporaryFile;

namespace {

/// "line/row [a|b|c]" for each row, "line/row !fault" for a malformed one.
std::vector<std::string> rows_of(const std::filesystem::path& file) {
  csv::CsvReader reader(file);
  std::vector<std::string> rows;
  csv::CsvRow row;
  while (reader.next(row)) {
    std::string text = std::to_string(row.line) + "/" + std::to_string(row.row) + " ";
    if (row.fault.empty()) {
      for (const std::string_view field : row.fields) text += (text.back() == ' ' ? "[" : "|") + std::string(field);
      text += "]";
    } else {
      text += "!" + row.fault;
    }
    rows.push_back(text);
  }
  return rows;
}

std::vector<std::string> rows_of_text(std::string_view text) {
  const TemporaryFile file(text);
  return rows_of(file.path());
}

std::string joined(const std::vector<std::string>& rows) {
  std::string all;
  for (const std::string& row : rows) all += row + "\n";
  return all;
}

std::string gzipped(std::string_view text) {
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  std::string copy(text);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string error_of(const std::filesystem::path& file) {
  try {
    rows_of(file);
  } catch (const Error& error) {
    return error.parts().cause;
  }
  return "no error";
}

std::string error_of_text(std::string_view bytes, const std::string& extension = ".csv") {
  const TemporaryFile file(bytes, extension);
  return error_of(file.path());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_reader_tests)

BOOST_AUTO_TEST_CASE(plain_rows_come_with_their_line_and_number) {
  BOOST_TEST(joined(rows_of_text("a,b,c\n1,2,3\n,,\nx,,z")) == "2/1 [1|2|3]\n3/2 [||]\n4/3 [x||z]\n");
  BOOST_TEST(joined(rows_of_text("a,b\n")) == "");
}

BOOST_AUTO_TEST_CASE(line_ends_of_windows_a_byte_order_mark_and_blank_lines_are_no_data) {
  BOOST_TEST(joined(rows_of_text("\xEF\xBB\xBF"
                                 "a,b\r\n1,2\r\n\r\n3,4\r\n\n")) == "2/1 [1|2]\n4/2 [3|4]\n");
  const TemporaryFile file(
      "\xEF\xBB\xBF"
      "a,b\r\n");
  BOOST_TEST(csv::CsvReader(file.path()).header() == (std::vector<std::string>{"a", "b"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_hold_commas_quotes_and_line_breaks) {
  BOOST_TEST(joined(rows_of_text("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n\"two\nlines\",x\n\"\",\"\"\nlast,\"\r\n\"\n")) ==
             "2/1 [1,5|say \"hi\"]\n3/2 [two\nlines|x]\n5/3 [|]\n6/4 [last|\r\n]\n");
}

BOOST_AUTO_TEST_CASE(quotes_in_wrong_places_spoil_one_row_only) {
  BOOST_TEST(joined(rows_of_text("a,b\n\"x\"y,1\nok,1\n")) == "2/1 !text follows a closing quote\n3/2 [ok|1]\n");
  BOOST_TEST(joined(rows_of_text("a,b\n12\" RULER,1\nok,1\nok,2\n")) ==
             "2/1 !a quote stands inside a field that is not quoted\n3/2 [ok|1]\n4/3 [ok|2]\n");
  BOOST_TEST(joined(rows_of_text("a,b\nA \"B\" C,1\nok,1\n")) ==
             "2/1 !a quote stands inside a field that is not quoted\n3/2 [ok|1]\n");
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_never_closed_costs_one_line) {
  BOOST_TEST(joined(rows_of_text("a,b\n\"open,1\nok,1\nok,2\n")) ==
             "2/1 !a quote is opened and never closed\n3/2 [ok|1]\n4/3 [ok|2]\n");
  BOOST_TEST(joined(rows_of_text("a,b\nok,1\n\"open,1")) == "2/1 [ok|1]\n3/2 !a quote is opened and never closed\n");
  std::string many = "a,b\n\"open,1\n";
  std::string expected = "2/1 !a quote is opened and never closed\n";
  for (int i = 0; i < 20'000; ++i) {  // further than any row may reach
    many += "ok,12345\n";
    expected += std::to_string(i + 3) + "/" + std::to_string(i + 2) + " [ok|12345]\n";
  }
  BOOST_TEST((joined(rows_of_text(many)) == expected));
}

BOOST_AUTO_TEST_CASE(rows_of_another_width_than_the_header_are_told_so) {
  BOOST_TEST(joined(rows_of_text("a,b\n1\n1,2,3\n1,2\n")) ==
             "2/1 !1 fields where the header names 2\n3/2 !3 fields where the header names 2\n4/3 [1|2]\n");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_spoil_one_row_and_are_named) {
  for (const std::string bad : {"\xFF", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3",
                                "\x80", "\xF0\x80\x80\x80", "\xE2\x82"}) {
    const auto rows = rows_of_text("a,b\nx," + bad + "\nok,1\n");
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST(rows[0].find("!not UTF-8, byte \\x") != std::string::npos);
    BOOST_TEST(rows[1] == "3/2 [ok|1]");
  }
  BOOST_TEST(joined(rows_of_text("a,b\n£,é\n€,😀\n")) == "2/1 [£|é]\n3/2 [€|😀]\n");
}

BOOST_AUTO_TEST_CASE(control_characters_spoil_one_row) {
  BOOST_TEST(joined(rows_of_text(std::string("a,b\nx\0y,1\nok,1\n", 15))) ==
             "2/1 !a control character, \\x00\n3/2 [ok|1]\n");
  BOOST_TEST(joined(rows_of_text("a,b\nx\ry,1\nt\tab,1\n")) == "2/1 !a control character, \\x0D\n3/2 [t\tab|1]\n");
}

BOOST_AUTO_TEST_CASE(an_endless_row_is_cut_off_and_what_follows_goes_on) {
  const std::string endless(csv::row_bytes_max + 300'000, 'x');
  const std::string fault = "longer than " + std::to_string(csv::row_bytes_max) + " bytes";
  BOOST_TEST(joined(rows_of_text("a,b\n" + endless + "\nok,1\n")) == "2/1 !" + fault + "\n3/2 [ok|1]\n");
  BOOST_TEST(joined(rows_of_text("a,b\n" + endless)) == "2/1 !" + fault + "\n");
  const std::string just_fits(csv::row_bytes_max - 2, 'x');
  BOOST_TEST((joined(rows_of_text("a,b\n" + just_fits + ",1\nok,1\n")) == "2/1 [" + just_fits + "|1]\n3/2 [ok|1]\n"));
}

BOOST_AUTO_TEST_CASE(a_long_quoted_row_within_the_limit_keeps_its_line_breaks) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "line " + std::to_string(i) + "\n";
  BOOST_TEST((joined(rows_of_text("a,b\n\"" + text + "\",1\nok,1\n")) == "2/1 [" + text + "|1]\n5003/2 [ok|1]\n"));
}

BOOST_AUTO_TEST_CASE(rows_are_the_same_wherever_the_reads_cut_them) {
  std::string text = "a,b\n", expected;
  for (int i = 0; text.size() < 3 * csv::file_read_bytes; ++i) {
    const std::string filler(static_cast<std::size_t>(i % 97), 'f');
    text += filler + ",\"" + filler + "\"\"\n\"\n";
    expected += std::to_string(2 + 2 * i) + "/" + std::to_string(i + 1) + " [" + filler + "|" + filler + "\"\n]\n";
  }
  BOOST_TEST((joined(rows_of_text(text)) == expected));
  const TemporaryFile zipped(gzipped(text), ".csv.gz");
  BOOST_TEST((joined(rows_of(zipped.path())) == expected));
}

BOOST_AUTO_TEST_CASE(a_gzip_file_that_is_cut_off_or_damaged_is_refused) {
  std::string text = "a,b\n";
  for (int i = 0; i < 5'000; ++i) text += std::to_string(i * 7919) + ",x\n";
  const std::string whole = gzipped(text);
  BOOST_TEST(error_of_text(whole, ".csv.gz") == "no error");
  BOOST_TEST(error_of_text(whole.substr(0, whole.size() / 2), ".csv.gz") ==
             "the gzip stream ends early: the file was cut off");
  BOOST_TEST(error_of_text(whole.substr(0, whole.size() - 4), ".csv.gz") ==
             "the gzip stream ends early: the file was cut off");
  std::string damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  BOOST_TEST(error_of_text(damaged, ".csv.gz").find("damaged gzip data") == 0U);
  std::string wrong_sum = whole;
  wrong_sum[wrong_sum.size() - 6] = static_cast<char>(wrong_sum[wrong_sum.size() - 6] ^ 1);
  BOOST_TEST(error_of_text(wrong_sum, ".csv.gz").find("damaged gzip data") == 0U);
  BOOST_TEST(error_of_text("a,b\n1,2\n", ".csv.gz") == "it is named .gz and is not gzip");
}

BOOST_AUTO_TEST_CASE(files_that_are_none_are_refused) {
  BOOST_TEST(error_of_text("") == "it is empty; a header is expected");
  BOOST_TEST(error_of_text("\n\n") == "it is empty; a header is expected");
  BOOST_TEST(error_of_text("a,\xFF\n1,2\n").find("its header is malformed: not UTF-8") == 0U);
  BOOST_TEST(error_of(std::filesystem::temp_directory_path()).find("not a regular file") == 0U);
  BOOST_TEST(error_of("/nowhere/orders.csv") == "No such file or directory");
}

BOOST_AUTO_TEST_CASE(raw_text_is_made_printable_byte_by_byte) {
  BOOST_TEST(csv::printable("a\xFF"
                            "b\x01£\t") == "a\\xFFb\\x01£\t");
  BOOST_TEST(!first_invalid_utf8(csv::printable("\xE2\x82\xF0\x9F\x98")));
}

BOOST_AUTO_TEST_SUITE_END()

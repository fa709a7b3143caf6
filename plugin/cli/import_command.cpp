#include <iostream>
#include <memory>
#include <sstream>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/csv_input.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/csv/rejects_file.hpp"
#include "sync/hub_program/open_hub.hpp"

namespace retour::cli {

namespace {

struct Options {
  std::string file;
  std::string mapping;
  std::filesystem::path hub;
  std::filesystem::path rejects;
  std::string rows;
  bool strict = false;
};

constexpr std::size_t rejects_shown_max = 10;

struct RowRange {
  std::uint64_t first = 0;
  std::uint64_t last = UINT64_MAX;
};

RowRange parse_rows(const std::string& text) {
  RowRange range;
  if (text.empty()) return range;
  char dash = 0;
  std::istringstream in(text);
  if (!(in >> range.first >> dash >> range.last) || dash != '-' || !in.eof() || range.first == 0 ||
      range.first > range.last) {
    throw Error({.operation = "read",
                 .object = "--rows " + text,
                 .cause = "expected FIRST-LAST, counted from 1",
                 .consequence = "nothing was imported"});
  }
  return range;
}

struct RowOf {
  std::uint64_t operator()(const ports::SourceOrder& order) const { return order.line_rows.back(); }
  std::uint64_t operator()(const auto& item) const { return item.row; }
};

bool wanted(const ports::SourceItem& item, const RowRange& range) {
  const std::uint64_t row = std::visit(RowOf{}, item);
  return row >= range.first && row <= range.last;
}

void show(const ports::SourceReject& reject, std::uint64_t number) {
  if (number > rejects_shown_max) return;
  std::cerr << reject.file << " line " << reject.line;
  if (!reject.column.empty()) std::cerr << ", column " << reject.column;
  std::cerr << ": " << reject.reason << '\n';
}

/// Reads the whole file first; nothing enters when one row is bad.
bool is_clean(csv::CsvSource& source, csv::RejectsFile& rejects) {
  Progress progress("bytes checked", std::cerr);
  std::uint64_t bad = 0;
  source.validate(
      [&](const ports::SourceReject& reject) {
        show(reject, ++bad);
        rejects.add(reject);
      },
      [&](std::uint64_t done, std::uint64_t all) { progress.at(done, all); });
  return bad == 0;
}

class Importer {
 public:
  Importer(hub_program::OpenHub& opened, const RowRange& range, csv::RejectsFile& rejects)
      : m_opened(opened), m_range(range), m_rejects(rejects) {}

  void take(ports::SourceItem&& item) {
    if (!wanted(item, m_range)) return;
    if (const auto* reject = std::get_if<ports::SourceReject>(&item)) {
      show(*reject, ++m_bad);
      m_rejects.add(*reject);
    } else if (std::holds_alternative<ports::SourceReturnLine>(item)) {
      ++m_returns;  // told, not imported: returns come over a counter
    } else if (!std::holds_alternative<ports::SourceNote>(item)) {
      m_batch.push_back(std::move(item));
      if (m_batch.size() >= hub::import_orders_max) flush();
    }
  }

  void flush() {
    m_began = true;
    const hub::ImportCounts counts = m_opened.hub().import(m_batch);
    m_batch.clear();
    m_sum.orders += counts.orders;
    m_sum.already_known += counts.already_known;
    m_sum.quarantined += counts.quarantined;
    m_sum.stock_moves += counts.stock_moves;
    journal::checkpoint_when_grown(m_opened.store().database());  // no hub may run that would do it
  }

  /// Whether anything was handed to the hub.
  bool began() const { return m_began; }
  const hub::ImportCounts& sum() const { return m_sum; }
  std::uint64_t bad() const { return m_bad; }
  std::uint64_t returns() const { return m_returns; }

 private:
  hub_program::OpenHub& m_opened;
  RowRange m_range;
  csv::RejectsFile& m_rejects;
  std::vector<ports::SourceItem> m_batch;
  bool m_began = false;
  hub::ImportCounts m_sum;
  std::uint64_t m_bad = 0;
  std::uint64_t m_returns = 0;
};

/// Batches are committed as they come, so an import that breaks off says what is in.
void take_all(csv::CsvSource& source, Importer& importer) {
  Progress progress("bytes", std::cerr);
  try {
    source.read([&](ports::SourceItem&& item) { importer.take(std::move(item)); },
                [&](std::uint64_t done, std::uint64_t all) { progress.at(done, all); });
    importer.flush();
  } catch (const Error& error) {
    const hub::ImportCounts& sum = importer.sum();
    if (!importer.began()) throw;
    Error::Parts parts = error.parts();
    parts.consequence = std::to_string(sum.orders) + " orders and " + std::to_string(sum.stock_moves) +
                        " stock movements are in and stay; the same file again adds only what is missing";
    throw Error(std::move(parts));
  }
}

int import_file(const Options& options) {
  const RowRange range = parse_rows(options.rows);
  const auto source = open_csv(options.file, options.mapping);
  csv::RejectsFile rejects(options.rejects.empty() ? std::filesystem::path(options.file + ".rejects.csv")
                                                   : options.rejects);
  if (options.strict && !is_clean(*source, rejects)) {
    rejects.close();
    std::cerr << "retour import: " << options.file << " was refused whole (--strict): the bad rows are in "
              << rejects.path().string() << "; nothing was imported\n";
    return 1;
  }

  hub_program::OpenHub opened({options.hub});
  Importer importer(opened, range, rejects);
  take_all(*source, importer);

  const hub::ImportCounts& sum = importer.sum();
  std::cout << sum.orders << " orders imported, " << sum.already_known << " known already, " << sum.quarantined
            << " quarantined, " << sum.stock_moves << " stock movements, " << importer.bad() << " rows refused";
  if (importer.bad() > 0) std::cout << " (" << rejects.path().string() << ")";
  const csv::RoundedAway& rounded = source->counts().rounded;
  if (rounded.lines > 0 && options.rows.empty())
    std::cout << ", " << rounded.lines << " line totals cut by " << rounded.amount().to_string() << " together";
  if (importer.returns() > 0)
    std::cout << "; " << importer.returns() << " return lines left out: returns come over a counter";
  std::cout << std::endl;
  rejects.close();
  return importer.bad() + sum.quarantined > 0 ? 1 : 0;
}

}  // namespace

void add_mapping_option(CLI::App& command, std::string& mapping) {
  const auto known = [](const std::string& name) {
    const bool found = csv::shipped_format(name) || std::filesystem::is_regular_file(name);
    return found ? std::string() : name + " is neither online_retail nor plain, nor a file";
  };
  command
      .add_option("--mapping", mapping,
                  "what the columns mean: online_retail (default), plain, or a JSON file (docs/adapters.md)")
      ->check(CLI::Validator(known, "NAME or FILE"));
}

void add_import_command(CLI::App& app, Run& run) {
  CLI::App* sub = app.add_subcommand("import", "take orders from a CSV file into a hub; the hub may be running");
  const auto options = std::make_shared<Options>();
  sub->add_option("FILE", options->file, "CSV, plain or .gz")->required()->check(CLI::ExistingFile);
  sub->add_option("--hub", options->hub, "the hub's directory")->required()->check(CLI::ExistingDirectory);
  add_mapping_option(*sub, options->mapping);
  sub->add_option("--rejects", options->rejects, "where bad rows go (default: FILE.rejects.csv)");
  sub->add_option("--rows", options->rows, "only data rows FIRST-LAST, counted from 1");
  sub->add_flag("--strict", options->strict, "refuse the file whole when one row is bad");
  sub->callback([&run, options] { run = [options] { return import_file(*options); }; });
}

}  // namespace retour::cli

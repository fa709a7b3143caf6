#pragma once
// Orders out of a CSV file, plain or gzip. Two passes: the first only finds the last row of each order number, the
// second hands out. An order enters at its last row; one bad row of it and none of it is taken. Memory: the order
// numbers (about 100 bytes each) and the orders that are open at once, whatever the length of the file.

#include <filesystem>
#include <functional>

#include "plugin/ports/order_source.hpp"
#include "pos-adapters/csv/csv_format.hpp"
#include "pos-adapters/csv/open_order.hpp"

namespace retour::csv {

struct CsvCounts {
  std::uint64_t rows = 0;  // of the data, the header aside
  std::uint64_t orders = 0;
  std::uint64_t order_lines = 0;
  std::uint64_t return_lines = 0;
  std::uint64_t stock_moves = 0;
  std::uint64_t notes = 0;
  std::uint64_t rejects = 0;  // rows
  RoundedAway rounded;        // of the orders that were taken: named, so that no sub-minor price is lost silently
};

struct CsvOptions {
  /// The id of an order (db/codec/digest.hpp has the product's own). Required.
  OpenOrder::DeriveId order_id;
};

class CsvSource : public ports::OrderSource {
 public:
  using Take = std::function<void(ports::SourceItem&&)>;
  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

  CsvSource(std::filesystem::path file, CsvFormat format, CsvOptions options);

  /// Throws retour::Error when the file cannot be read, is damaged, lacks a column or changes meanwhile. Damage and
  /// missing columns are found by the first pass, before anything is handed out.
  void read(const Take& take, const Progress& progress) override;

  /// Reads everything and hands out only the rejects: who wants all or nothing asks this first.
  CsvCounts validate(const std::function<void(const ports::SourceReject&)>& on_reject, const Progress& progress);

  /// Of the last read.
  const CsvCounts& counts() const { return m_counts; }

 private:
  std::filesystem::path m_file;
  CsvFormat m_format;
  CsvOptions m_options;
  CsvCounts m_counts;
};

}  // namespace retour::csv

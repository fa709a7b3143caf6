#pragma once
// A CSV file with the names of its columns, opened for the commands that read one.

#include <filesystem>
#include <memory>

#include "pos-adapters/csv/csv_source.hpp"

namespace retour::cli {

/// `mapping`: a format that comes with the program, or a JSON file; empty: "online_retail". Throws Error naming file
/// and field.
std::unique_ptr<csv::CsvSource> open_csv(const std::filesystem::path& file, const std::string& mapping);

}  // namespace retour::cli

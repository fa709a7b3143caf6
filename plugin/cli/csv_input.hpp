#pragma once
// A CSV file with the names of its columns, opened for the commands that read one.

#include <filesystem>
#include <memory>

#include "pos-adapters/csv/csv_source.hpp"

namespace retour::cli {

/// `mapping`: a JSON file, or empty for the UCI Online Retail data. Throws Error naming file and field.
std::unique_ptr<csv::CsvSource> open_csv(const std::filesystem::path& file, const std::filesystem::path& mapping);

}  // namespace retour::cli

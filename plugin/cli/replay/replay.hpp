#pragma once
// The replay: the whole file, in its order, through a hub and N stores. docs/replay.md says exactly what happens.

#include <filesystem>
#include <functional>
#include <string>

#include "plugin/cli/replay/summary.hpp"

namespace retour::replay {

struct ReplayOptions {
  std::string data_file;            // CSV, plain or .gz
  std::string mapping;              // of its columns, as open_csv takes it
  std::filesystem::path directory;  // for the files of hub and stores; must be empty or new
  std::size_t stores = 10;
  Profile profile = Profile::none;
  std::uint64_t seed = 1;
  bool over_tls = false;
  std::string expected_file;  // empty: nothing is compared
};

struct ReplayResult {
  Summary summary;
  std::vector<Answer> answers;  // in order of rows
};

/// `progress` gets rows done and rows in all. Throws Error when a file fails or the data has a row that cannot be
/// read.
ReplayResult run_replay(const ReplayOptions& options,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace retour::replay

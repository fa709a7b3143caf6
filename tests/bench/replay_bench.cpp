// The whole year through a hub and 38 stores, against as many bare commits of the same size in the same folder.

#include "plugin/cli/replay/replay.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/harness.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t stores = 38;

std::uintmax_t bytes_below(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

double bare_seconds(const std::filesystem::path& file, std::uint64_t commits, std::size_t bytes) {
  constexpr std::uint64_t checkpoint_every = 1'000;  // about the log of 4 MB at which the programs do it
  BareCommits bare(file);
  Account account;
  for (std::uint64_t i = 0; i < commits; ++i) {
    account.measure([&] { bare.commit(bytes); });
    if (i % checkpoint_every == checkpoint_every - 1) bare.checkpoint();
  }
  return account.seconds();
}

void replay_year(const Options& options) {
  if (!options.full) return;  // minutes
  const std::uint64_t before = syncs_so_far();
  const Stopwatch watch;
  const auto result =
      replay::run_replay({.data_file = std::string(RETOUR_SOURCE_DIR) + "/tests/data/online_retail.csv.gz",
                          .mapping = {},
                          .directory = options.folder / "replay",
                          .stores = stores,
                          .profile = replay::Profile::none,
                          .seed = options.seed,
                          .over_tls = false,
                          .expected_file = {}},
                         [](std::uint64_t, std::uint64_t) {});
  const double seconds = watch.seconds();
  const std::uint64_t commits = syncs_so_far() - before;
  const std::size_t bytes = bytes_below(options.folder / "replay") / commits;
  report({.bench = "replay",
          .figure = "whole replay, 38 stores, no outages, in memory transport, synchronous=FULL",
          .value = seconds,
          .unit = "s",
          .yardstick = bare_seconds(options.folder / "bare.db", commits, bytes),
          .must_be_ratio = true,
          .must = 3.0,
          .fdatasyncs = commits,
          .note = std::to_string(result.summary.cases) +
                  " return cases; yardstick: as many commits as there were fdatasyncs, each of " +
                  std::to_string(bytes) + " bytes (all files at the end, divided)"});
}

const Registration replay_registration("replay", replay_year);

}  // namespace
}  // namespace retour::bench

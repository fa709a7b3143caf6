// The whole year through a hub and 38 stores, against as many bare commits of the same size in the same folder.

#include <cstdio>

#include "plugin/cli/replay/replay.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/harness.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t stores = 38;
constexpr double told_every_s = 20;

/// Of the files that are committed durably: the journals and the hub's file, not the replicas.
std::uintmax_t durable_bytes_below(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (name == "journal.db" || name == "hub.db") bytes += file.file_size();
  }
  return bytes;
}

double bare_seconds(const std::filesystem::path& file, std::uint64_t commits, std::size_t bytes) {
  BareCommits bare(file);
  const Stopwatch watch;
  for (std::uint64_t i = 0; i < commits; ++i) {
    bare.commit(bytes);
    bare.checkpoint_when_grown();
  }
  return watch.seconds();
}

struct Replayed {
  double seconds = 0;
  double processor_seconds = 0;
  std::uint64_t syncs = 0;
  std::uint64_t cases = 0;
};

Replayed replay_once(const Options& options) {
  const std::uint64_t syncs = syncs_so_far();
  const double processor = process_seconds();
  const Stopwatch watch;
  double told = 0;
  const auto result =
      replay::run_replay({.data_file = std::string(RETOUR_SOURCE_DIR) + "/tests/data/online_retail.csv.gz",
                          .mapping = {},
                          .directory = options.folder / "replay",
                          .stores = stores,
                          .profile = replay::Profile::none,
                          .seed = options.seed,
                          .over_tls = false,
                          .expected_file = {}},
                         [&](std::uint64_t done, std::uint64_t all) {
                           if (watch.seconds() < told + told_every_s) return;
                           told = watch.seconds();
                           std::fprintf(stderr, "  row %llu of %llu\n", static_cast<unsigned long long>(done),
                                        static_cast<unsigned long long>(all));
                         });
  return {watch.seconds(), process_seconds() - processor, syncs_so_far() - syncs, result.summary.cases};
}

void replay_year(const Options& options) {
  const Replayed replayed = replay_once(options);
  const std::size_t bytes = durable_bytes_below(options.folder / "replay") / replayed.syncs;
  report({.bench = "replay",
          .figure = "whole replay, 38 stores, no outages, in memory transport, synchronous=FULL",
          .value = replayed.seconds,
          .unit = "s",
          .yardstick = bare_seconds(options.folder / "bare.db", replayed.syncs, bytes),
          .must_be_ratio = true,
          .must = 3.0,
          .fdatasyncs = replayed.syncs,
          .note = std::to_string(replayed.cases) + " return cases; " +
                  std::to_string(static_cast<int>(replayed.processor_seconds)) +
                  " s of processor; yardstick: as many commits as there were fdatasyncs, each of " +
                  std::to_string(bytes) + " bytes (journals and the hub's file at the end, divided)"});
}

const Registration replay_registration("replay", replay_year, {0, 150});

}  // namespace
}  // namespace retour::bench

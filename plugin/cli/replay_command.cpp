#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/replay/replay.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::cli {

namespace {

struct Options {
  replay::ReplayOptions replay;
  std::string profile = "none";
  std::string over = "memory";
  std::string answers_file;
  bool json = false;
};

/// The directory for the files: the given one, which must be empty, or one that goes away afterwards.
class WorkDirectory {
 public:
  explicit WorkDirectory(const std::filesystem::path& given) : m_path(given), m_temporary(given.empty()) {
    if (m_temporary)
      m_path = std::filesystem::temp_directory_path() / ("retour-replay-" + std::to_string(::getpid()));
    if (std::filesystem::exists(m_path) && !std::filesystem::is_empty(m_path)) {
      throw Error({.operation = "replay into",
                   .object = m_path.string(),
                   .cause = "the directory is not empty",
                   .consequence = "nothing was touched; name a new one"});
    }
    std::filesystem::create_directories(m_path);
  }
  ~WorkDirectory() {
    std::error_code ignored;
    if (m_temporary) std::filesystem::remove_all(m_path, ignored);
  }
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
  bool m_temporary;
};

int replay_file(Options& options) {
  const WorkDirectory directory(options.replay.directory);
  options.replay.directory = directory.path();
  options.replay.profile = *replay::parse_profile(options.profile);
  options.replay.over_tls = options.over == "tls";
  std::optional<std::vector<replay::Expected>> expected;  // read first: a file that is none costs no replay
  if (!options.replay.expected_file.empty()) expected = replay::read_expected(options.replay.expected_file);
  const auto began = std::chrono::steady_clock::now();
  Progress progress("rows", std::cerr);
  replay::ReplayResult result =
      replay::run_replay(options.replay, [&](std::uint64_t done, std::uint64_t all) { progress.at(done, all); });
  progress.done();
  result.summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (expected) {
    const bool allocations = options.replay.profile == replay::Profile::none;
    result.summary
        .agreement["answers against " + std::filesystem::path(options.replay.expected_file).filename().string()] =
        replay::first_difference(result.answers, *expected, allocations).value_or("");
  }
  if (options.json) {
    std::cout << replay::to_json(result.summary) << std::endl;
  } else {
    replay::print_table(std::cout, result.summary);
  }
  if (!options.answers_file.empty()) replay::write_answers(options.answers_file, result.answers);
  for (const auto& [what, difference] : result.summary.agreement) {
    if (difference.empty()) continue;
    std::cerr << "retour replay: " << what << ": " << difference << '\n';
    return 1;
  }
  return 0;
}

}  // namespace

void add_replay_command(CLI::App& app, Run& run) {
  CLI::App* sub = app.add_subcommand("replay", "a file of real orders and returns through a hub and N stores");
  const auto options = std::make_shared<Options>();
  sub->add_option("FILE", options->replay.data_file, "CSV, plain or .gz")->required()->check(CLI::ExistingFile);
  add_mapping_option(*sub, options->replay.mapping);
  sub->add_option("--stores", options->replay.stores, "how many stores")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  sub->add_option("--profile", options->profile, "outages")
      ->check(CLI::IsMember({"none", "mixed", "harsh"}))
      ->capture_default_str();
  sub->add_option("--seed", options->replay.seed, "draws places, outages and kills")->capture_default_str();
  sub->add_option("--over", options->over, "how stores reach the hub")
      ->check(CLI::IsMember({"memory", "tls"}))
      ->capture_default_str();
  sub->add_option("--data", options->replay.directory,
                  "keeps the files of hub and stores here (default: they go away)");
  sub->add_option("--expect", options->replay.expected_file,
                  "compares every answer with this file and names the first difference")
      ->check(CLI::ExistingFile);
  sub->add_option("--answers", options->answers_file, "writes one CSV row an answer");
  sub->add_flag("--json", options->json, "prints one JSON object instead of the table");
  sub->callback([&run, options] { run = [options] { return replay_file(*options); }; });
}

}  // namespace retour::cli

#include <iostream>
#include <memory>

#include "db/journal/inspect.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/cli/commands.hpp"

namespace retour::cli {

namespace {

int verify(const std::string& path) {
  const journal::Verification found = journal::verify(path, projections::store_projections());
  std::cout << path << ": " << found.events << " events, head " << found.head.seq << " "
            << found.head.hash.to_string().substr(0, 8) << '\n';
  if (found.acknowledged) {
    std::cout << "The hub has countersigned up to " << found.acknowledged->seq << "; " << found.unwitnessed
              << " later events nobody else has seen yet.\n";
  } else {
    std::cout
        << "Nobody else has seen this journal yet: had events been cut off from its end, nothing here could tell.\n";
  }
  for (const journal::Finding& finding : found.findings) {
    std::cout << "event " << finding.seq << ": " << to_string(finding.what) << ": " << finding.detail << '\n';
  }
  if (found.findings.empty() && !found.tables_compared) {
    std::cout << "Its tables are of an older version and were not held against the events; `retour journal rebuild` "
                 "makes them anew.\n";
  }
  std::cout << (found.findings.empty() ? "Nothing was changed, removed or put elsewhere.\n"
                                       : "This journal is not what was written.\n");
  return found.findings.empty() ? 0 : 1;
}

int rebuild(const std::string& path) {
  const journal::Rebuilt rebuilt = journal::rebuild(path, projections::store_projections());
  std::cout << path << ": " << rebuilt.events << " events folded again.\n";
  if (rebuilt.equal) {
    std::cout << "The tables were what the events say.\n";
    return 0;
  }
  std::cout << "The tables differed and are now what the events say. First difference: " << rebuilt.first_difference
            << '\n';
  return 1;
}

}  // namespace

void add_journal_command(CLI::App& app, Run& run) {
  CLI::App* journal = app.add_subcommand("journal", "look at a store's journal file");
  journal->require_subcommand(1);
  const auto path = std::make_shared<std::string>();
  const auto add = [&](const char* name, const char* what, int (*command)(const std::string&)) {
    CLI::App* sub = journal->add_subcommand(name, what);
    sub->add_option("FILE", *path, "journal.db")->required()->check(CLI::ExistingFile);
    sub->callback([&run, path, command] { run = [path, command] { return command(*path); }; });
  };
  add("verify", "find changed, removed, reordered or cut-off events", verify);
  add("rebuild", "drop the tables folded from the events and fold them again; the store must not be running",
      rebuild);
  add("dump", "every event as one line of JSON", [](const std::string& file) {
    journal::dump(file, std::cout);
    return 0;
  });
}

}  // namespace retour::cli

#pragma once
// The commands of `retour`, one file each. A command adds its options to the application and is run by what it sets.

#include <CLI/CLI.hpp>
#include <functional>

namespace retour::cli {

/// What the chosen command returns to the shell: 0 done, 1 the answer is no, 2 it could not be done.
using Run = std::function<int()>;

/// `--mapping`, as open_csv takes it: a format that comes with the program, or a JSON file that is there.
void add_mapping_option(CLI::App& command, std::string& mapping);

void add_import_command(CLI::App& app, Run& run);
void add_journal_command(CLI::App& app, Run& run);
void add_policy_command(CLI::App& app, Run& run);
void add_quote_command(CLI::App& app, Run& run);
void add_replay_command(CLI::App& app, Run& run);
void add_staff_command(CLI::App& app, Run& run);

}  // namespace retour::cli

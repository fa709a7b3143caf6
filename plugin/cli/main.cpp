// retour: the command line.

#include <iostream>

#include "plugin/cli/commands.hpp"
#include "plugin/core/base/error.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Retour: returns over the counter for what was bought anywhere in the chain.", "retour"};
  app.require_subcommand(1);
  retour::cli::Run run;
  retour::cli::add_import_command(app, run);
  retour::cli::add_journal_command(app, run);
  retour::cli::add_policy_command(app, run);
  retour::cli::add_quote_command(app, run);
  retour::cli::add_replay_command(app, run);
  retour::cli::add_staff_command(app, run);
  try {
    app.parse(argc, argv);
    return run();
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "retour: " << error.what() << '\n';
    return 2;
  }
}

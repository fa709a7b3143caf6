#include <iostream>
#include <memory>

#include "db/node_files/node_files.hpp"
#include "db/policy_pack/policy_text.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/policy_journal.hpp"

namespace retour::cli {

namespace {

using policy_pack::Language;
using policy_pack::TextForm;

struct PolicyOptions {
  std::vector<std::string> files;
  Language language = Language::en;
  TextForm form = TextForm::page;
  std::string journal;
  std::string case_name;
  bool as_json = false;
};

std::string summary_of(const PolicyPack& pack) {
  const auto count = [](std::size_t n, const char* what) { return ", " + std::to_string(n) + " " + what; };
  return "pack " + pack.id + ", version " + std::to_string(pack.version) +
         count(pack.exclusions.size(), "exclusions") + count(pack.windows.size(), "windows") +
         count(pack.conditions.size(), "conditions") + count(pack.fees.size(), "fees") +
         count(pack.authority.size(), "rules of authority") + count(pack.risk.size(), "rules of risk");
}

/// Every fault on a line of its own: FILE: PLACE REASON.
int check(const PolicyOptions& options) {
  std::vector<policy_pack::NamedPack> packs;
  bool is_fine = true;
  for (const std::string& file : options.files) {
    const policy_pack::ReadPack read = policy_pack::read_pack(node_files::read_text(file));
    for (const policy_pack::Fault& fault : read.faults) std::cout << file << ": " << to_string(fault) << '\n';
    is_fine &= read.faults.empty();
    if (!read.file) continue;
    std::cout << file << ": " << summary_of(read.file->pack) << '\n';
    packs.push_back({file, read.file->pack});
  }
  for (const std::string& contradiction : contradictions(packs)) {
    std::cout << contradiction << '\n';
    is_fine = false;
  }
  return is_fine ? 0 : 1;
}

int text(const PolicyOptions& options) {
  const std::string& file = options.files.front();
  const policy_pack::ReadPack read = policy_pack::read_pack(node_files::read_text(file));
  for (const policy_pack::Fault& fault : read.faults) std::cerr << file << ": " << to_string(fault) << '\n';
  if (!read.file) return 1;
  std::cout << policy_text(*read.file, options.language, options.form);
  return 0;
}

}  // namespace

void add_policy_command(CLI::App& app, Run& run) {
  CLI::App* policy = app.add_subcommand("policy", "look at the rules of returns");
  policy->require_subcommand(1);
  const auto options = std::make_shared<PolicyOptions>();

  CLI::App* checking = policy->add_subcommand("check", "find what cannot be meant in packs, and between them");
  checking->add_option("FILE", options->files, "policy packs")->required()->check(CLI::ExistingFile);
  checking->callback([&run, options] { run = [options] { return check(*options); }; });

  CLI::App* writing = policy->add_subcommand("text", "a pack in plain words, for customers");
  writing->add_option("FILE", options->files, "the policy pack")->required()->expected(1)->check(CLI::ExistingFile);
  writing->add_option("--lang", options->language, "en or zh")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Language>{{"en", Language::en}, {"zh", Language::zh}}));
  writing->add_option("--for", options->form, "page, mail or receipt")
      ->transform(CLI::CheckedTransformer(std::map<std::string, TextForm>{
          {"page", TextForm::page}, {"mail", TextForm::mail}, {"receipt", TextForm::receipt}}));
  writing->callback([&run, options] { run = [options] { return text(*options); }; });

  CLI::App* explaining = policy->add_subcommand("explain", "why each line of a return case got its answer");
  explaining->add_option("JOURNAL", options->journal, "journal.db")->required()->check(CLI::ExistingFile);
  explaining->add_option("CASE", options->case_name, "code on the receipt, or id of the case")->required();
  explaining->callback(
      [&run, options] { run = [options] { return explain(options->journal, options->case_name); }; });

  CLI::App* asking = policy->add_subcommand("what-if", "what a changed pack would have decided, refunded and cost");
  asking->add_option("FILE", options->files, "the changed pack")->required()->expected(1)->check(CLI::ExistingFile);
  asking->add_option("--over", options->journal, "journal.db")->required()->check(CLI::ExistingFile);
  asking->add_flag("--json", options->as_json, "all lines that would get another answer, as JSON");
  asking->callback([&run, options] {
    run = [options] { return what_if(options->files.front(), options->journal, options->as_json); };
  });
}

}  // namespace retour::cli

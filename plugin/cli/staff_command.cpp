#include <algorithm>
#include <iostream>
#include <memory>

#include "db/codec/digest.hpp"
#include "db/node_files/node_files.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/hidden_line.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/staff_file/approval_codes.hpp"
#include "pos-adapters/staff_file/pin_hash.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "pos-adapters/system/system.hpp"

namespace retour::cli {

namespace {

using staff_file::Member;

struct Options {
  std::string directory;
  std::string code;
  std::string role;
  bool without_pin = false;
  std::uint32_t first = 0;
  std::uint32_t count = 10;
  std::vector<std::string> customers;
};

node_files::NodeFiles files_of(const Options& options) {
  const node_files::NodeFiles files{options.directory};
  node_files::read_config(files);  // throws when this is no store's directory
  return files;
}

std::string hash_of_new_pin(const node_files::NodeFiles& files) {
  const std::string pin = read_hidden_line("PIN (4 to 12 digits): ");
  if (!staff_file::is_pin(pin)) {
    throw Error({.operation = "set",
                 .object = "the PIN",
                 .cause = "a PIN has " + std::to_string(staff_file::pin_digits_min) + " to " +
                          std::to_string(staff_file::pin_digits_max) + " digits and nothing else",
                 .consequence = "nothing was changed"});
  }
  system::SystemIds ids;
  Bytes salt(16);
  ids.fill(salt.data(), salt.size());
  return staff_file::hash_pin(pin, staff_file::secret_of(files.staff_pepper(), ids), salt);
}

std::vector<Member>::iterator find(std::vector<Member>& members, const std::string& code) {
  return std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.code == code; });
}

int set(const Options& options) {
  const node_files::NodeFiles files = files_of(options);
  std::vector<Member> members = staff_file::read_staff(files.staff());
  Member member{options.code, *parse_role(options.role), options.without_pin ? "" : hash_of_new_pin(files)};
  const auto known = find(members, options.code);
  if (known == members.end()) {
    members.push_back(member);
  } else {
    member.household = known->household;
    *known = member;
  }
  staff_file::write_staff(files.staff(), members);
  std::cout << options.code << " is " << options.role << (member.pin.empty() ? ", without a PIN" : "") << ".\n";
  return 0;
}

int remove(const Options& options) {
  const node_files::NodeFiles files = files_of(options);
  std::vector<Member> members = staff_file::read_staff(files.staff());
  if (std::erase_if(members, [&](const Member& one) { return one.code == options.code; }) == 0) {
    std::cout << "Nobody here has the code " << options.code << ".\n";
    return 1;
  }
  staff_file::write_staff(files.staff(), members);
  std::cout << options.code << " can approve nothing any more.\n";
  return 0;
}

/// Customer numbers become look-up keys at once: the file tells nobody who shops where.
int household(const Options& options) {
  const node_files::NodeFiles files = files_of(options);
  std::vector<Member> members = staff_file::read_staff(files.staff());
  const auto known = find(members, options.code);
  if (known == members.end()) {
    std::cout << "Nobody here has the code " << options.code << ".\n";
    return 1;
  }
  const Bytes secret = node_files::read_bytes(files.lookup_secret());
  known->household.clear();
  for (const std::string& customer : options.customers) {
    known->household.push_back(codec::hmac_key(secret, customer));
  }
  staff_file::write_staff(files.staff(), members);
  std::cout << "What " << options.customers.size() << " customer numbers bought goes to a manager when "
            << options.code << " serves.\n";
  return 0;
}

int list(const Options& options) {
  for (const Member& member : staff_file::read_staff(files_of(options).staff())) {
    std::cout << member.code << '\t' << to_string(member.role) << '\t' << (member.pin.empty() ? "no PIN" : "PIN")
              << '\n';
  }
  return 0;
}

int approval_codes(const Options& options) {
  const node_files::NodeFiles files = files_of(options);
  if (options.first + options.count - 1 > staff_file::code_number_max) {
    throw Error({.operation = "make",
                 .object = "approval codes",
                 .cause = "their numbers go up to " + std::to_string(staff_file::code_number_max),
                 .consequence = "put " + files.approval_secret().string() +
                                " away to begin anew: all codes handed out before are then void"});
  }
  system::SystemIds ids;
  const Bytes secret = staff_file::secret_of(files.approval_secret(), ids);
  const staff_file::CodeOwner owner{node_files::read_config(files).node, options.code};
  for (std::uint32_t i = 0; i < options.count; ++i) {
    std::cout << options.first + i << '\t' << staff_file::approval_code(secret, owner, options.first + i) << '\n';
  }
  return 0;
}

bool is_role(const std::string& text) {
  return parse_role(text).has_value();
}

CLI::App* add(CLI::App& parent, const char* name, const char* what, const std::shared_ptr<Options>& options, Run& run,
              int (*command)(const Options&)) {
  CLI::App* sub = parent.add_subcommand(name, what);
  sub->add_option("--data", options->directory, "the store's directory")->required()->check(CLI::ExistingDirectory);
  sub->callback([&run, options, command] { run = [options, command] { return command(*options); }; });
  return sub;
}

CLI::Option* add_code(CLI::App& command, const char* name, Options& options) {
  return command.add_option(name, options.code, "staff code")->required()->check([](const std::string& code) {
    return code.empty() || code.size() > staff_file::staff_code_bytes_max ? "a staff code has 1 to 32 bytes" : "";
  });
}

}  // namespace

void add_staff_command(CLI::App& app, Run& run) {
  CLI::App* staff = app.add_subcommand("staff", "who works in a store and what they may approve");
  staff->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* setting =
      add(*staff, "set", "give a person a role and a PIN; the PIN is read from standard input", options, run, set);
  add_code(*setting, "--code", *options);
  setting->add_option("--role", options->role, "cashier, supervisor, manager or regional_manager")
      ->required()
      ->check([](const std::string& role) { return is_role(role) ? "" : "\"" + role + "\" is no role"; });
  setting->add_flag("--without-pin", options->without_pin, "can be served for, and approves by code only");
  add_code(*add(*staff, "remove", "take a person out", options, run, remove), "--code", *options);
  add(*staff, "list", "codes and roles", options, run, list);
  CLI::App* family =
      add(*staff, "household", "whose purchases a person may not take back alone: hers and her family's", options,
          run, household);
  add_code(*family, "--code", *options);
  family
      ->add_option("--customer", options->customers,
                   "customer number, as on orders; may be repeated, and none takes all out")
      ->expected(0, static_cast<int>(staff_file::household_max));

  CLI::App* codes =
      add(app, "approval-codes", "one-time codes by which a person approves in this store when she cannot be there",
          options, run, approval_codes);
  add_code(*codes, "--approver", *options);
  codes->add_option("--first", options->first, "number of the first code; the same numbers give the same codes")
      ->check(CLI::Range(0U, staff_file::code_number_max));
  codes->add_option("--count", options->count, "how many")->check(CLI::Range(1U, 100U));
}

}  // namespace retour::cli

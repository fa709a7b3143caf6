// retour-hub: the chain's hub. `init` once, then `serve` for ever; `token` and `revoke` while it runs.

#include <Poco/Util/IntValidator.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>

#include <functional>
#include <iostream>
#include <map>

#include "db/node_files/node_files.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "plugin/core/order/exposure_budget.hpp"
#include "sync/hub/make_budget.hpp"
#include "sync/hub_program/budget_amount.hpp"
#include "sync/hub_program/publish.hpp"
#include "sync/hub_program/wiring.hpp"
#include "sync/protocol/enrol_token.hpp"

namespace {

using Poco::Util::Option;
namespace hub = retour::hub_program;

constexpr int port_default = 8443;
constexpr int status_port_default = 8481;

constexpr const char* usage =
    R"(The chain's hub: takes orders and the stores' journals in, hands out rights, decisions and orders.

usage:
  retour-hub init   --data DIR --host NAME[,NAME] [--port N] [--policy FILE]
  retour-hub serve  --data DIR [--port N] [--listen ADDRESS] [--status-port N]
  retour-hub token  --data DIR --name STORE
  retour-hub revoke --data DIR --name STORE
  retour-hub publish --data DIR --kind KIND --file FILE
  retour-hub budget --data DIR --name STORE --currency CODE --amount 500.00 --by WHO

  init     makes keys, certificates and an empty database in DIR; once
  serve    runs the hub until it is told to end
  token    prints the one-time token with which a store joins, also while the hub runs
  revoke   shuts a store out, also while the hub runs
  budget   lets a store pay out so much more without a receipt (docs/policy.md), also while the hub runs

  publish  hands a file to every store, which takes it over at its next contact; also while the hub runs

  --data DIR          the hub's directory
  --host NAME[,NAME]  names and addresses by which stores reach this hub; the first goes into tokens
  --port N            where stores reach it (init: default 8443, kept in hub.json; serve: instead of that one)
  --policy FILE       the rules of returns, as JSON (default: everything comes back within 30 days)
  --listen ADDRESS    of the stores' end (default 0.0.0.0, every address of this machine)
  --status-port N     of the status page, on 127.0.0.1 (default 8481; 0: any free one)
  --name STORE        letters, digits, dots, dashes and underscores
  --kind KIND         policy (from its valid_from on), catalogue (of articles), staff (codes and roles,
                      no PINs) or recalls
  --by WHO            staff code of who decided it; it stands in the hub's journal
)";

class HubProgram : public Poco::Util::ServerApplication {
 protected:
  void defineOptions(Poco::Util::OptionSet& options) override {
    ServerApplication::defineOptions(options);
    for (const char* flag : {"help"}) options.addOption(Option(flag, "h", "").repeatable(false));
    for (const char* text :
         {"data", "host", "policy", "listen", "name", "kind", "file", "currency", "amount", "by"}) {
      options.addOption(Option(text, "", "").argument("VALUE").repeatable(false));
    }
    for (const auto& [number, lowest] : {std::pair("port", 1), std::pair("status-port", 0)}) {
      options.addOption(Option(number, "", "")
                            .argument("N")
                            .validator(new Poco::Util::IntValidator(lowest, 65535))
                            .repeatable(false));
    }
  }

  void handleOption(const std::string& name, const std::string& value) override {
    ServerApplication::handleOption(name, value);  // asks the validator
    m_options[name] = value;
    if (name == "help") stopOptionsProcessing();
  }

  int main(const ArgVec& arguments) override {
    const std::map<std::string, std::function<int()>> commands{
        {"init", [this] { return init(); }},       {"serve", [this] { return serve(); }},
        {"token", [this] { return token(); }},     {"revoke", [this] { return revoke(); }},
        {"publish", [this] { return publish(); }}, {"budget", [this] { return budget(); }}};
    const auto command = commands.find(arguments.empty() ? "" : arguments[0]);
    if (m_options.contains("help")) {
      std::cout << usage;
      return EXIT_OK;
    }
    if (command == commands.end())
      return wrong(arguments.empty() ? "which command?" : "there is no command \"" + arguments[0] + "\"");
    if (arguments.size() > 1) return wrong("\"" + arguments[1] + "\" is one word too many");
    if (option("data").empty()) return wrong(command->first + " needs --data DIR");
    try {
      return command->second();
    } catch (const std::exception& error) {
      std::cerr << "retour-hub: " << error.what() << '\n';
      return EXIT_SOFTWARE;
    }
  }

 private:
  std::string option(const std::string& name) const {
    const auto found = m_options.find(name);
    return found == m_options.end() ? "" : found->second;
  }
  std::uint16_t port(const std::string& name, int otherwise) const {
    return static_cast<std::uint16_t>(option(name).empty() ? otherwise : std::stoi(option(name)));
  }
  hub::HubFiles files() const { return {std::filesystem::absolute(option("data"))}; }

  int wrong(const std::string& what) const {
    std::cerr << "retour-hub: " << what << "\n\n" << usage;
    return EXIT_USAGE;
  }

  int init() {
    if (option("host").empty()) return wrong("init needs --host: the name by which stores reach this hub");
    retour::system::SystemClock clock;
    retour::system::SystemIds ids;
    hub::NewHub wanted{.hosts = hub::parse_hosts(option("host")),
                       .port = port("port", port_default),
                       .policy_json = hub::default_policy_json()};
    if (!option("policy").empty()) {
      retour::policy_pack::read_policy(option("policy"));  // throws before anything is made
      wanted.policy_json = retour::node_files::read_text(option("policy"));
    }
    hub::make_hub(files(), wanted, clock, ids);
    std::cout
        << "A hub is in " << files().directory.string() << "; stores will reach it at " << wanted.hosts.front() << ":"
        << wanted.port << ".\n"
        << "Keep a copy of its *.pem files and lookup.secret in a safe place: without them no store trusts it.\n"
        << "Start it with: retour-hub serve --data " << option("data") << "\n";
    return EXIT_OK;
  }

  int serve() {
    retour::system::keep_termination_signals();
    hub::RunningHub running({.directory = files().directory,
                             .address = option("listen").empty() ? "0.0.0.0" : option("listen"),
                             .port = option("port").empty() ? std::nullopt : std::optional(port("port", 0)),
                             .status_port = port("status-port", status_port_default)});
    if (const auto& because = running.certificate_renewed_because())
      std::cout << "The hub's certificate was made anew: " << *because << ".\n";
    std::cout << "Hub " << running.config().hosts.front() << " answers stores on port " << running.port()
              << "; its status page is http://127.0.0.1:" << running.status_port() << "/\n"
              << "What it grants is durable on one disk only: were that lost, what was granted since the last backup "
                 "is known to the stores alone.\n"
              << std::flush;
    waitForTerminationRequest();
    running.stop();
    std::cout << "The hub has stopped." << std::endl;
    return EXIT_OK;
  }

  int token() {
    if (option("name").empty()) return wrong("token needs --name STORE");
    hub::OpenHub opened(files());
    const auto secret = opened.hub().invite(option("name"));
    if (!secret.ok()) return refused("make a token for", secret.error());
    const retour::protocol::EnrolToken token{
        .host = opened.config().hosts.front(),
        .port = opened.config().port,
        .secret = *secret,
        .ca_fingerprint = retour::transport::pki::fingerprint_of(opened.secrets().ca.certificate_pem)};
    std::cout << "With this token one store becomes " << option("name")
              << ", once; an older token for that name no longer works:\n"
              << token.to_string() << "\n";
    return EXIT_OK;
  }

  int revoke() {
    if (option("name").empty()) return wrong("revoke needs --name STORE");
    hub::OpenHub opened(files());
    const auto revoked = opened.hub().revoke(option("name"));
    if (!revoked.ok()) return refused("revoke", revoked.error());
    std::cout << "Store " << option("name") << " is shut out. What it held stays with it: those units are not "
              << "refunded elsewhere until a person decides.\n";
    return EXIT_OK;
  }

  int publish() {
    if (option("kind").empty() || option("file").empty()) return wrong("publish needs --kind KIND and --file FILE");
    hub::OpenHub opened(files());
    const hub::Published published = hub::publish(opened, option("kind"), option("file"));
    std::cout << (published.is_new ? "Published " : "Published already: ") << published.what << ", as number "
              << published.seq << " of the documents. " << published.from << "\n";
    return EXIT_OK;
  }

  int budget() {
    for (const char* needed : {"name", "currency", "amount", "by"}) {
      if (option(needed).empty()) return wrong(std::string("budget needs --") + needed);
    }
    const auto currency = retour::Currency::parse(option("currency"));
    if (!currency) return wrong("\"" + option("currency") + "\" is no currency known here");
    const auto minor = hub::parse_amount(option("amount"), *currency);
    if (!minor) {
      return wrong("\"" + option("amount") + "\" is no amount of " + std::string(currency->name()) + " from 1 to " +
                   std::to_string(retour::budget_minor_max) + " minor units");
    }
    hub::OpenHub opened(files());
    retour::system::SystemIds ids;
    const auto made = retour::hub::make_budget(opened.store(), ids, {option("name"), *currency, *minor, option("by")},
                                               opened.clock().now_ms());
    if (!made.ok()) return refused("make a budget for", made.error());
    std::cout << "Store " << option("name") << " may pay out " << option("amount") << " " << currency->name()
              << " more on returns without receipt, once it has called: " << made->number << ".\n";
    return EXIT_OK;
  }

  int refused(const std::string& what, const retour::protocol::ErrorReply& error) const {
    std::cerr << "retour-hub: " << what << " " << option("name") << " failed: " << error.detail << " (" << error.code
              << ")\n";
    return EXIT_DATAERR;
  }

  std::map<std::string, std::string> m_options;
};

}  // namespace

POCO_SERVER_MAIN(HubProgram)

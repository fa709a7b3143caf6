// retour-sync: keeps a store in step with the hub. `retour-sync enrol` once, then `retour-sync run` for ever.

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>

#include <iostream>
#include <thread>

#include "pos-adapters/system/system.hpp"
#include "sync/daemon/enrol.hpp"
#include "sync/daemon/sync_loop.hpp"

namespace {

using Poco::Util::Option;

constexpr const char* usage =
    R"(Keeps a store in step with the hub: sends its journal, takes orders, rights and decisions.

usage:
  retour-sync enrol --data DIR --token TOKEN
  retour-sync run   --data DIR

  enrol  makes DIR a store of the chain, once
  run    works until it is told to end; beside retour-store, which needs no network

  --data DIR     the store's directory
  --token TOKEN  the one-time token that `retour-hub token` printed; - reads it from standard input
)";

class SyncProgram : public Poco::Util::ServerApplication {
 protected:
  void defineOptions(Poco::Util::OptionSet& options) override {
    ServerApplication::defineOptions(options);
    options.addOption(Option("help", "h", "").repeatable(false));
    for (const char* text : {"data", "token"})
      options.addOption(Option(text, "", "").argument("VALUE").repeatable(false));
  }

  void handleOption(const std::string& name, const std::string& value) override {
    ServerApplication::handleOption(name, value);
    if (name == "help") {
      m_help = true;
      stopOptionsProcessing();
    } else if (name == "data") {
      m_data = value;
    } else if (name == "token") {
      m_token = value;
    }
  }

  int main(const ArgVec& arguments) override {
    if (m_help) {
      std::cout << usage;
      return EXIT_OK;
    }
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (command.empty()) return wrong("which command?");
    if (command != "enrol" && command != "run") return wrong("there is no command \"" + command + "\"");
    if (arguments.size() > 1) return wrong("\"" + arguments[1] + "\" is one word too many");
    if (m_data.empty()) return wrong(command + " needs --data DIR");
    if (command == "enrol" && m_token.empty()) return wrong("enrol needs --token: what `retour-hub token` printed");
    try {
      return command == "enrol" ? enrol() : keep_in_step();
    } catch (const std::exception& error) {
      log(error.what());
      return EXIT_SOFTWARE;
    }
  }

 private:
  static void log(const std::string& sentence) { std::cerr << "retour-sync: " << sentence << std::endl; }

  int wrong(const std::string& what) const {
    std::cerr << "retour-sync: " << what << "\n\n" << usage;
    return EXIT_USAGE;
  }

  int enrol() {
    if (m_token == "-") std::getline(std::cin, m_token);
    retour::system::SystemIds ids;
    const auto config = retour::daemon::enrol(m_data, m_token, ids);
    std::cout << "This directory is now store " << config.name << " of the hub at " << config.hub_host << ":"
              << config.hub_port << ".\n"
              << "Start it with: retour-sync run --data " << m_data << "\n";
    return EXIT_OK;
  }

  int keep_in_step() {
    retour::system::keep_termination_signals();
    retour::system::SystemClock clock;
    retour::daemon::SyncLoop loop({m_data}, clock, log);
    std::cout << "Store " << loop.config().name << " keeps in step with the hub at " << loop.config().hub_host << ":"
              << loop.config().hub_port << "." << std::endl;
    std::exception_ptr failure;
    std::thread worker([&] {
      try {
        loop.run();
      } catch (...) {
        failure = std::current_exception();
        terminate();
      }
    });
    waitForTerminationRequest();
    loop.stop();
    worker.join();
    if (failure) std::rethrow_exception(failure);
    return EXIT_OK;
  }

  bool m_help = false;
  std::string m_data;
  std::string m_token;
};

}  // namespace

POCO_SERVER_MAIN(SyncProgram)

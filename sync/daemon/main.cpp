// retour-sync: keeps a store in step with the hub. `retour-sync enrol` once, then `retour-sync run` for ever.

#include <Poco/Util/HelpFormatter.h>
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

class SyncProgram : public Poco::Util::ServerApplication {
 protected:
  void defineOptions(Poco::Util::OptionSet& options) override {
    ServerApplication::defineOptions(options);
    options.addOption(Option("help", "h", "what this program does").repeatable(false));
    options.addOption(Option("data", "d", "the store's directory").argument("DIR").repeatable(false));
    options.addOption(Option("token", "t", "one-time token of the hub; - reads it from standard input").argument("TOKEN").repeatable(false));
  }

  void handleOption(const std::string& name, const std::string& value) override {
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
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (m_help || m_data.empty() || (command != "enrol" && command != "run")) return usage();
    try {
      return command == "enrol" ? enrol() : keep_in_step();
    } catch (const retour::Error& error) {
      std::cerr << "retour-sync: " << error.what() << '\n';
      return EXIT_SOFTWARE;
    }
  }

 private:
  int usage() {
    Poco::Util::HelpFormatter formatter(options());
    formatter.setCommand("retour-sync");
    formatter.setUsage("enrol --data DIR --token TOKEN | run --data DIR");
    formatter.setHeader("Keeps a store in step with the hub: sends its journal, takes orders, rights and decisions.");
    formatter.format(m_help ? std::cout : std::cerr);
    return m_help ? EXIT_OK : EXIT_USAGE;
  }

  int enrol() {
    if (m_token == "-") std::getline(std::cin, m_token);
    retour::system::SystemIds ids;
    const auto config = retour::daemon::enrol(m_data, m_token, ids);
    std::cout << "This directory is now store " << config.name << " of the hub at " << config.hub_host << ":" << config.hub_port << ".\n"
              << "Start it with: retour-sync run --data " << m_data << "\n";
    return EXIT_OK;
  }

  int keep_in_step() {
    retour::system::keep_termination_signals();
    retour::system::SystemClock clock;
    retour::daemon::SyncLoop loop({m_data}, clock);
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

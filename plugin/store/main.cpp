// retour-store: the till's service. Local API and status page on loopback; everything it knows is in --data DIR.

#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/IntValidator.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>

#include <iostream>

#include "plugin/core/base/error.hpp"
#include "plugin/store/wiring.hpp"
#include "pos-adapters/system/system.hpp"

namespace {

using Poco::Util::Option;

constexpr int port_default = 8480;

class StoreProgram : public Poco::Util::ServerApplication {
 protected:
  void defineOptions(Poco::Util::OptionSet& options) override {
    ServerApplication::defineOptions(options);
    options.addOption(Option("help", "h", "what this program does").repeatable(false));
    options.addOption(
        Option("data", "d", "the store's directory, enrolled with retour-sync").argument("DIR").repeatable(false));
    options.addOption(
        Option("port", "p", "of the local API and the status page, on 127.0.0.1 (default 8480; 0: any free one)")
            .argument("N")
            .validator(new Poco::Util::IntValidator(0, 65535))
            .repeatable(false));
    options.addOption(Option("drop", "", "folder that is watched for sale files").argument("DIR").repeatable(false));
    options.addOption(Option("fiscal-signer", "", "who signs credit notes: simulated; without it nobody does")
                          .argument("NAME")
                          .repeatable(false));
    options.addOption(
        Option("simulated-faults", "", "let the simulated card terminal fail now and then, as drawn from a seed")
            .argument("SEED")
            .validator(new Poco::Util::IntValidator(0, 2'000'000'000))
            .repeatable(false));
  }

  void handleOption(const std::string& name, const std::string& value) override {
    ServerApplication::handleOption(name, value);  // asks the validator
    if (name == "help") {
      m_help = true;
      stopOptionsProcessing();
    } else if (name == "data") {
      m_setup.directory = value;
    } else if (name == "port") {
      m_setup.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (name == "drop") {
      m_setup.drop_folder = value;
    } else if (name == "fiscal-signer") {
      m_setup.fiscal_signer = value;
    } else if (name == "simulated-faults") {
      m_setup.fault_seed = static_cast<std::uint64_t>(std::stoll(value));
    }
  }

  int main(const ArgVec&) override {
    if (m_help || m_setup.directory.empty()) return usage();
    retour::system::keep_termination_signals();
    try {
      retour::store::StoreProgramParts parts(m_setup);
      std::cout << "Store " << parts.store_name() << " answers on http://127.0.0.1:" << parts.port() << "/"
                << std::endl;
      waitForTerminationRequest();
      parts.stop();
      return EXIT_OK;
    } catch (const retour::Error& error) {
      std::cerr << "retour-store: " << error.what() << '\n';
      return EXIT_SOFTWARE;
    }
  }

 private:
  int usage() {
    Poco::Util::HelpFormatter formatter(options());
    formatter.setCommand("retour-store");
    formatter.setUsage("--data DIR [--port N] [--drop DIR]");
    formatter.setHeader(
        "Takes returns at the till, with or without a network. Enrol the directory first: retour-sync enrol.");
    formatter.format(m_help ? std::cout : std::cerr);
    return m_help ? EXIT_OK : EXIT_USAGE;
  }

  bool m_help = false;
  retour::store::ProgramSetup m_setup{.port = port_default};
};

}  // namespace

POCO_SERVER_MAIN(StoreProgram)

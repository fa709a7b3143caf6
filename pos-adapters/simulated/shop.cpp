#include "pos-adapters/simulated/shop.hpp"

#include "plugin/core/base/error.hpp"

namespace retour::simulated {

namespace {
std::filesystem::path made(const std::filesystem::path& folder) {
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) {
    throw Error({.operation = "make the folder of the simulated devices",
                 .object = folder.string(),
                 .cause = failed.message(),
                 .consequence = "the till has no devices, nothing can be refunded"});
  }
  return folder;
}

std::filesystem::path within(const std::filesystem::path& folder, const char* name) {
  return folder.empty() ? folder : folder / name;
}
}  // namespace

CardFaultRates ordinary_trouble() {
  return {.question_lost = 25, .answer_lost = 25, .answer_late = 25, .declined = 25};
}

Shop::Shop(const ShopOptions& options)
    : terminal({.memory_file = within(made(options.folder), "card-terminal.txt"),
                .offline_switch = within(options.folder, "card-terminal-offline"),
                .says_file = within(options.folder, "card-terminal-says"),
                .seed = options.seed,
                .rates = options.card_faults}),
      drawer(within(options.folder, "cash-drawer.txt"), within(options.folder, "cash-drawer-holds")),
      printer(within(options.folder, "papers")),
      signer(within(options.folder, "fiscal-signer.txt"), within(options.folder, "fiscal-signer-out-of-order")) {}

}  // namespace retour::simulated

#pragma once
// The devices of a till together, with their files in one folder, so that a kill of the program forgets
// nothing.

#include "pos-adapters/simulated/card_terminal.hpp"
#include "pos-adapters/simulated/cash_drawer.hpp"
#include "pos-adapters/simulated/fiscal_signer.hpp"
#include "pos-adapters/simulated/printer.hpp"

namespace retour::simulated {

struct ShopOptions {
  std::filesystem::path folder;  // made when missing; empty: everything in memory
  std::uint64_t seed = 0;
  CardFaultRates card_faults;
};

/// A seeded bad day: about one card question in ten goes wrong in one of the four ways.
CardFaultRates ordinary_trouble();

class Shop {
 public:
  explicit Shop(const ShopOptions& options);
  Shop() : Shop(ShopOptions{}) {}

  CardTerminal terminal;
  CashDrawer drawer;
  Printer printer;
  FiscalSigner signer;
};

}  // namespace retour::simulated

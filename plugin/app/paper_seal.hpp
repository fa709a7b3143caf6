#pragma once
// The text of a QR code that people carry from store to store: words joined by dots, behind them a seal that any
// store of the chain can make and check without network. What a seal proves and what not: docs/money.md, "Value
// accounts".

#include <string>
#include <string_view>
#include <vector>

#include "plugin/app/store_context.hpp"

namespace retour::app {

/// `words` and their seal. `use` names the kind of paper: a seal of one kind never fits another.
std::string sealed(const StoreContext& store, std::string_view use, std::string words);

/// Whether the last of the dotted words is the seal of those before it.
bool seal_fits(const StoreContext& store, std::string_view use, std::string_view text);

std::vector<std::string_view> dotted_words(std::string_view text);

/// Letters of a QR's alphanumeric mode.
std::string in_capitals(std::string text);

}  // namespace retour::app

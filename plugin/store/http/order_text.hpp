#pragma once
// Found orders, as the JSON that openapi.json describes. They are asked for with every scan: written as text, without
// a tree in between.

#include <string>
#include <vector>

#include "plugin/app/find_order.hpp"

namespace retour::store {

std::string order_text(const app::FoundOrder& found);
std::string orders_text(const std::vector<app::FoundOrder>& found);

}  // namespace retour::store

#pragma once
// Value on paper at the local API: what is left of a credit, and its paper once more.

#include "plugin/store/http/exchange.hpp"
#include "plugin/store/store_service.hpp"

namespace retour::store {

/// GET /api/v1/credits/{number or text of the paper}
Reply get_credit(StoreService& service, const Request& request);
/// GET /api/v1/credits/{number}/paper, at the store that gave it
Reply get_credit_paper(StoreService& service, const Request& request);

}  // namespace retour::store

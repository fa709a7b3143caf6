#pragma once
// The local API: which path is which use case. openapi.json describes it; tests/e2e hold both against each other.

#include "plugin/store/http/exchange.hpp"
#include "plugin/store/store_service.hpp"

namespace retour::store {

class Api {
 public:
  explicit Api(StoreService& service) : m_service(service) {}

  /// From any thread. Throws Problem or Error: http_server turns them into replies.
  Reply operator()(const Request& request) const;

 private:
  StoreService& m_service;
};

}  // namespace retour::store

#pragma once
// Photos of inspections over the local API: put by their hash before the return that names them, and got back.

#include "plugin/store/http/exchange.hpp"
#include "plugin/store/store_service.hpp"

namespace retour::store {

/// PUT /api/v1/photos/{sha256}: 201, or 200 when it was here. On disk when it answers.
Reply put_photo(StoreService& service, const Request& request);
/// GET /api/v1/photos/{sha256}: the bytes as they were put.
Reply get_photo(StoreService& service, const Request& request);

}  // namespace retour::store

#pragma once
#include <string_view>

namespace retour::store {

/// openapi.json as it lies beside this file, compiled in.
std::string_view openapi_document();

}  // namespace retour::store

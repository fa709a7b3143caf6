#pragma once
// The key under which a node's exposure budgets stand among the orders, where the key of a customer stands otherwise:
// the node finds them by it, and they go home to it as a customer's orders do.

#include "plugin/core/base/id.hpp"

namespace retour::codec {

/// Of no customer: a customer's key is an HMAC under a secret, this one a plain hash of the node's id.
LookupKey budget_key(const NodeId& node);

}  // namespace retour::codec

#include "tests/properties/naive_accounts.hpp"

#include <algorithm>

namespace retour::testing {
namespace {

__extension__ using Wide = __int128;

/// Gives every part its floor, then one by one to whoever has the largest fraction and was not served yet.
std::vector<Minor> split(Minor amount, const std::vector<Minor>& weights) {
  std::vector<Minor> parts(weights.size(), 0);
  Wide all = 0;
  for (const Minor weight : weights) all += weight;
  if (all == 0) {
    parts.back() = amount;
    return parts;
  }
  std::vector<Wide> fraction;
  Minor given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    parts[i] = static_cast<Minor>(Wide{amount} * weights[i] / all);
    fraction.push_back(Wide{amount} * weights[i] - parts[i] * all);
    given += parts[i];
  }
  for (; given < amount; ++given) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < fraction.size(); ++i) {
      if (fraction[i] >= fraction[best]) best = i;
    }
    ++parts[best];
    fraction[best] = -1;
  }
  return parts;
}

/// Takes `amount` out of `rooms`, as the weights say; what finds no room asks again among those that have some.
bool take(Minor amount, const std::vector<Minor>& weights, std::vector<Minor>& rooms, std::vector<Minor>& taken) {
  if (amount == 0) return true;
  std::vector<std::size_t> open;
  std::vector<Minor> open_weights;
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    if (rooms[i] == 0) continue;
    open.push_back(i);
    open_weights.push_back(weights[i]);
  }
  if (open.empty()) return false;
  const std::vector<Minor> wished = split(amount, open_weights);
  Minor without_room = 0;
  for (std::size_t k = 0; k < open.size(); ++k) {
    const Minor got = std::min(wished[k], rooms[open[k]]);
    rooms[open[k]] -= got;
    taken[open[k]] += got;
    without_room += wished[k] - got;
  }
  return take(without_room, weights, rooms, taken);
}

struct LineSums {
  std::vector<Minor> components;
  Minor discount = 0;
};

/// Component 0 is net; otherwise the one with this rate. Empty when the line has none.
std::optional<std::size_t> component_of(const OrderLine& line, const TaxAmount* tax) {
  if (tax == nullptr) return 0;
  for (std::size_t i = 0; i < line.taxes.size(); ++i) {
    if (line.taxes[i].rate_percent == tax->rate_percent) return i + 1;
  }
  return std::nullopt;
}

bool adjust(const Order& order, const OrderAdjustment& adjustment, const TaxAmount* tax,
            std::vector<LineSums>& sums) {
  const Minor amount = tax == nullptr ? adjustment.net_minor : tax->minor;
  if (amount == 0) return true;
  std::vector<Minor> weights, rooms;
  std::vector<Minor*> components;
  std::vector<std::size_t> lines;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const auto component = component_of(order.lines[i], tax);
    if (!component) continue;
    lines.push_back(i);
    components.push_back(&sums[i].components[*component]);
    rooms.push_back(*components.back());
    Minor weight = order.lines[i].net_minor;
    for (const TaxAmount& own : order.lines[i].taxes) weight += own.minor;
    weights.push_back(weight);
  }
  if (lines.empty()) return false;
  std::vector<Minor> parts(lines.size(), 0);
  if (!adjustment.lowers) {
    parts = split(amount, weights);
  } else if (!take(amount, weights, rooms, parts)) {
    return false;
  }
  for (std::size_t k = 0; k < lines.size(); ++k) {
    *components[k] += adjustment.lowers ? -parts[k] : parts[k];
    if (adjustment.kind == AdjustmentKind::discount) sums[lines[k]].discount += parts[k];
  }
  return true;
}

std::vector<NaiveAccount> units_of(const LineSums& sums, std::int64_t quantity) {
  const auto q = static_cast<std::size_t>(quantity);
  std::vector<NaiveAccount> units(q);
  Minor total = 0;
  for (const Minor component : sums.components) total += component;
  std::size_t cursor = q - static_cast<std::size_t>(total % quantity);
  for (const Minor component : sums.components) {
    for (NaiveAccount& unit : units) unit.components.push_back(component / quantity);
    for (Minor spare = component % quantity; spare > 0; --spare) {
      ++units[cursor++ % q].components.back();
    }
  }
  for (std::size_t u = 0; u < q; ++u) {
    units[u].discount = sums.discount / quantity + (static_cast<std::int64_t>(u) < sums.discount % quantity ? 1 : 0);
  }
  return units;
}

/// Pays the accounts one after the other out of one purse a tender.
class Purses {
 public:
  explicit Purses(const Order& order) {
    for (const Tender& tender : order.tenders) m_left.push_back(tender.paid_minor);
  }
  void pay(NaiveAccount& account) {
    account.tenders.assign(m_left.size(), 0);
    for (Minor open = account.total(); open > 0;) {
      while (m_left[m_at] == 0) ++m_at;
      const Minor paid = std::min(open, m_left[m_at]);
      m_left[m_at] -= paid;
      account.tenders[m_at] += paid;
      open -= paid;
    }
  }

 private:
  std::vector<Minor> m_left;
  std::size_t m_at = 0;
};

}  // namespace

Minor NaiveAccount::total() const {
  Minor sum = 0;
  for (const Minor component : components) sum += component;
  return sum;
}

void NaiveAccount::add(const NaiveAccount& other) {
  components.resize(std::max(components.size(), other.components.size()), 0);
  tenders.resize(std::max(tenders.size(), other.tenders.size()), 0);
  for (std::size_t i = 0; i < other.components.size(); ++i) components[i] += other.components[i];
  for (std::size_t i = 0; i < other.tenders.size(); ++i) tenders[i] += other.tenders[i];
  discount += other.discount;
}

std::optional<NaiveAccounts> divide_naively(const Order& order) {
  std::vector<LineSums> sums;
  for (const OrderLine& line : order.lines) {
    LineSums& one = sums.emplace_back(LineSums{{line.net_minor}, line.discount_minor});
    for (const TaxAmount& tax : line.taxes) one.components.push_back(tax.minor);
  }
  for (const OrderAdjustment& adjustment : order.adjustments) {
    if (!adjust(order, adjustment, nullptr, sums)) return std::nullopt;
    for (const TaxAmount& tax : adjustment.taxes) {
      if (!adjust(order, adjustment, &tax, sums)) return std::nullopt;
    }
  }
  NaiveAccounts accounts;
  Purses purses(order);
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    for (NaiveAccount& unit : accounts.units.emplace_back(units_of(sums[i], order.lines[i].quantity)))
      purses.pay(unit);
  }
  for (const Shipment& shipment : order.shipments) {
    NaiveAccount& account = accounts.shipments.emplace_back();
    account.components.push_back(shipment.net_minor);
    for (const TaxAmount& tax : shipment.taxes) account.components.push_back(tax.minor);
    purses.pay(account);
  }
  return accounts;
}

}  // namespace retour::testing

#include "plugin/cli/replay/outages.hpp"

#include <algorithm>
#include <cmath>

namespace retour::replay {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t month_ms = 30 * 24 * hour_ms;

struct Shape {
  std::int64_t mean_down_ms;
  std::int64_t mean_up_ms;
};

std::optional<Shape> shape_of(Profile profile) {
  switch (profile) {
    case Profile::none:
      return std::nullopt;
    case Profile::mixed:
      return Shape{.mean_down_ms = 6 * hour_ms, .mean_up_ms = 54 * hour_ms};
    case Profile::harsh:
      return Shape{.mean_down_ms = 72 * hour_ms, .mean_up_ms = 72 * hour_ms};
  }
  return std::nullopt;
}

std::vector<Outage> draw_outages(const Shape& shape, const OutageParameters& p, std::size_t store) {
  Draw draw(p.seed, "outage", store);
  std::vector<Outage> outages;
  // The first state is drawn in proportion, so that the share of time down is right from the first row.
  const auto cycle = static_cast<std::uint64_t>(shape.mean_down_ms + shape.mean_up_ms);
  bool down = draw.below(cycle) < static_cast<std::uint64_t>(shape.mean_down_ms);
  for (std::int64_t at = p.from_ms; at < p.to_ms;) {
    const std::int64_t length = draw.exponential_ms(down ? shape.mean_down_ms : shape.mean_up_ms) + 1;
    if (down) outages.push_back({at, std::min(at + length, p.to_ms)});
    at += length;
    down = !down;
  }
  return outages;
}

/// One moment in each month, uniformly drawn, so that what lasts `length_ms` ends within it.
std::vector<std::int64_t> once_a_month(Draw draw, const OutageParameters& p, std::int64_t length_ms) {
  std::vector<std::int64_t> moments;
  for (std::int64_t month = p.from_ms; month < p.to_ms; month += month_ms) {
    moments.push_back(month +
                      static_cast<std::int64_t>(draw.below(static_cast<std::uint64_t>(month_ms - length_ms))));
  }
  return moments;
}

}  // namespace

OutagePlan plan_outages(const OutageParameters& p) {
  OutagePlan plan;
  plan.stores.resize(p.stores);
  plan.kills.resize(p.stores);
  const std::optional<Shape> shape = shape_of(p.profile);
  if (!shape) return plan;
  for (std::size_t store = 0; store < p.stores; ++store) plan.stores[store] = draw_outages(*shape, p, store);
  if (p.profile != Profile::harsh) return plan;
  for (std::size_t store = 0; store < p.stores; ++store) {
    plan.kills[store] = once_a_month(Draw(p.seed, "kill", store), p, 0);
  }
  for (const std::int64_t at : once_a_month(Draw(p.seed, "hub"), p, 24 * hour_ms)) {
    plan.hub.push_back({at, at + 24 * hour_ms});
  }
  return plan;
}

Draw::Draw(std::uint64_t seed, std::string_view purpose, std::uint64_t index) : m_draws(seed) {
  for (const char c : purpose) m_draws = simulated::Draws(m_draws.next() + static_cast<unsigned char>(c));
  m_draws = simulated::Draws(m_draws.next() + index);
  m_draws.next();
}

std::int64_t Draw::exponential_ms(std::int64_t mean_ms) {
  // 53 random bits in (0, 1]; time only, never money.
  const double uniform = (static_cast<double>(m_draws.next() >> 11) + 1.0) * 0x1.0p-53;
  return static_cast<std::int64_t>(-std::log(uniform) * static_cast<double>(mean_ms));
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::none:
      return "none";
    case Profile::mixed:
      return "mixed";
    case Profile::harsh:
      return "harsh";
  }
  return "unknown";
}

std::optional<Profile> parse_profile(std::string_view text) {
  for (const Profile profile : {Profile::none, Profile::mixed, Profile::harsh}) {
    if (text == to_string(profile)) return profile;
  }
  return std::nullopt;
}

}  // namespace retour::replay

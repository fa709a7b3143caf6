#include "sync/hub_program/page/rights_bar.hpp"

#include <algorithm>

#include "sync/hub_program/page/words.hpp"

namespace retour::hub_program {

namespace {

constexpr std::int64_t bar_width = 1000;  // in the picture's own units
constexpr std::int64_t sliver = 4;        // what there is shall be seen

struct Part {
  const char* kind;  // class in hub.css
  const char* name;
  std::int64_t units;
};

/// Widths that fill the bar; a part that is not empty gets a sliver at least.
std::vector<std::int64_t> widths(const std::vector<Part>& parts, std::int64_t whole) {
  std::vector<std::int64_t> result;
  std::int64_t used = 0;
  std::size_t widest = 0;
  for (const Part& part : parts) {
    // Units can exceed 10^15 together; the quotient is only a picture.
    const double share = whole > 0 ? static_cast<double>(part.units) / static_cast<double>(whole) : 0;
    result.push_back(part.units > 0 ? std::max(sliver, static_cast<std::int64_t>(share * bar_width)) : 0);
    used += result.back();
    if (result.back() > result[widest]) widest = result.size() - 1;
  }
  if (used > 0) result[widest] += bar_width - used;
  return result;
}

}  // namespace

std::string rights_bar(const RightsStatus& rights) {
  std::int64_t at_nodes = 0;
  for (const auto& [name, units] : rights.at_nodes) at_nodes += units;
  const std::vector<Part> parts{{"hub", "at the hub", rights.at_hub},
                                {"nodes", "at stores", at_nodes},
                                {"transfer", "on their way", rights.in_transfer},
                                {"claimed", "returned", rights.claimed},
                                {"cancelled", "cancelled", rights.cancelled}};
  if (rights.purchased == 0) return {};
  const std::vector<std::int64_t> wide = widths(parts, rights.purchased);
  std::string bar =
      "<svg class=\"bar\" viewBox=\"0 0 1000 24\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Units by "
      "holder\">";
  std::string legend = "<ul class=\"legend\">";
  std::int64_t x = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bar += "<rect class=\"" + std::string(parts[i].kind) + "\" x=\"" + std::to_string(x) + "\" y=\"0\" width=\"" +
           std::to_string(wide[i]) + "\" height=\"24\"/>";
    x += wide[i];
    legend += "<li class=\"" + std::string(parts[i].kind) + "\">" + count_text(parts[i].units) + " " + parts[i].name +
              "</li>";
  }
  return bar + "</svg>\n" + legend + "<li class=\"sum\">" + plural(rights.purchased, "unit", "units") +
         " sold</li></ul>\n";
}

}  // namespace retour::hub_program

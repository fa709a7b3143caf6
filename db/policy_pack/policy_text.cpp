#include "db/policy_pack/policy_text.hpp"

#include <algorithm>

#include "db/policy_pack/policy_words.hpp"

namespace retour::policy_pack {

namespace {

/// 1500 -> "15 %", 1250 -> "12.5 %".
std::string percent(std::int32_t basis_points) {
  return Decimal{basis_points, 2}.normalized().to_string() + " %";
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

class Writer {
 public:
  Writer(const PackFile& file, Language language, TextForm form)
      : m_file(file), m_pack(file.pack), m_language(language), m_form(form), m_words(sentences(language)) {}

  std::string write() {
    m_text = m_file.title ? in_language(*m_file.title) + "\n" : "";
    windows();
    exclusions();
    if (m_form != TextForm::receipt) {
      conditions_of_goods();
      fees();
      trade_in();
      shipping();
      no_receipt();
      notes();
    }
    line("");
    line(about_the_pack());
    return std::move(m_text);
  }

 private:
  void line(const std::string& text) { m_text += text + "\n"; }
  void heading(const char* text) {
    if (!m_text.empty()) line("");
    line(text);
  }
  const std::string& in_language(const RuleText& text) const {
    return m_language == Language::en ? text.en : text.zh;
  }

  /// One rule: its words, or its conditions in words, and what holds.
  void item(const char* section, const RuleName& name, const Match& when, const std::string& what) {
    const auto words = m_file.texts.find(std::string(section) + "/" + name.id);
    const std::string subject = words != m_file.texts.end() ? in_language(words->second) : described(when);
    line("- " + capitalised(subject) + (what.empty() ? "" : m_words.between + what) + source(name));
  }
  std::string source(const RuleName& name) const {
    if (m_form != TextForm::page || name.source.empty()) return "";
    return m_words.source_open + name.source + m_words.source_close;
  }

  static const Match& match_of(const auto& rule) { return rule.when; }
  /// A rule about the delivery looks at less of the sale.
  static Match match_of(const ShippingRule& rule) { return {.channels = rule.channels, .reasons = rule.reasons}; }

  /// Rules that follow each other and hold for the same reasons stand under one line.
  template <class Rule, class What>
  void items(const char* section, const std::vector<Rule>& rules, What what) {
    std::optional<std::vector<ReturnReason>> reasons;
    const bool differ =
        std::any_of(rules.begin(), rules.end(), [](const Rule& r) { return !match_of(r).reasons.empty(); });
    for (const Rule& rule : rules) {
      const Match& when = match_of(rule);
      if (differ && reasons != when.reasons) line(reasons_line(when.reasons));
      reasons = when.reasons;
      item(section, rule.name, when, what(rule));
    }
  }
  std::string reasons_line(const std::vector<ReturnReason>& reasons) const {
    return reasons.empty() ? m_words.any_reason : fill(m_words.these_reasons, words_of(reasons));
  }

  void windows() {
    heading(m_words.windows_heading);
    if (m_pack.windows.empty()) return line(m_words.no_time_limit);
    line(m_words.counting);
    items("windows", m_pack.windows, [this](const WindowRule& rule) {
      const std::string from = word(rule.from, m_language);
      std::string text =
          rule.days == 1 ? fill(m_words.within_a_day, from) : fill(m_words.within, from, std::to_string(rule.days));
      if (rule.open_until) text += fill(m_words.open_until, rule.open_until->to_string());
      text += m_words.end;
      if (rule.refund_as) text += fill(m_words.refund_as, word(*rule.refund_as, m_language));
      if (rule.remedy) text += remedies(rule.remedies);
      return text + decides(rule.needs);
    });
  }
  std::string remedies(const std::vector<Remedy>& owed) const {
    if (owed.empty()) return m_words.remedy;
    const bool with_refund = std::find(owed.begin(), owed.end(), Remedy::refund) != owed.end();
    return fill(m_words.remedies, words_of(owed)) + (with_refund ? "" : m_words.after_repair);
  }
  std::string decides(const std::optional<Role>& role) const {
    return role ? fill(m_words.decides, word(*role, m_language)) : "";
  }

  void exclusions() {
    if (m_pack.exclusions.empty()) return;
    heading(m_words.exclusions_heading);
    items("exclusions", m_pack.exclusions, [](const ExclusionRule&) { return std::string(); });
  }

  void conditions_of_goods() {
    if (m_pack.conditions.empty()) return;
    heading(m_words.conditions_heading);
    items("conditions", m_pack.conditions, [this](const ConditionRule& rule) {
      if (!rule.needs) return std::string(m_words.refused) + m_words.end;
      const std::string text = decides(rule.needs);
      return text.substr(text.find_first_not_of(' '));
    });
  }

  void fees() {
    if (m_pack.fees.empty()) return;
    heading(m_words.fees_heading);
    items("fees", m_pack.fees, [this](const FeeRule& rule) {
      const std::string much = rule.terms.each_minor > 0 ? fill(m_words.each, amount(rule.terms.each_minor))
                                                         : percent(rule.terms.share.value);
      return fill(m_words.kept, much, word(rule.terms.kind, m_language)) + m_words.end;
    });
  }

  void trade_in() {
    if (m_pack.trade_in.empty()) return;
    heading(m_words.trade_in_heading);
    items("trade_in", m_pack.trade_in, [this](const TradeInRule& rule) {
      std::string much;
      for (const CurrencyAmount& one : rule.credit) {
        much += (much.empty() ? "" : m_words.list_or) + to_string(one.minor, one.currency);
      }
      return fill(m_words.each, much) + m_words.end;
    });
  }

  void shipping() {
    if (m_pack.shipping.empty()) return;
    heading(m_words.shipping_heading);
    items("shipping", m_pack.shipping, [this](const ShippingRule& rule) {
      const std::string once = rule.whole_order ? m_words.whole_order : "";
      const std::string back =
          rule.up_to.empty() ? m_words.delivery : fill(m_words.delivery_up_to, any_amount(rule.up_to));
      return once + back + m_words.end;
    });
  }

  void no_receipt() {
    if (!m_pack.no_receipt) return;
    heading(m_words.no_receipt_heading);
    const NoReceiptRule& rule = *m_pack.no_receipt;
    std::string text = fill(m_words.no_receipt, std::to_string(rule.lookback_days), any_amount(rule.up_to));
    text += fill(m_words.refund_as, word(rule.refund_as, m_language));
    line("- " + text + decides(rule.needs));
  }

  void notes() {
    if (m_file.notes.empty()) return;
    heading(m_words.notes_heading);
    for (const Note& note : m_file.notes) line("- " + in_language(note.text) + source(note.name));
  }

  std::string about_the_pack() const {
    std::string text = fill(m_words.version, m_pack.id, std::to_string(m_pack.version));
    if (m_pack.valid_from) text += fill(m_words.valid_from, m_pack.valid_from->to_string());
    if (m_pack.valid_until) text += fill(m_words.valid_until, m_pack.valid_until->to_string());
    return text;
  }

  /// Amounts of a pack are in the order's currency; the pack knows it when its levels name only one.
  std::string amount(Minor minor) const {
    if (m_pack.levels.size() == 1) return to_string(minor, m_pack.levels[0].currency);
    return fill(conditions(m_language).minor_units, std::to_string(minor));
  }

  std::string any_amount(const std::vector<CurrencyAmount>& amounts) const {
    std::vector<std::string> words;
    for (const CurrencyAmount& each : amounts) words.push_back(to_string(each.minor, each.currency));
    return any_of(words, m_language);
  }

  template <class T>
  std::string words_of(const std::vector<T>& values) const {
    std::vector<std::string> words;
    for (const T& value : values) words.push_back(word(value, m_language));
    return any_of(words, m_language);
  }

  /// All conditions but the reasons.
  std::string described(const Match& when) const {
    const Conditions& c = conditions(m_language);
    std::vector<std::string> parts;
    const auto add = [&](const char* sentence, const std::string& what) { parts.push_back(fill(sentence, what)); };
    const auto add_texts = [&](const char* sentence, const std::vector<std::string>& values) {
      if (!values.empty()) add(sentence, any_of(values, m_language));
    };
    if (!when.channels.empty()) add(c.channels, words_of(when.channels));
    add_texts(c.skus, when.skus);
    add_texts(c.categories, when.categories);
    add_texts(c.brands, when.brands);
    add_texts(c.sellers, when.sellers);
    add_texts(c.tiers, when.tiers);
    add_texts(c.stores, when.stores);
    add_texts(c.regions, when.regions);
    if (!when.grades.empty()) add(c.grades, words_of(when.grades));
    if (when.paid_from_minor) add(c.paid_from, amount(*when.paid_from_minor));
    if (when.paid_to_minor) add(c.paid_to, amount(*when.paid_to_minor));
    if (when.sold_from) add(c.sold_from, when.sold_from->to_string());
    if (when.sold_until) add(c.sold_until, when.sold_until->to_string());
    if (when.age_from_days) add(c.age_from, std::to_string(*when.age_from_days));
    if (when.age_to_days) add(c.age_to, std::to_string(*when.age_to_days));
    if (!when.alerts.empty()) add(c.alerts, words_of(when.alerts));
    if (when.confirmed_final) add(*when.confirmed_final ? c.confirmed_final : c.not_confirmed_final, "");
    if (when.gift) add(*when.gift ? c.gift : c.not_gift, "");
    if (parts.empty()) return m_words.all_goods;
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : m_words.list_comma) + part;
    return text;
  }

  const PackFile& m_file;
  const PolicyPack& m_pack;
  Language m_language;
  TextForm m_form;
  const Sentences& m_words;
  std::string m_text;
};

/// One character of valid UTF-8.
std::string_view character_at(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xc0) == 0x80) ++length;
  return text.substr(at, length);
}

/// A Chinese character and its punctuation take three bytes and two columns.
std::size_t columns_of(std::string_view character) {
  return character.size() >= 3 ? 2 : 1;
}

/// Breaks lines at the last blank, or before a Chinese character; a longer word is broken where the line ends.
std::string wrapped(std::string_view line) {
  std::string text;
  std::size_t columns = 0, break_at = 0;  // break_at: where in `text` the line may be broken; 0: nowhere yet
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view character = character_at(line, at);
    if (columns_of(character) == 2) break_at = text.size();
    if (columns + columns_of(character) > receipt_columns) {
      if (break_at == 0) break_at = text.size();
      const bool blank = break_at < text.size() && text[break_at] == ' ';
      text.replace(break_at, blank ? 1 : 0, "\n  ");
      columns = 2;
      for (std::size_t i = break_at + 3; i < text.size(); i += character_at(text, i).size()) {
        columns += columns_of(character_at(text, i));
      }
      break_at = 0;
    }
    if (character == " ") break_at = text.size();
    text += character;
    columns += columns_of(character);
    at += character.size();
  }
  return text;
}

std::string all_wrapped(const std::string& text) {
  std::string narrow;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    narrow += wrapped(std::string_view(text).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return narrow;
}

}  // namespace

std::string policy_text(const PackFile& file, Language language, TextForm form) {
  const std::string text = Writer(file, language, form).write();
  return form == TextForm::receipt ? all_wrapped(text) : text;
}

}  // namespace retour::policy_pack

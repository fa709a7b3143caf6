#pragma once
// A policy pack in plain words, for customers: every figure comes from the rules that decide, so that what is read
// and what is decided are one.

#include <string>

#include "db/policy_pack/pack_file.hpp"

namespace retour::policy_pack {

enum class Language : std::uint8_t { en = 1, zh = 2 };

/// Where the words will stand.
enum class TextForm : std::uint8_t {
  page = 1,     // everything, with sources
  mail = 2,     // everything, without sources
  receipt = 3,  // how long, and what does not come back; lines of receipt_columns
};
inline constexpr std::size_t receipt_columns = 42;  // of an 80 mm roll; a Chinese character takes two

std::string policy_text(const PackFile& file, Language language, TextForm form);

}  // namespace retour::policy_pack

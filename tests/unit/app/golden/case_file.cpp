#include "tests/unit/app/golden/case_file.hpp"

#include <sstream>

namespace retour::testing {

namespace {

constexpr std::string_view detail_indent = "    ", block_indent = "  ";

void add_block(std::string& text, std::string_view name, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text.append(block_indent).append(name).append("\n");
  for (const std::string& line : lines) {
    if (!line.empty()) text.append(detail_indent).append(line);
    text.append("\n");
  }
}

}  // namespace

CaseFile parse_case(const std::string& text) {
  CaseFile file;
  std::string before;
  bool in_result = false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const bool indented = line.starts_with(block_indent);
    if (indented && !line.starts_with(detail_indent)) {
      in_result = true;  // "  screen"
    } else if (indented && !in_result && !file.steps.empty()) {
      file.steps.back().command.details.push_back(line.substr(detail_indent.size()));
    } else if (!indented && (line.empty() || line.starts_with('#'))) {
      // A receipt has empty lines of its own: they count only where a comment or a command follows.
      before += line + "\n";
    } else if (!indented) {
      file.steps.push_back({before, {line, {}}});
      before.clear();
      in_result = false;
    } else {
      before.clear();  // an empty line inside a result
    }
  }
  file.after = before;
  return file;
}

std::string text_of(const CaseStep& step, const CaseResult& result) {
  std::string text = step.before + step.command.line + "\n";
  for (const std::string& detail : step.command.details) text.append(detail_indent).append(detail).append("\n");
  add_block(text, "screen", result.screen);
  add_block(text, "journal", result.journal);
  add_block(text, "receipt", result.receipt);
  return text;
}

}  // namespace retour::testing

#pragma once
// The text of a golden case: commands at the start of a line, their details indented below, and below each what came
// of it. Format: tests/golden/README.md.

#include <string>
#include <vector>

namespace retour::testing {

struct CaseCommand {
  std::string line;                  // "return R1 by anna for carol"
  std::vector<std::string> details;  // without their indentation
};

/// What a command leads to. An empty block is not written.
struct CaseResult {
  std::vector<std::string> screen;
  std::vector<std::string> journal;
  std::vector<std::string> receipt;
};

struct CaseStep {
  std::string before;  // comments and empty lines in front of the command, as they stand
  CaseCommand command;
};

struct CaseFile {
  std::vector<CaseStep> steps;
  std::string after;  // comments behind the last command
};

/// What came of it last time is left out.
CaseFile parse_case(const std::string& text);

std::string text_of(const CaseStep& step, const CaseResult& result);

}  // namespace retour::testing

#pragma once
// `retour policy explain` and `retour policy what-if`: a journal's decisions, looked at again.

#include <string>

namespace retour::cli {

/// `case_name`: the code on the receipt, or the beginning of the case's id, at least 8 hex digits.
int explain(const std::string& journal, const std::string& case_name);
int what_if(const std::string& policy, const std::string& journal, bool as_json);

}  // namespace retour::cli

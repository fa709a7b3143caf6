#pragma once
// What a caller did wrong, as one JSON object: {code, message, detail}. Caught once per request.

#include <stdexcept>
#include <string>

namespace retour::store {

/// `message`: what was wrong, in one sentence. `detail`: what it means for goods and money, and what to do.
class Problem : public std::runtime_error {
 public:
  Problem(int status, std::string code, const std::string& message, std::string detail = {})
      : std::runtime_error(message), m_status(status), m_code(std::move(code)), m_detail(std::move(detail)) {}

  int status() const { return m_status; }
  const std::string& code() const { return m_code; }
  const std::string& detail() const { return m_detail; }

 private:
  int m_status;
  std::string m_code;
  std::string m_detail;
};

inline constexpr const char* nothing_kept = "The photo was not kept.";
inline constexpr const char* nothing_recorded = "Nothing was recorded and no money was moved.";

}  // namespace retour::store

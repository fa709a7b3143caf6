#pragma once
// Result<T, E>: either a value or the reason why there is none. For answers that are part of the business.

#include <utility>
#include <variant>

#include "plugin/core/base/require.hpp"

namespace retour {

template <class E>
struct Failure {
  E error;
};

template <class E>
Failure<std::decay_t<E>> failure(E&& error) {
  return {std::forward<E>(error)};
}

template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Result(Failure<E> failed) : m_state(std::in_place_index<1>, std::move(failed.error)) {}

  bool ok() const { return m_state.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// @pre ok(); asking for the value of a failure is our bug.
  const T& value() const& {
    require(ok(), "value() of a failed Result");
    return std::get<0>(m_state);
  }
  T& value() & {
    require(ok(), "value() of a failed Result");
    return std::get<0>(m_state);
  }
  T&& value() && {
    require(ok(), "value() of a failed Result");
    return std::get<0>(std::move(m_state));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// @pre !ok()
  const E& error() const {
    require(!ok(), "error() of a Result that succeeded");
    return std::get<1>(m_state);
  }

  friend bool operator==(const Result&, const Result&) = default;

 private:
  std::variant<T, E> m_state;
};

}  // namespace retour

#pragma once
#include "plugin/core/base/id.hpp"

namespace retour::ports {

/// Source of random ids: the operating system's generator in programs, a seed in tests.
class Ids {
 public:
  virtual ~Ids() = default;
  virtual void fill(std::uint8_t* bytes, std::size_t count) = 0;

  template <class AnyId>
  AnyId make() {
    AnyId id;
    fill(id.bytes.data(), id.bytes.size());
    return id;
  }
};

}  // namespace retour::ports

#include "plugin/core/base/require.hpp"

#include <cstdio>
#include <cstdlib>

namespace retour {

void require_failed(const char* reason, const std::source_location& where) {
  std::fprintf(stderr, "retour: broken invariant at %s:%u: %s\n", where.file_name(), where.line(), reason);
  std::abort();
}

}  // namespace retour

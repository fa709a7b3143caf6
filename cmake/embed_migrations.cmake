# Run by retour_embed_migrations: FILES (list), FUNCTION (qualified name), OUTPUT.
string(REGEX REPLACE "^(.*)::[^:]*$" "\\1" namespace "${FUNCTION}")
string(REGEX REPLACE "^.*::" "" function "${FUNCTION}")
set(entries "")
set(expected 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME_WE)
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_what_it_does.sql")
  endif()
  math(EXPR expected "${expected} + 1")
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: expected number ${expected}; migrations have no gap")
  endif()
  file(READ "${file}" sql)
  string(APPEND entries "    {${number}, \"${name}\", R\"embedded(${sql})embedded\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from the .sql files by cmake/embed_migrations.cmake.
#include <array>
#include <span>

#include \"db/sqlite/migrations.hpp\"

namespace ${namespace} {
std::span<const retour::sqlite::Migration> ${function}();
std::span<const retour::sqlite::Migration> ${function}() {
  static constexpr std::array<retour::sqlite::Migration, ${expected}> all{{
${entries}  }};
  return all;
}
}  // namespace ${namespace}
")

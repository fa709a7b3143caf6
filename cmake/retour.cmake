# The three functions every folder uses, the warnings, and the libraries from Debian's packages.
option(RETOUR_TESTS "Build the tests and the benchmarks" ON)
option(RETOUR_WERROR "Treat warnings as errors" OFF)
set(RETOUR_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (address,undefined | thread)")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_program(RETOUR_CCACHE ccache)
if(RETOUR_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${RETOUR_CCACHE}")
endif()
# Paths relative to the tree: the same bytes, and the same ccache entry, wherever the clone lies.
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.")

if(RETOUR_SANITIZE)
  add_compile_options("-fsanitize=${RETOUR_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${RETOUR_SANITIZE}")
endif()

add_library(retour_warnings INTERFACE)
add_library(retour::warnings ALIAS retour_warnings)
target_compile_options(retour_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wswitch -Wimplicit-fallthrough
  -Wno-missing-field-initializers $<$<BOOL:${RETOUR_WERROR}>:-Werror>)

find_package(OpenSSL 3.0 REQUIRED)
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation Net Util NetSSL Crypto)
find_package(SQLite3 REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(argon2 REQUIRED IMPORTED_TARGET libargon2)
find_package(Boost 1.74 REQUIRED)

# retour_library(core SOURCES a.cpp b.cpp PUBLIC retour::x PRIVATE OpenSSL::Crypto)
# makes the static library retour_core with the alias retour::core; without SOURCES it is header only.
function(retour_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(arg_SOURCES)
    add_library(retour_${name} STATIC ${arg_SOURCES})
    target_include_directories(retour_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(retour_${name} PUBLIC ${arg_PUBLIC} PRIVATE retour::warnings ${arg_PRIVATE})
  else()
    add_library(retour_${name} INTERFACE)
    target_include_directories(retour_${name} INTERFACE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(retour_${name} INTERFACE ${arg_PUBLIC})
  endif()
  add_library(retour::${name} ALIAS retour_${name})
endfunction()

# retour_program(retour-hub SOURCES main.cpp wiring.cpp LINK retour::hub) puts the program into BUILD/bin.
function(retour_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE retour::warnings ${arg_LINK})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endfunction()

# retour_test(unit SUITE core SOURCES a_tests.cpp LINK retour::core) adds to the one test binary of the folder.
# The first call of a folder makes the binary test_<folder>; Boost.Test is linked as a shared library:
# header-only it costs 6-19 s a unit.
function(retour_test folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  set(target test_${folder})
  if(NOT TARGET ${target})
    add_executable(${target} "${PROJECT_SOURCE_DIR}/tests/support/test_main.cpp")
    # test_main.cpp goes to the top of the tree first, so the definition is the same, and ccache hits, in every clone.
    target_compile_definitions(${target} PRIVATE BOOST_TEST_DYN_LINK RETOUR_SOURCE_DIR=".")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE retour::warnings boost_unit_test_framework)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
    add_test(NAME ${folder} COMMAND ${target} --color_output=no)
  endif()
  target_sources(${target} PRIVATE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE ${arg_LINK})
endfunction()

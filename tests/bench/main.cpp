#include "tests/bench/harness.hpp"

int main(int argc, char** argv) {
  return retour::bench::run_benches(argc, argv);
}

#pragma once
// Instructions as valgrind counts them: the same on every run, whatever else the machine does. What the kernel does
// is not in them, and libraries see the processor that valgrind shows: AES is counted as on a real one, SHA without
// its own instructions.

#include <sys/types.h>

#include <cstdint>
#include <functional>

namespace retour::bench {

bool runs_under_callgrind();

/// Instructions of all threads of this process while `work` runs. @pre runs_under_callgrind()
std::uint64_t instructions_of(const std::function<void()>& work);

/// For a child made by fork: called in the child, counts from there on; asked by the parent when the child has ended.
/// A child that SIGTERM ends is counted to its end, one that SIGKILL ends is not.
void count_instructions_from_here();
std::uint64_t instructions_of_ended(pid_t child);

}  // namespace retour::bench

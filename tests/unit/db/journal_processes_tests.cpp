// What several processes, a kill and the disk see of a journal.

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::journal;
using namespace retour::testing;

// The program's own definitions stand before the C library's: every sync that SQLite asks for is counted, and made.
static std::atomic<int> syncs{0};
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

namespace {

/// A journal that is on disk and open nowhere: connections must not live through a fork.
struct ClosedFile {
  Scratch folder;
  std::filesystem::path path = folder / "journal.db";
  ClosedFile() { Journal::create(path, anna, {}); }
};

CommandId command_of(int process, std::uint32_t number) {
  CommandId id;
  id.bytes[0] = static_cast<std::uint8_t>(process);
  for (unsigned i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

/// Appends in transactions of three events; after each commit the number goes into `done`, when there is one.
void append_in_a_loop(const std::filesystem::path& path, int process, std::uint32_t commands, int done) {
  Journal journal = Journal::open(path, quick_options());  // a kill, unlike a power cut, asks for no sync
  const std::vector<EventBody> bodies{stock(1), stock(2, "22423"), stock(-1, "84879")};
  for (std::uint32_t number = 1; number <= commands; ++number) {
    Write write = journal.begin(journal_noon_ms + number);
    if (write.append(command_of(process, number), bodies) != Appended::recorded) ::_exit(3);
    write.commit();
    if (done >= 0 && ::write(done, &number, sizeof number) != sizeof number) ::_exit(4);
  }
}

template <class Work>
pid_t fork_for(Work work) {
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child != 0) return child;
  try {
    work();
    ::_exit(0);
  } catch (...) {
    ::_exit(5);
  }
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_processes_tests)

BOOST_AUTO_TEST_CASE(a_commit_of_several_events_is_synced_once) {
  JournalFile file({.projections = projections::store_projections(), .synchronous = sqlite::Synchronous::full});
  file.append_stock(1);  // the first commit into a fresh log also writes its header
  syncs = 0;
  for (int commits = 1; commits <= 5; ++commits) {
    Write write = file.journal.begin(file.now_ms);
    for (int i = 0; i < 4; ++i) BOOST_TEST((write.append(fresh_command(), stock(1)) == Appended::recorded));
    BOOST_TEST(syncs == commits - 1);
    write.commit();
    BOOST_TEST(syncs == commits);
  }
}

BOOST_AUTO_TEST_CASE(a_program_killed_while_it_appends_leaves_a_whole_journal) {
  const ClosedFile file;
  std::uint64_t before = 0;
  for (int round = 1; round <= 6; ++round) {
    int pipe[2];
    BOOST_REQUIRE(::pipe(pipe) == 0);
    const pid_t child = fork_for([&] { append_in_a_loop(file.path, round, 100'000, pipe[1]); });
    ::close(pipe[1]);
    std::uint32_t committed = 0;
    while (committed < 20U && ::read(pipe[0], &committed, sizeof committed) == sizeof committed) continue;
    std::this_thread::sleep_for(std::chrono::microseconds(137 * round * round));  // anywhere within a transaction
    ::kill(child, SIGKILL);
    BOOST_TEST(WTERMSIG(status_of(child)) == SIGKILL);
    for (std::uint32_t more = 0; ::read(pipe[0], &more, sizeof more) == sizeof more;) committed = more;
    ::close(pipe[0]);

    const Verification found = verify(file.path, projections::store_projections());
    BOOST_TEST(found.findings.empty());
    BOOST_TEST(found.tables_compared);
    // All that was said to be committed, at most one commit whose word did not get out, and no half of one.
    const std::uint64_t commits = (found.events - before) / 3;
    BOOST_TEST(found.events % 3 == 0U);
    BOOST_TEST(commits >= committed);
    BOOST_TEST(commits <= committed + 1);
    BOOST_TEST(found.head.seq == found.events);
    before = found.events;
  }
}

BOOST_AUTO_TEST_CASE(two_processes_appending_at_once_leave_no_gap) {
  const ClosedFile file;
  constexpr std::uint32_t commands = 150;
  const pid_t one = fork_for([&] { append_in_a_loop(file.path, 1, commands, -1); });
  const pid_t two = fork_for([&] { append_in_a_loop(file.path, 2, commands, -1); });
  BOOST_TEST(status_of(one) == 0);
  BOOST_TEST(status_of(two) == 0);
  const Verification found = verify(file.path, projections::store_projections());
  BOOST_TEST(found.findings.empty());
  BOOST_TEST(found.head.seq == 2 * 3 * commands);
  BOOST_TEST(found.events == found.head.seq);
}

BOOST_AUTO_TEST_CASE(a_journal_can_be_verified_while_a_store_writes_it) {
  const ClosedFile file;
  const pid_t child = fork_for([&] { append_in_a_loop(file.path, 1, 100'000, -1); });
  std::uint64_t last = 0;
  for (int i = 0; i < 10; ++i) {
    const Verification found = verify(file.path, projections::store_projections());
    BOOST_TEST(found.findings.empty());
    BOOST_TEST(found.events >= last);
    last = found.events;
  }
  ::kill(child, SIGKILL);
  status_of(child);
}

BOOST_AUTO_TEST_SUITE_END()

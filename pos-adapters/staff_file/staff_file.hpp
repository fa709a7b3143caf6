#pragma once
// The staff of a store as a file: docs/operations.md, "People with authority".

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "plugin/core/event/event.hpp"
#include "plugin/ports/ids.hpp"
#include "plugin/ports/staff_registry.hpp"

namespace retour::staff_file {

inline constexpr std::size_t members_max =
    10'000;  // all codes of a chain fit, should somebody copy one file everywhere
inline constexpr std::size_t staff_code_bytes_max = 32;
inline constexpr std::size_t household_max = 50;  // look-up keys of one person: her customer numbers and her family's
inline constexpr std::size_t secret_bytes = 32;

struct Member {
  std::string code;
  Role role = Role::cashier;
  std::string pin;  // the encoded hash; empty: none, so the person can be approved for, and approves nothing
  std::vector<LookupKey> household = {};  // she and her family as customers; no name and no number stands here
  friend bool operator==(const Member&, const Member&) = default;
};

/// Empty when there is no file. Throws Error naming the entry.
std::vector<Member> read_staff(const std::filesystem::path& file);
/// Mode 0600, replaced in one step.
void write_staff(const std::filesystem::path& file, const std::vector<Member>& members);

/// The secret of a file, made with mode 0600 when there is none yet.
Bytes secret_of(const std::filesystem::path& file, ports::Ids& ids);

/// Where everything lies; the secrets are made by those who need them first.
struct StaffPlace {
  std::filesystem::path staff;
  std::filesystem::path pepper;
  std::filesystem::path approval_secret;
  NodeId store;
};

class StaffFile final : public ports::StaffRegistry {
 public:
  /// Reads nothing yet: `refresh` does.
  explicit StaffFile(StaffPlace place) : m_place(std::move(place)) {}

  std::optional<Role> role_of(const std::string& staff) override;
  bool pin_is(const std::string& staff, const std::string& pin) override;
  std::optional<CommandId> one_time_code(const std::string& staff, const std::string& code) override;
  std::vector<LookupKey> household_of(const std::string& staff) override;

  /// Reads the file when it has changed since the last time. Throws Error; then the staff of before stays.
  void refresh();

 private:
  using Members = std::vector<Member>;
  std::optional<Member> member(const std::string& staff);

  StaffPlace m_place;
  std::mutex m_mutex;  // guards the pointer
  std::shared_ptr<const Members> m_members = std::make_shared<Members>();
  std::string m_seen;  // the file's text; by `refresh` alone
};

}  // namespace retour::staff_file

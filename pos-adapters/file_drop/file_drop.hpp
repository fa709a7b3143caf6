#pragma once
// A watched folder: each *.json in it is offered once, in the order of the names, and moved to done/ or rejected/.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace retour::file_drop {

inline constexpr std::uintmax_t file_bytes_max = 1'048'576;  // the same as a body of the local API
inline constexpr std::size_t files_a_look_max = 500;         // then the caller's timer gets its turn

struct Looked {
  std::size_t done = 0;
  std::size_t rejected = 0;
  std::size_t waiting = 0;  // the world failed over them: they stay for the next look, and stop nobody behind them
  std::string error;        // of the first one
};

class FileDrop {
 public:
  /// A reason makes the file `rejected`; none makes it `done`; an exception leaves it for the next look.
  using Take = std::function<std::optional<std::string>(const std::string& name, const std::string& content)>;

  /// Makes the folder and the two below it. Throws Error when it cannot.
  explicit FileDrop(std::filesystem::path folder);

  /// Offers what lies there now. Never throws: a bad file or a failing taker must not stop the caller.
  Looked look(const Take& take);

 private:
  bool is_taken(const std::filesystem::path& file, const Take& take) const;
  void reject(const std::filesystem::path& file, const std::string& reason) const;

  std::filesystem::path m_folder;
};

}  // namespace retour::file_drop

#include "pos-adapters/file_drop/file_drop.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "plugin/core/base/error.hpp"

namespace retour::file_drop {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  if (files.size() > files_a_look_max) files.resize(files_a_look_max);
  return files;
}

/// A name of an earlier file is kept: the newer one gets a number.
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path target = folder / name;
  for (unsigned number = 2; fs::exists(target); ++number) {
    target = folder / (name.stem().string() + "-" + std::to_string(number) + name.extension().string());
  }
  return target;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) {
    throw Error({.operation = "read",
                 .object = file.string(),
                 .cause = "the file cannot be read",
                 .consequence = "its sale is not recorded yet"});
  }
  return content.str();
}

}  // namespace

FileDrop::FileDrop(fs::path folder) : m_folder(std::move(folder)) {
  std::error_code failed;
  fs::create_directories(m_folder / "done", failed);
  if (!failed) fs::create_directories(m_folder / "rejected", failed);
  if (failed) {
    throw Error({.operation = "make the folder for sale files",
                 .object = m_folder.string(),
                 .cause = failed.message(),
                 .consequence = "sales cannot be handed in as files"});
  }
}

void FileDrop::reject(const fs::path& file, const std::string& reason) const {
  const fs::path target = free_name(m_folder / "rejected", file.filename());
  std::ofstream(target.string() + ".reason.txt") << reason << '\n';
  fs::rename(file, target);
}

bool FileDrop::is_taken(const fs::path& file, const Take& take) const {
  if (fs::file_size(file) > file_bytes_max) {
    reject(file, "The file is larger than " + std::to_string(file_bytes_max) + " bytes; nothing was recorded.");
    return false;
  }
  if (const auto reason = take(file.filename().string(), content_of(file))) {
    reject(file, *reason);
    return false;
  }
  fs::rename(file, free_name(m_folder / "done", file.filename()));
  return true;
}

Looked FileDrop::look(const Take& take) {
  Looked looked;
  const auto failed = [&](const std::exception& error) {
    if (looked.waiting++ == 0) looked.error = error.what();
  };
  try {
    for (const fs::path& file : files_in(m_folder)) {
      try {
        ++(is_taken(file, take) ? looked.done : looked.rejected);
      } catch (const std::exception& error) {
        failed(error);
      }
    }
  } catch (const std::exception& error) {  // the folder itself
    failed(error);
  }
  return looked;
}

}  // namespace retour::file_drop

#include "pos-adapters/simulated/printer.hpp"

#include <cstdio>
#include <fstream>

namespace retour::simulated {

namespace {
std::filesystem::path paper_name(const std::filesystem::path& folder, std::uint64_t number) {
  char name[40];
  std::snprintf(name, sizeof name, "paper-%06llu.txt", static_cast<unsigned long long>(number));
  return folder / name;
}
}  // namespace

Printer::Printer(std::filesystem::path folder) : m_folder(std::move(folder)) {
  if (m_folder.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(m_folder, ignored);
  for (const auto& entry : std::filesystem::directory_iterator(m_folder, ignored)) {
    unsigned long long number = 0;
    if (std::sscanf(entry.path().filename().c_str(), "paper-%llu.txt", &number) == 1 && number >= m_next)
      m_next = number + 1;
  }
}

void Printer::print(const std::string& text) {
  const std::lock_guard lock(m_mutex);
  if (m_papers.size() == papers_kept_max) m_papers.erase(m_papers.begin());
  m_papers.push_back(text);
  if (m_folder.empty()) return;
  std::ofstream(paper_name(m_folder, m_next++), std::ios::binary) << text;
}

std::vector<std::string> Printer::papers() const {
  const std::lock_guard lock(m_mutex);
  return m_papers;
}

}  // namespace retour::simulated

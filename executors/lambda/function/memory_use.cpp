#include "lambda/function/memory_use.hpp"

#include "process/process_stat.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace orchestrator::lambda {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(pid_t process) { return fs::path("/proc") / std::to_string(process); }

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> children;
  for_each_process([&](pid_t process, const ProcessStat& stat) { children.emplace(stat.parent, process); });
  return children;
}

std::vector<pid_t> tree_of(pid_t root) {
  const auto children = children_by_parent();
  std::vector<pid_t> tree{root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto [first, last] = children.equal_range(tree[i]);
    for (auto child = first; child != last; ++child) tree.push_back(child->second);
  }
  return tree;
}

/// Reads on to the word `name`, and returns the number behind it.
std::optional<std::int64_t> find_kib(std::ifstream& file, std::string_view name) {
  std::int64_t kib = 0;
  for (std::string word; file >> word;) {
    if (word == name && file >> kib) return kib;
  }
  return std::nullopt;
}

/// What a process has in memory except pages of files, with all that it shares (proc(5)). Cheap to find out. 0 if it has ended.
std::int64_t bytes_with_shared(pid_t process) {
  std::ifstream file(folder_of(process) / "status");
  const auto all = find_kib(file, "VmRSS:");
  const auto of_files = find_kib(file, "RssFile:");
  return (all.value_or(0) - of_files.value_or(0)) * 1024;
}

/// The same, but of shared pages only the process's share; bytes_with_shared() where this may not be read. Takes milliseconds.
std::int64_t own_bytes(pid_t process) {
  std::ifstream file(folder_of(process) / "smaps_rollup");
  const auto anonymous = find_kib(file, "Pss_Anon:");
  const auto shared_memory = find_kib(file, "Pss_Shmem:");
  return anonymous && shared_memory ? (*anonymous + *shared_memory) * 1024 : bytes_with_shared(process);
}

template <class Bytes>
std::int64_t sum(const std::vector<pid_t>& tree, Bytes bytes) {
  std::int64_t total = 0;
  for (const pid_t process : tree) total += bytes(process);
  return total;
}

}  // namespace

std::optional<std::int64_t> memory_beyond(std::int64_t limit, pid_t root) {
  const auto tree = tree_of(root);
  if (sum(tree, bytes_with_shared) <= limit) return std::nullopt;
  const std::int64_t used = sum(tree, own_bytes);
  return used > limit ? std::optional(used) : std::nullopt;
}

}  // namespace orchestrator::lambda

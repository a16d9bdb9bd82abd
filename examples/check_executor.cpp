// Checks that an executor keeps its contract (docs/executors.md). This one is LocalExecutor; put yours in its place.
//   check_executor
#include <orchestrator/render.hpp>
#include <orchestrator/testing/conformance.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

int main() {
  using namespace orchestrator;
  std::string folder = (std::filesystem::temp_directory_path() / "check-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 2;
  const auto reports = testing::check_conformance({.make = [] { return std::make_unique<LocalExecutor>(); }, .folder = folder});
  std::printf("%s", testing::to_string(reports).c_str());
  std::filesystem::remove_all(folder);
  std::size_t broken = 0;
  for (const testing::ConformanceReport& report : reports) broken += report.findings.empty() ? 0 : 1;
  std::printf("%zu of %zu checks found something\n", broken, reports.size());
  return broken == 0 ? 0 : 1;
}

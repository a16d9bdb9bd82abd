#include "base/no_file.hpp"
#include "media/output_format.hpp"

#include <orchestrator/chunk_proof.hpp>

#include <set>

namespace orchestrator {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> v0::find_chunk_files(const RenderPlan& plan, const fs::path& folder) {
  const std::string proof_ending = proof_file(chunk_format(plan.options->video).container.extension).string();
  std::set<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const bool is_proof = !name.starts_with('.') && name.ends_with(proof_ending);
    if (is_proof) found.insert(folder / name.substr(0, name.size() - std::string_view(".json").size()));
  }
  if (failed) {
    return Error{.code = Errc::chunk_invalid,
                 .detail = "cannot look for chunks in " + folder.string() + ": " + failed.message(),
                 .stage = Stage::verify};
  }
  for (const RenderChunk& chunk : plan.chunks) {
    if (why_no_file(folder / chunk.output_file).empty()) found.insert(folder / chunk.output_file);
  }
  return std::vector<fs::path>(found.begin(), found.end());
}

}  // namespace orchestrator

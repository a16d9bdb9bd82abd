#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/render_plan.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// What a chunk that was rendered by itself (RenderOrchestrator::render_chunk) is, so that it is joined with no others than its
/// own. Lies beside its file as JSON.
struct ChunkProof {
  std::string plan{};  ///< plan_key()
  int chunk{0};
  FrameRange frames{};
  std::string composition{};  ///< content_key() of what it was rendered from; empty for a web page
  std::int64_t bytes{0};      ///< of the chunk's file
  std::string sha256{};
  std::string capture{};  ///< as in ChunkResult, and the three below
  std::string worker{};
  ChunkVersions versions{};
  std::optional<StillPicture> still{};
  friend bool operator==(const ChunkProof&, const ChunkProof&) = default;
};

/// 64 hexadecimal digits: the same for plans whose chunks are the same. What has no part in them may differ: sound, output,
/// work_dir, overwrite, workers, time limits, and where a local composition lies if its content is known. Pure.
std::string plan_key(const RenderPlan& plan);

/// Proof as JSON ("schema": 1).
std::string to_json(const ChunkProof& proof);
/// Errors: Errc::chunk_invalid, saying what is wrong.
[[nodiscard]] Result<ChunkProof> chunk_proof_from_json(std::string_view json);

/// The file with a chunk's proof: its own name and ".json".
std::filesystem::path proof_file(const std::filesystem::path& chunk_file);

/// The chunk files in a folder: those with a proof, of whatever plan, and those that are called as the plan's, in order of their
/// names. Errors: Errc::chunk_invalid if the folder cannot be read.
[[nodiscard]] Result<std::vector<std::filesystem::path>> find_chunk_files(const RenderPlan& plan,
                                                                          const std::filesystem::path& folder);

}  // namespace v0
}  // namespace orchestrator

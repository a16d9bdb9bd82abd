#pragma once

#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// What lies under a chunk's name and its proof's.
struct ChunkPlace {
  std::optional<RenderedChunk> finished{};  ///< by an earlier call, to the byte
  bool is_replaced{false};                  ///< there is something that the chunk is to replace
};

/// Whether chunks of the plan may be written to `folder`: it is not in the composition's, whose content they would change.
/// Errors: Errc::invalid_options.
Result<void> check_chunk_folder(const RenderPlan& plan, const std::filesystem::path& folder);

/// Looks what lies where the chunk of a plan_of_chunk() is to go. `replaces_anything` says that it is to be replaced whatever it
/// is; else only what an attempt at this chunk has left. Errors: Errc::invalid_options, naming what is not from this chunk of
/// this plan; Errc::output_unwritable for a proof that cannot be read; Errc::cancelled.
boost::asio::awaitable<Result<ChunkPlace>> look_at_chunk(RenderPlan part, std::string plan_key, bool replaces_anything);

}  // namespace orchestrator

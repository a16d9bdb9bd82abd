#pragma once

#include "render/render_files.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <optional>

namespace orchestrator {

/// Makes a folder for chunks, if it is not there. Errors: Errc::output_unwritable.
Result<void> make_folder(const std::filesystem::path& folder);

/// The part of a plan that renders one chunk, without sound, into `folder`. `plan` has that chunk.
RenderPlan plan_of_chunk(const RenderPlan& plan, int chunk, const std::filesystem::path& folder);

/// The chunk and its proof if `folder` has them from an earlier call, to the byte; nothing if it is to be rendered, whatever lies
/// there. Errors: Errc::invalid_options, naming what another plan has left there.
boost::asio::awaitable<Result<std::optional<RenderedChunk>>> find_rendered(RenderPlan plan, int chunk,
                                                                           std::filesystem::path folder);

/// Takes the file of a rendered chunk to where films are finished, and puts its proof beside it. `proof` lacks what can be seen
/// in the file. Errors: Errc::output_unwritable.
boost::asio::awaitable<Result<ChunkProof>> take_chunk(std::filesystem::path chunk_file, ChunkProof proof,
                                                      const RenderFiles& files);

/// Gives both their names: the proof first, because one without its file, or beside an older one, proves nothing. Errors:
/// Errc::output_unwritable; no proof is left then.
boost::asio::awaitable<Result<void>> publish_chunk(RenderFiles& files);

}  // namespace orchestrator

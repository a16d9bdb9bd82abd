#pragma once

#include "render/render_files.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>

namespace orchestrator {

/// Makes a folder for chunks, if it is not there. Errors: Errc::output_unwritable.
Result<void> make_folder(const std::filesystem::path& folder);

/// The part of a plan that renders one chunk, without sound, into `folder`, over whatever look_at_chunk() lets pass. `plan` has
/// that chunk.
RenderPlan plan_of_chunk(const RenderPlan& plan, int chunk, const std::filesystem::path& folder);

/// Takes the file of a rendered chunk to where films are finished, and puts its proof beside it. `proof` lacks what can be seen
/// in the file. Errors: Errc::output_unwritable.
boost::asio::awaitable<Result<ChunkProof>> take_chunk(std::filesystem::path chunk_file, ChunkProof proof,
                                                      const RenderFiles& files);

/// Gives both their names: the proof first, because one without its file, or beside an older one, proves nothing. A file without
/// a proof is never this program's. Errors: Errc::output_unwritable; what is there then is as it was, or is replaced the next
/// time.
boost::asio::awaitable<Result<void>> publish_chunk(RenderFiles& files);

}  // namespace orchestrator

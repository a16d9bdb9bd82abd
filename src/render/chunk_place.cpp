#include "render/chunk_place.hpp"

#include "base/invalid_options.hpp"
#include "base/no_file.hpp"
#include "base/web_url.hpp"
#include "render/finished_chunks.hpp"
#include "render/output_target.hpp"
#include "render/read_content.hpp"
#include "render/resolve_composition.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

Error not_ours(const fs::path& file, const std::string& why) {
  return invalid_options("chunk: '" + file.string() + "' " + why +
                         ": name another folder, or ask for overwriting (--overwrite) to replace it");
}

bool is_taken_name(const fs::path& file) {
  std::error_code failed;
  return fs::symlink_status(file, failed).type() != fs::file_type::not_found;
}

/// The proof beside a chunk's file; nothing if it is torn, which no whole JSON is.
Result<std::optional<ChunkProof>> readable_proof(const fs::path& chunk_file) {
  const fs::path file = proof_file(chunk_file);
  if (const std::string why = why_no_file(file); !why.empty())
    return output_unwritable("cannot read " + file.string() + ": " + why);
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto proof = chunk_proof_from_json(text);
  if (proof) return std::optional<ChunkProof>(std::move(*proof));
  boost::system::error_code torn;
  boost::json::parse(text, torn);
  if (torn) return std::optional<ChunkProof>();
  return not_ours(file, "is no proof, or one of another version of orchestrator (" + proof.error().detail + ")");
}

/// The key of what a finished chunk must have been rendered from: what the plan says, else what is there now. Empty for a web
/// page, and for a folder that cannot be read.
asio::awaitable<Result<std::string>> wanted_content(RenderPlan part) {
  if (!part.content.files.empty()) co_return content_key(part.content);
  const auto composition = resolve_composition(part.options->composition);
  if (!composition || is_web_url(*composition)) co_return std::string();
  const auto now = co_await content_of(*composition);
  if (now) co_return content_key(*now);
  if (now.error().code == Errc::cancelled) co_return now.error();
  co_return std::string();
}

RenderedChunk finished_chunk(const RenderPlan& part, ChunkProof proof) {
  const RenderChunk& wanted = part.chunks.front();
  RenderedChunk found{.file = part.final_output_file, .was_there = true};
  found.report = {.id = wanted.id, .start_frame = wanted.start_frame, .frame_count = wanted.frame_count};
  found.report.result.file = found.file;
  found.report.result.frames = wanted.frame_count;
  found.report.result.capture = proof.capture;
  found.report.result.worker = proof.worker;
  found.report.result.versions = proof.versions;
  found.report.result.still = proof.still;
  found.proof = std::move(proof);
  return found;
}

}  // namespace

Result<void> check_chunk_folder(const RenderPlan& plan, const fs::path& folder) {
  std::error_code failed;
  if (folder.empty()) return invalid_options("chunk: no folder is named for it");
  if (fs::exists(folder, failed) && !fs::is_directory(folder, failed))
    return invalid_options("chunk: '" + folder.string() + "' is no folder: name one for the chunk and its proof");
  const auto composition = resolve_composition(plan.options->composition);
  if (!composition || is_web_url(*composition)) return {};
  const fs::path content = fs::weakly_canonical(composition_root(*composition), failed);
  const fs::path inside = fs::weakly_canonical(fs::absolute(folder, failed), failed).lexically_relative(content);
  const bool is_outside = inside.empty() || *inside.begin() == "..";
  const bool is_hidden = std::any_of(inside.begin(), inside.end(), [](const fs::path& part) {
    return part.string().size() > 1 && part.string().front() == '.';
  });
  if (is_outside || is_hidden) return {};
  return invalid_options("chunk: the folder '" + folder.string() + "' lies in the composition's, " + content.string() +
                         ", which a chunk there would change: name another, or a hidden one");
}

asio::awaitable<Result<ChunkPlace>> look_at_chunk(RenderPlan part, std::string plan_key, bool replaces_anything) {
  const fs::path file = part.final_output_file;
  // The file first: it gets its name after its proof, so that it is never seen without it.
  const bool has_file = is_taken_name(file), has_proof = is_taken_name(proof_file(file));
  ChunkPlace place{.is_replaced = has_file || has_proof || replaces_anything};
  if (replaces_anything || !place.is_replaced) co_return place;
  if (!has_proof) co_return not_ours(file, "has no proof beside it, so it may be a file of yours");
  auto proof = readable_proof(file);
  if (!proof) co_return proof.error();
  if (!*proof) co_return place;
  if ((*proof)->plan != plan_key || (*proof)->chunk != part.chunks.front().id)
    co_return not_ours(file, "is there from another plan, or is another chunk");
  const auto content = co_await wanted_content(part);
  if (!content) co_return content.error();
  const bool has_content = (*proof)->composition == *content;
  if (!has_content && !part.content.files.empty())
    co_return not_ours(file, "was rendered from another content of the composition, by a plan for that");
  if (!has_content) co_return place;
  const auto intact = co_await check_bytes(file, **proof);
  if (intact) place.finished = finished_chunk(part, std::move(**proof));
  co_return place;
}

}  // namespace orchestrator

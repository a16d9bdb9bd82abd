#include "render/chunk_product.hpp"

#include "base/disk_error.hpp"
#include "base/invalid_options.hpp"
#include "base/output_file.hpp"
#include "base/sha256.hpp"
#include "render/finished_chunks.hpp"
#include "render/output_target.hpp"
#include "render/publish.hpp"

#include <cstring>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

Result<void> write_text(const fs::path& path, const std::string& text) {
  const int error = write_text_file(path, text);
  if (error == 0) return {};
  return disk_error(error, path, Stage::assemble)
      .value_or(output_unwritable("cannot write " + path.string() + ": " + std::strerror(error), Stage::assemble));
}

/// An executor's own file stays where it is; one in the render's folder, which goes with it, is only renamed if that can be.
asio::awaitable<Result<void>> take_file(fs::path from, fs::path to, bool may_move) {
  if (may_move && give_name(from, to, false) == 0) co_return Result<void>();
  co_return co_await copy_film(std::move(from), std::move(to), false);
}

}  // namespace

Result<void> make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (std::error_code ignored; fs::is_directory(folder, ignored)) return {};
  return output_unwritable("cannot make the folder " + folder.string() + ": " + failed.message());
}

RenderPlan plan_of_chunk(const RenderPlan& plan, int chunk, const fs::path& folder) {
  RenderPlan part;
  part.chunks = {plan.chunks[static_cast<std::size_t>(chunk)]};
  RenderOptions options = *plan.options;
  options.output = folder / part.chunks.front().output_file;
  options.audio = {};
  set_options(part, std::move(options));
  part.total_frames = part.chunks.front().frame_count;
  part.final_output_file = part.options->output;
  part.concat_output_file = plan.concat_output_file;
  part.content = plan.content;
  return part;
}

asio::awaitable<Result<std::optional<RenderedChunk>>> find_rendered(RenderPlan plan, int chunk, fs::path folder) {
  std::optional<RenderedChunk> found;
  const RenderChunk& wanted = plan.chunks[static_cast<std::size_t>(chunk)];
  const fs::path file = folder / wanted.output_file;
  std::error_code failed;
  if (plan.options->overwrite || !fs::exists(proof_file(file), failed)) co_return found;
  auto proof = read_proof(file);
  if (!proof) co_return found;
  if (proof->plan != plan_key(plan) || proof->chunk != chunk) {
    co_return invalid_options("chunk: '" + file.string() +
                              "' is there from another plan, or is another chunk: name another folder, or ask for overwriting "
                              "(--overwrite) to replace it");
  }
  const bool same_content = proof->composition == content_key(plan.content);
  const auto intact = co_await check_bytes(file, *proof);
  if (!same_content || !intact) co_return found;
  found.emplace();
  found->file = file;
  found->was_there = true;
  found->report = {.id = chunk, .start_frame = wanted.start_frame, .frame_count = wanted.frame_count};
  found->report.result.file = file;
  found->report.result.frames = wanted.frame_count;
  found->report.result.capture = proof->capture;
  found->report.result.worker = proof->worker;
  found->report.result.versions = proof->versions;
  found->proof = std::move(*proof);
  co_return found;
}

asio::awaitable<Result<ChunkProof>> take_chunk(fs::path chunk_file, ChunkProof proof, const RenderFiles& files) {
  const bool may_move = chunk_file.parent_path() == files.chunk_dir();
  auto taken = co_await take_file(chunk_file, files.unfinished(), may_move);
  if (!taken) co_return taken.error();
  auto digest = co_await digest_file(files.unfinished());
  if (!digest) co_return output_unwritable(digest.error().detail, Stage::assemble);
  proof.bytes = digest->bytes;
  proof.sha256 = std::move(digest->sha256);
  if (auto written = write_text(proof_file(files.unfinished()), to_json(proof) + "\n"); !written) co_return written.error();
  co_return proof;
}

asio::awaitable<Result<void>> publish_chunk(RenderFiles& files) {
  const fs::path made = proof_file(files.unfinished()), name = proof_file(files.output());
  Result<void> published;
  if (give_name(made, name, true) != 0) published = co_await copy_film(made, name, true);
  if (published) published = co_await files.publish();
  std::error_code ignored;
  if (!published) fs::remove(name, ignored);
  co_return published;
}

}  // namespace orchestrator

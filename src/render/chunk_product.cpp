#include "render/chunk_product.hpp"

#include "base/disk_error.hpp"
#include "base/output_file.hpp"
#include "base/sha256.hpp"
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
  options.overwrite = true;
  set_options(part, std::move(options));
  part.total_frames = part.chunks.front().frame_count;
  part.final_output_file = part.options->output;
  part.concat_output_file = plan.concat_output_file;
  part.content = plan.content;
  return part;
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
  if (give_name(made, name, files.replaces()) != 0) published = co_await copy_film(made, name, files.replaces());
  if (!published) co_return published;
  published = co_await files.publish();
  // Beside a file that was there before, the proof stays: without one, the next attempt would not dare to replace it.
  std::error_code ignored;
  if (!published && !files.replaces()) fs::remove(name, ignored);
  co_return published;
}

}  // namespace orchestrator

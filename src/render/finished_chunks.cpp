#include "render/finished_chunks.hpp"

#include "base/invalid_options.hpp"
#include "base/no_file.hpp"
#include "base/sha256.hpp"
#include "process/machine_size.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <fstream>
#include <iterator>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

Error invalid_chunk_file(const fs::path& file, const std::string& what) {
  return Error{.code = Errc::chunk_invalid, .detail = "chunk file " + file.string() + " " + what, .stage = Stage::verify};
}

Error missing_chunks(const std::vector<int>& missing, std::size_t all) {
  return Error{.code = Errc::chunk_invalid,
               .detail = (missing.size() == 1 ? "chunk " : "chunks ") + ranges_text(missing) + " of " + std::to_string(all) +
                         (missing.size() == 1 ? " is missing: render it" : " are missing: render them") +
                         " by the same plan first",
               .stage = Stage::verify,
               .chunk = missing.front()};
}

/// Whether two paths name one file, also one that is missing.
bool is_same_file(const fs::path& one, const fs::path& other) {
  std::error_code failed;
  if (fs::equivalent(one, other, failed)) return true;
  return one.filename() == other.filename() && fs::equivalent(one.parent_path(), other.parent_path(), failed);
}

std::string ids_with(const std::string& version, const std::map<std::string, std::vector<int>>& users) {
  return version + " (chunk" + (users.at(version).size() == 1 ? " " : "s ") + ranges_text(users.at(version)) + ")";
}

/// A warning if there are several versions.
void compare_versions(std::vector<std::string>& warnings, const std::string& program,
                      const std::map<std::string, std::vector<int>>& users) {
  if (users.size() < 2) return;
  std::string text = "the chunks were rendered with different versions of " + program + ", and may not look alike:";
  for (const auto& [version, chunks] : users) text += (text.back() == ':' ? " " : ", ") + ids_with(version, users);
  warnings.push_back(std::move(text));
}

std::string text_of(FrameRange frames) { return std::to_string(frames.first) + ":" + std::to_string(frames.last); }

}  // namespace

std::string ranges_text(const std::vector<int>& chunks) {
  std::string text;
  for (std::size_t first = 0, next = 0; first < chunks.size(); first = next) {
    next = first + 1;
    while (next < chunks.size() && chunks[next] == chunks[next - 1] + 1) ++next;
    text += (text.empty() ? "" : ",") + std::to_string(chunks[first]);
    if (next - first > 1) text += "-" + std::to_string(chunks[next - 1]);
  }
  return text;
}

Result<ChunkProof> read_proof(const fs::path& chunk_file) {
  const fs::path file = proof_file(chunk_file);
  if (const std::string why = why_no_file(file); !why.empty()) {
    return invalid_chunk_file(chunk_file, "has no proof beside it (" + file.filename().string() + ": " + why +
                                              "): it is unfinished, or was not rendered as a chunk by itself");
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto proof = chunk_proof_from_json(text);
  if (!proof)
    return invalid_chunk_file(chunk_file, "has a proof that cannot be read, " + file.string() + ": " + proof.error().detail);
  return proof;
}

Result<void> check_proof(const RenderPlan& plan, const ChunkProof& proof, const fs::path& file) {
  if (proof.plan != plan_key(plan)) {
    return invalid_chunk_file(file, "was rendered by another plan: its proof says " + proof.plan.substr(0, 12) +
                                        "..., and this plan is " + plan_key(plan).substr(0, 12) + "...");
  }
  if (proof.chunk < 0 || proof.chunk >= std::ssize(plan.chunks))
    return invalid_chunk_file(file, "says that it is a chunk which the plan has not: " + std::to_string(proof.chunk));
  const FrameRange planned = plan.chunks[static_cast<std::size_t>(proof.chunk)].frames();
  if (proof.frames != planned) {
    return invalid_chunk_file(file, "says that it has the frames " + text_of(proof.frames) + "; chunk " +
                                        std::to_string(proof.chunk) + " of the plan has " + text_of(planned));
  }
  if (plan.content.files.empty() || proof.composition == content_key(plan.content)) return {};
  return invalid_chunk_file(file, "was rendered from another composition than the plan was made for");
}

asio::awaitable<Result<void>> check_bytes(fs::path file, ChunkProof proof) {
  if (const std::string why = why_no_file(file); !why.empty()) co_return invalid_chunk_file(file, "cannot be read: " + why);
  const auto found = co_await digest_file(file);
  if (!found) co_return invalid_chunk_file(file, "cannot be read");
  if (found->bytes == proof.bytes && found->sha256 == proof.sha256) co_return Result<void>();
  co_return invalid_chunk_file(file, "is not as it was rendered: it has " + std::to_string(found->bytes) +
                                         " bytes with SHA-256 " + found->sha256 + ", and its proof says " +
                                         std::to_string(proof.bytes) + " with " + proof.sha256 + ": copy or render it again");
}

Result<FinishedChunks> FinishedChunks::find(const RenderPlan& plan, const std::vector<fs::path>& files) {
  std::map<int, Finished> chunks;
  const Finished* first = nullptr;
  for (const fs::path& named : files) {
    std::error_code failed;
    const fs::path file = fs::absolute(named, failed);  // the join has its own folder
    auto proof = read_proof(file);
    if (!proof) return proof.error();
    const int id = proof->chunk;
    auto wanted = check_proof(plan, *proof, file);
    const auto [there, is_new] = chunks.emplace(id, Finished{file, std::move(*proof)});
    if (first == nullptr) first = &there->second;
    if (wanted && !is_new && is_same_file(file, there->second.file)) continue;
    if (wanted && !is_new)
      wanted =
          invalid_chunk_file(file, "is chunk " + std::to_string(id) + ", as is " + there->second.file.string() + ": remove one");
    if (wanted && there->second.proof.composition != first->proof.composition)
      wanted = invalid_chunk_file(file, "was rendered from another composition than " + first->file.string());
    if (wanted) continue;
    Error error = wanted.error();
    error.chunk = id;
    return error;
  }
  std::vector<int> missing;
  for (const RenderChunk& chunk : plan.chunks) {
    if (!chunks.contains(chunk.id)) missing.push_back(chunk.id);
  }
  if (!missing.empty()) return missing_chunks(missing, plan.chunks.size());
  for (const auto& [id, chunk] : chunks) {
    if (is_same_file(chunk.file, plan.final_output_file))
      return invalid_options("output: " + plan.final_output_file.string() + " is chunk " + std::to_string(id) +
                             ": name another file for the film");
  }
  return FinishedChunks(std::move(chunks));
}

std::vector<std::string> FinishedChunks::warnings() const {
  std::map<std::string, std::vector<int>> orchestrators, browsers, encoders;
  for (const auto& [id, chunk] : chunks_) {
    const ChunkVersions& versions = chunk.proof.versions;
    if (!versions.orchestrator.empty()) orchestrators[versions.orchestrator].push_back(id);
    if (!versions.browser.empty()) browsers[versions.browser].push_back(id);
    if (!versions.encoder.empty()) encoders[versions.encoder].push_back(id);
  }
  std::vector<std::string> warnings;
  compare_versions(warnings, "orchestrator", orchestrators);
  compare_versions(warnings, "Chromium", browsers);
  compare_versions(warnings, "ffmpeg", encoders);
  return warnings;
}

Awaitable<Result<void>> FinishedChunks::prepare() { co_return Result<void>(); }

ExecutorCapabilities FinishedChunks::capabilities() const { return {.slots = machine_size().cores}; }

Awaitable<Result<ChunkResult>> FinishedChunks::render_chunk(ChunkJob job, ChunkContext&) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::verify);
  const Finished& chunk = chunks_.at(job.chunk);
  const auto checked = co_await check_bytes(chunk.file, chunk.proof);
  if (!checked) co_return checked.error();
  ChunkResult result{.file = chunk.file, .frames = chunk.proof.frames.count()};
  result.capture = chunk.proof.capture;
  result.worker = chunk.proof.worker;
  result.versions = chunk.proof.versions;
  result.still = chunk.proof.still;
  co_return result;
}

}  // namespace orchestrator

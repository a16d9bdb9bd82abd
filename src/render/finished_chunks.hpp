#pragma once

#include <orchestrator/chunk_proof.hpp>
#include <orchestrator/render_executor.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace orchestrator {

/// The proof that lies beside a chunk's file. Errors: Errc::chunk_invalid, naming the file.
Result<ChunkProof> read_proof(const std::filesystem::path& chunk_file);

/// Refuses a chunk that `plan` does not ask for, or that was rendered from another content than the plan says. Pure. Errors:
/// Errc::chunk_invalid, naming `file`.
Result<void> check_proof(const RenderPlan& plan, const ChunkProof& proof, const std::filesystem::path& file);

/// Whether the chunk's file is what its proof says, to the byte. Errors: Errc::chunk_invalid.
boost::asio::awaitable<Result<void>> check_bytes(std::filesystem::path file, ChunkProof proof);

/// An executor that has rendered all chunks before, elsewhere: a render by it verifies, mixes, joins and publishes as any other.
class FinishedChunks final : public RenderExecutor {
 public:
  /// Reads the proofs beside `files`, and finds each chunk of the plan once. Errors: Errc::chunk_invalid, naming a file, or the
  /// chunks that are missing.
  static Result<FinishedChunks> find(const RenderPlan& plan, const std::vector<std::filesystem::path>& files);

  /// A sentence for each program that was not of one version for all chunks.
  std::vector<std::string> warnings() const;

  Awaitable<Result<void>> prepare() override;
  ExecutorCapabilities capabilities() const override;
  /// Checks that the chunk's file is what its proof says.
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;

 private:
  struct Finished {
    std::filesystem::path file{};
    ChunkProof proof{};
  };
  explicit FinishedChunks(std::map<int, Finished> chunks) : chunks_(std::move(chunks)) {}

  std::map<int, Finished> chunks_;
};

/// "3, 7-9": as Slurm's --array takes it. `chunks` are in order. Pure.
std::string ranges_text(const std::vector<int>& chunks);

}  // namespace orchestrator

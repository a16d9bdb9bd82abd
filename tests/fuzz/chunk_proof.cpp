#include <orchestrator/chunk_proof.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A proof that is accepted is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  const auto proof = chunk_proof_from_json({reinterpret_cast<const char*>(data), size});
  if (!proof) {
    if (proof.error().detail.empty()) std::abort();
    return 0;
  }
  const auto again = chunk_proof_from_json(to_json(*proof));
  if (!again || *again != *proof) std::abort();
  return 0;
}

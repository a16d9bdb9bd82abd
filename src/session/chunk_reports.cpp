#include <orchestrator/worker/chunk_reports.hpp>

#include <orchestrator/worker/composition.hpp>

namespace orchestrator {
inline namespace v0 {

void LoopbackWarning::look_at(const std::string& composition, ChunkContext& context) {
  if (told_ || !is_loopback_url(composition)) return;
  told_ = true;
  context.log(LogLevel::warning, without_login(composition) + " is another server on each " + place_ +
                                     ": give the composition's folder, or an address that the " + place_ + "s can reach");
}

}  // namespace v0
}  // namespace orchestrator

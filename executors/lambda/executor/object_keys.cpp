#include "lambda/executor/object_keys.hpp"

#include "lambda/aws/sigv4.hpp"
#include "lambda/messages/composition_manifest.hpp"

#include <orchestrator/worker/messages.hpp>

namespace orchestrator {

ChunkKeys chunk_keys(const std::string& prefix, const ChunkJob& job) {
  protocol::Job any_attempt{.job = job};
  any_attempt.job.attempt = 1;
  any_attempt.job.output.clear();
  const std::string sum = aws::sha256_of(protocol::to_json(any_attempt));
  constexpr std::size_t digits = 16;  // 64 bits are enough to tell a render's chunks apart
  const std::string key = render_prefix(prefix, job.render) + "chunk-" + std::to_string(job.chunk) + "-" + sum.substr(0, digits);
  return {.result = key + job.output.extension().string(), .event = key + ".json"};
}

std::string render_prefix(const std::string& prefix, const std::string& render) { return prefix + "renders/" + render + "/"; }
std::string cancel_key(const std::string& prefix, const std::string& render) { return render_prefix(prefix, render) + "cancel"; }

std::string manifest_key(const std::string& prefix, const std::string& manifest) {
  return prefix + lambda::manifest_name(manifest);
}

}  // namespace orchestrator

#include "lambda/executor/object_keys.hpp"

#include "lambda/messages/composition_manifest.hpp"

#include <cstdio>
#include <random>

namespace orchestrator {

AttemptKeys attempt_keys(const std::string& prefix, const ChunkJob& job, const std::string& id) {
  const std::string key = prefix + "renders/" + job.render + "/chunk-" + std::to_string(job.chunk) + "-" + id;
  return {.result = key + job.output.extension().string(), .event = key + ".json", .cancel = key + ".cancel"};
}

std::string random_attempt_id() {
  std::random_device random;
  char id[17];
  std::snprintf(id, sizeof id, "%08x%08x", random(), random());
  return id;
}

std::string manifest_key(const std::string& prefix, const std::string& manifest) {
  return prefix + lambda::manifest_name(manifest);
}

}  // namespace orchestrator

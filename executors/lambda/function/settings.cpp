#include "lambda/function/settings.hpp"

#include "base/parse_number.hpp"

namespace orchestrator::lambda {

Result<Settings> read_settings(const Environment& environment) {
  Settings settings;
  const std::pair<const char*, std::string*> required[]{{"AWS_LAMBDA_RUNTIME_API", &settings.runtime_api},
                                                        {"AWS_LAMBDA_FUNCTION_NAME", &settings.function_name},
                                                        {"AWS_ACCESS_KEY_ID", &settings.credentials.access_key_id},
                                                        {"AWS_SECRET_ACCESS_KEY", &settings.credentials.secret_access_key}};
  for (const auto& [name, value] : required) {
    *value = environment(name).value_or("");
    if (!value->empty()) continue;
    return Error{.code = Errc::invalid_options,
                 .detail = std::string(name) +
                           " is not set: orchestrator-lambda is the bootstrap of an AWS Lambda function, which "
                           "sets it; a function that renders needs an execution role",
                 .stage = Stage::start};
  }
  settings.credentials.session_token = environment("AWS_SESSION_TOKEN").value_or("");
  settings.memory_mb = parse_number<std::int64_t>(environment("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").value_or("")).value_or(0);
  // A port is required, because pages are kept away from it.
  if (settings.runtime_api.find(':') != std::string::npos) return settings;
  return Error{.code = Errc::invalid_options,
               .detail = "AWS_LAMBDA_RUNTIME_API is '" + settings.runtime_api + "', not of the form HOST:PORT",
               .stage = Stage::start};
}

}  // namespace orchestrator::lambda

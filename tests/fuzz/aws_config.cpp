#include "lambda/aws/aws_config.hpp"
#include "lambda/aws/s3_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace orchestrator::aws;

bool is_one_line(const std::string& text) { return text.find('\n') == std::string::npos; }

void check_profiles(std::string_view text, AwsFile kind) {
  for (const auto& [name, profile] : parse_aws_file(text, kind)) {
    if (name.empty() || !is_one_line(name)) std::abort();
    for (const auto& [key, value] : profile) {
      if (key.empty() || !is_one_line(key) || !is_one_line(value) || key.front() == ' ' || value.starts_with(' ')) std::abort();
    }
  }
}

}  // namespace

/// Files that people write, and what endpoints and stores answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_profiles(text, AwsFile::config);
  check_profiles(text, AwsFile::credentials);
  if (const auto keys = parse_credentials_json(text); keys && keys->keys.secret_access_key.empty()) std::abort();
  static_cast<void>(parse_iso_time(text));
  const S3Page page = parse_list(text);
  if (page.objects.size() > size) std::abort();
  static_cast<void>(first_delete_error(text));
  return 0;
}

#include "lambda/aws/aws_config.hpp"

#include "base/json_reader.hpp"
#include "base/parse_number.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace orchestrator::aws {

namespace {

constexpr std::string_view blanks = " \t\r";

/// The line without its comment, which begins with '#' or ';' after a blank. Without the blank, both signs may belong to a key.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    const bool after_blank = blanks.find(line[i - 1]) != std::string_view::npos;
    if (after_blank && (line[i] == '#' || line[i] == ';')) return line.substr(0, i);
  }
  return line;
}

/// The profile that a line "[...]" begins; empty if the line begins another section (sso-session, services).
std::string profile_name(std::string_view line, AwsFile kind) {
  const auto close = line.find(']');
  if (close == std::string_view::npos) return {};
  std::string_view name = trimmed(line.substr(1, close - 1));
  if (kind == AwsFile::config && name != "default") {
    constexpr std::string_view word = "profile";
    if (!name.starts_with(word) || name.size() == word.size() || blanks.find(name[word.size()]) == std::string_view::npos)
      return {};
    name = trimmed(name.substr(word.size()));
  }
  if (name.size() >= 2 && name.front() == name.back() && (name.front() == '"' || name.front() == '\'')) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

/// The number that two digits at `at` make.
std::optional<int> two(std::string_view text, std::size_t at) {
  return at + 2 <= text.size() && text[at] != '-' ? parse_number<int>(text.substr(at, 2)) : std::nullopt;
}

/// The offset from UTC of "Z", "+01:00" or "+0100", positive to the east.
std::optional<std::chrono::seconds> offset_of(std::string_view zone) {
  if (zone == "Z") return std::chrono::seconds(0);
  if (zone.size() < 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto hours = two(zone, 1), minutes = two(zone, zone.size() - 2);
  if (!hours || !minutes) return std::nullopt;
  const std::chrono::seconds offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return zone[0] == '-' ? -offset : offset;
}

}  // namespace

std::map<std::string, AwsProfile> parse_aws_file(std::string_view text, AwsFile kind) {
  std::map<std::string, AwsProfile> profiles;
  std::string current;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view raw = text.substr(start, end - start);
    start = end + 1;
    // An indented line belongs to the setting above it ("s3 =" has keys below it) and holds no credentials.
    if (raw.empty() || blanks.find(raw.front()) != std::string_view::npos || raw.front() == '#' || raw.front() == ';') continue;
    if (raw.front() == '[') {
      current = profile_name(raw, kind);
      if (!current.empty()) profiles.try_emplace(current);
      continue;
    }
    const std::string_view line = without_comment(raw);
    const std::size_t equals = line.find('=');
    if (current.empty() || equals == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, equals));
    if (!name.empty()) profiles[current][std::string(name)] = trimmed(line.substr(equals + 1));
  }
  return profiles;
}

std::optional<std::chrono::sys_seconds> parse_iso_time(std::string_view text) {
  const auto year = text.size() < 20 ? std::nullopt : parse_number<int>(text.substr(0, 4));
  const auto month = two(text, 5), day = two(text, 8), hour = two(text, 11), minute = two(text, 14), second = two(text, 17);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  std::string_view zone = text.substr(19);
  if (zone.starts_with('.')) zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  const auto offset = offset_of(zone);
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!offset || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) -
         *offset;
}

std::optional<ExpiringCredentials> parse_credentials_json(std::string_view json) {
  ExpiringCredentials found;
  std::string token, expiration;
  const auto wrong = read_json(json, "credentials", [&](JsonReader reader) {
    reader.read("AccessKeyId", found.keys.access_key_id).read("SecretAccessKey", found.keys.secret_access_key);
    reader.read("SessionToken", found.keys.session_token).read("Token", token).read("Expiration", expiration);
  });
  if (found.keys.session_token.empty()) found.keys.session_token = token;
  if (!expiration.empty()) found.expires = parse_iso_time(expiration);
  if (wrong || found.keys.access_key_id.empty() || found.keys.secret_access_key.empty()) return std::nullopt;
  if (!expiration.empty() && !found.expires) return std::nullopt;
  return found;
}

}  // namespace orchestrator::aws

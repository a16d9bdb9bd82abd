#include "assemble/sound_sources.hpp"

#include "base/address_hint.hpp"
#include "base/no_file.hpp"
#include "base/web_url.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

/// Why a source cannot be read; empty if it may be.
std::string why_unreadable(const std::string& source) {
  if (is_web_url(source)) return url_fault(source);
  if (source.find("://") != std::string::npos)
    return "only http and https URLs and files are" + address_hint(without_login(source));
  std::error_code failed;
  const bool is_there = fs::exists(source, failed) || failed;
  if (is_there) return why_no_file(source);
  return "there is no file " + fs::absolute(source, failed).string() + address_hint(source);
}

}  // namespace

Error unreadable_track(const AudioTrack& track, const std::string& reason) {
  return Error{.code = Errc::audio_failed,
               .detail = "audio track " + without_login(track.source) + " cannot be read: " + reason,
               .stage = Stage::audio};
}

Result<void> check_sound_sources(const AudioOptions& audio) {
  for (const AudioTrack& track : audio.tracks) {
    const std::string reason = why_unreadable(track.source);
    if (reason.empty()) continue;
    return unreadable_track(track, reason);
  }
  return {};
}

std::string trusted_authorities() {
  if (const char* named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') return named;
  // Debian and Alpine, Fedora, openSUSE, as in Go's crypto/x509 (root_linux.go).
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"}) {
    if (::access(file, R_OK) == 0) return file;
  }
  return {};
}

}  // namespace orchestrator

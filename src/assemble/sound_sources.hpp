#pragma once

#include <orchestrator/render_options.hpp>

namespace orchestrator {

/// The error for a track whose source cannot be read.
Error unreadable_track(const AudioTrack& track, const std::string& reason);

/// Refuses, before anything is rendered, a track whose source is neither a URL that can be read nor a file that is there. Errors:
/// Errc::audio_failed, naming the source and what to write instead.
Result<void> check_sound_sources(const AudioOptions& audio);

/// The file of the certificate authorities that this machine trusts: $SSL_CERT_FILE, as OpenSSL and curl take it, or the one that
/// its distribution keeps; empty if none is found.
std::string trusted_authorities();

}  // namespace orchestrator

#pragma once

#include "support/sandbox.hpp"
#include "support/ssh_files.hpp"

#include <string>
#include <vector>

namespace orchestrator::test {

/// An entry of hosts.json.
struct HostEntry {
  std::string host{};
  int slots{1};          ///< 0: "auto"
  std::string worker{};  ///< empty: the default
};

/// Writes hosts.json into the sandbox. Returns the arguments that render on these hosts, with the client's configuration of
/// `files`.
Arguments over_ssh(const Sandbox& sandbox, const SshFiles& files, const std::vector<HostEntry>& hosts);

/// 320x180 at 30 fps, quick to encode, without loss.
Arguments small_and_exact();

/// The arguments of all parts, in this order.
Arguments together(const std::vector<Arguments>& parts);

/// Copies a composition with font, image and script into a folder of the sandbox. Every frame is a new picture.
std::string write_scene(const Sandbox& sandbox);

/// A page of 320x180 noise: at --crf 0, some 90 KB a frame.
std::string write_noise(const Sandbox& sandbox);

/// The hosts of a finished render's chunks, in the order of the chunks.
std::vector<std::string> hosts_of(const ToolEnd& end);

/// What a render must say that fails because of its hosts.
struct SshFailure {
  std::vector<std::string> names{};  ///< what the message must name
  std::string code{"executor_unavailable"};
  bool kills{false};                         ///< the worker was killed with all that would have removed its temporary files
  std::chrono::milliseconds within{30'000};  ///< heartbeat time, and what a busy machine takes to start and to end
};

/// Checks status, JSON error, text and that this side has nothing left: no process, no file, no film.
void check_ssh_failure(const Sandbox& sandbox, const ToolEnd& end, const SshFailure& expected);

/// Whether a render started with --progress json has finished a frame.
bool is_rendering(const Sandbox& sandbox);

/// True, with a warning that says why, where there can be no SshFarm.
bool farm_is_impossible();

}  // namespace orchestrator::test

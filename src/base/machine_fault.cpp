#include "base/machine_fault.hpp"

#include "base/text.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace orchestrator {

namespace {

/// With fewer, Chromium 156 in a window does not show a plain page (headless shell: with fewer than 140), and says why in many
/// ways or not at all.
constexpr rlim_t fewest_open_files = 160;

constexpr const char* more_files =
    "raise that limit (ulimit -n 1024; LimitNOFILE= of a service; docker run --ulimit nofile=1024)";
constexpr const char* more_processes = "raise that limit (ulimit -u; TasksMax= of a service; docker run --pids-limit)";

std::string files_text(rlim_t files) { return std::to_string(static_cast<std::uint64_t>(files)); }

rlimit open_files() {
  rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit;
}

bool says_any(std::string_view words, std::initializer_list<std::string_view> signs) {
  return std::any_of(signs.begin(), signs.end(), [&](auto sign) { return words.find(sign) != std::string_view::npos; });
}

std::optional<MachineFault> too_many_files(std::string_view words) {
  if (auto fault = open_files_fault()) return fault;
  if (!says_any(words, {"Too many open files"})) return std::nullopt;
  return MachineFault{"no more than " + files_text(open_files().rlim_max) + " files may be open at a time", more_files};
}

std::optional<MachineFault> too_many_processes(std::string_view words) {
  if (!says_any(words, {"pthread_create: Resource temporarily unavailable"})) return std::nullopt;
  return MachineFault{"no more processes or threads may be started", more_processes};
}

/// Settings of the kernel that forbid user namespaces to ordinary users, and what allows them (sysctl(8)).
struct NamespaceSetting {
  const char* file;
  std::string_view forbids;
  const char* remedy;
};
constexpr std::array<NamespaceSetting, 3> namespace_settings{{
    {"/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000"},
    {"/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"},  // Debian up to 10
    {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"},  // Ubuntu 23.10 and later
}};

std::string namespace_remedy() {
  for (const NamespaceSetting& setting : namespace_settings) {
    std::ifstream file(setting.file);
    std::string value;
    if (std::getline(file, value) && value == setting.forbids) return setting.remedy;
  }
  return "let the container make them (docker run --security-opt seccomp=unconfined)";
}

/// Chromium makes its sandbox with user namespaces, or with a helper that is setuid root (Debian: chromium-sandbox).
std::optional<MachineFault> no_sandbox(std::string_view words) {
  const bool no_helper = says_any(words, {"No usable sandbox"});  // content/browser/zygote_host/zygote_host_impl_linux.cc
  // The same file; sandbox/linux/suid/sandbox.c; sandbox/linux/services/credentials.cc
  if (!no_helper &&
      !says_any(words, {"SUID sandbox", "setuid sandbox", "Failed to move to new namespace", "services/credentials.cc"}))
    return std::nullopt;
  return MachineFault{"its sandbox needs user namespaces, which this user may not make here",
                      (no_helper ? "apt-get install chromium-sandbox, or " : "") + namespace_remedy() +
                          ", or render as root, which does without that sandbox, if every composition is your own"};
}

}  // namespace

std::optional<MachineFault> proc_fault() {
  if (::access("/proc/self/stat", R_OK) == 0) return std::nullopt;
  return MachineFault{"/proc is not mounted", "mount -t proc proc /proc"};
}

std::optional<MachineFault> loopback_fault() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq device{};
  std::strcpy(device.ifr_name, "lo");
  const bool known = socket >= 0 && ::ioctl(socket, SIOCGIFFLAGS, &device) == 0;  // netdevice(7)
  if (socket >= 0) ::close(socket);
  if (!known || (device.ifr_flags & IFF_UP) != 0) return std::nullopt;
  return MachineFault{"the network device lo (127.0.0.1) is down", "ip link set lo up"};
}

std::optional<MachineFault> open_files_fault() {
  const rlim_t most = open_files().rlim_max;  // Chromium raises its own limit to this (base::IncreaseFdLimitTo)
  if (most >= fewest_open_files) return std::nullopt;
  return MachineFault{"only " + files_text(most) + " files may be open at a time, too few for Chromium", more_files};
}

std::optional<MachineFault> browser_fault(std::string_view last_words) {
  if (auto fault = proc_fault()) return fault;
  if (auto fault = no_sandbox(last_words)) return fault;
  if (auto fault = too_many_files(last_words)) return fault;
  return too_many_processes(last_words);
}

std::optional<MachineFault> ffmpeg_fault(std::string_view last_words) {
  for (const std::string_view sign : {"Unrecognized option", "Unknown bitstream filter"}) {
    const auto at = last_words.find(sign);
    if (at == std::string_view::npos) continue;
    return MachineFault{"this ffmpeg is too old (" + first_line(last_words.substr(at)) + ")",
                        "ffmpeg " + std::string(oldest_ffmpeg) + " or later is needed; ORCHESTRATOR_FFMPEG may name another one"};
  }
  return std::nullopt;
}

std::string start_failure(int error) {
  const std::string text = std::strerror(error);
  if (error == EMFILE) return text + " (at most " + files_text(open_files().rlim_cur) + " at a time): " + more_files;
  return error == EAGAIN ? text + ": " + more_processes : text;  // fork(2): EAGAIN is a limit on processes
}

}  // namespace orchestrator

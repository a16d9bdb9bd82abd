#include "ssh/ssh_error.hpp"

#include <boost/algorithm/string/trim.hpp>

#include <algorithm>
#include <array>

namespace orchestrator {

namespace {

struct Known {
  std::string_view words;   ///< words from OpenSSH's ssh.c, sshconnect.c, readconf.c, or from strerror(3)
  std::string_view remedy;  ///< HOST stands for the host's name
};

constexpr std::array<Known, 10> known_failures{{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED",
     "its host key is not the one in known_hosts: if the host was really set up anew, remove the old key with ssh-keygen -R"},
    {"Host key verification failed", "its host key is not in known_hosts: check it by running `ssh HOST` once by hand"},
    {"Permission denied", "`ssh HOST` must work without a password: add your key with ssh-copy-id, or start an ssh-agent"},
    {"Connection refused", "is sshd running there, and is the port right?"},
    {"Could not resolve hostname",
     "is the name spelt right? ~/.ssh/config may give it an address; a port is given with --hosts, or there"},
    {"timed out", "is it up, and does no firewall stand between?"},
    {"No route to host", "is it up, and on this network?"},
    {"Network is unreachable", "is this machine on the host's network?"},
    {"Bad configuration option", "check ssh_options and the ssh configuration"},
    {"Can't open user config file", "check the -F in ssh_options"},
}};

constexpr std::string_view loader_words = "error while loading shared libraries";

/// The last line that contains `words`; if they are empty, the last line that is not blank.
std::string find_line(std::string_view text, std::string_view words) {
  std::string found;
  while (!text.empty()) {
    const std::string line = boost::algorithm::trim_copy(std::string(text.substr(0, text.find('\n'))));
    if (!line.empty() && line.find(words) != std::string::npos) found = line;
    text.remove_prefix(std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
  }
  return found;
}

std::string with_host(std::string text, const std::string& host) {
  const auto place = text.find("HOST` ");
  return place == std::string::npos ? text : text.replace(place, 4, host);
}

Error refused(const std::string& host, std::string detail, std::string_view words) {
  return Error{.code = Errc::executor_unavailable,
               .detail = host + ": " + detail,
               .stage = Stage::start,
               .worker = host,
               .output_tail = std::string(words)};
}

}  // namespace

Error connection_error(const std::string& host, std::string_view ssh_words) {
  for (const Known& known : known_failures) {
    if (ssh_words.find(known.words) == std::string_view::npos) continue;
    const std::string remedy = with_host(std::string(known.remedy), host);
    return refused(host, "cannot connect: " + find_line(ssh_words, known.words) + "; " + remedy, ssh_words);
  }
  const std::string last = find_line(ssh_words, "");
  return refused(host, "cannot connect: " + (last.empty() ? std::string("ssh ended without a word") : last), ssh_words);
}

bool is_missing_command(std::optional<ExitStatus> status, std::string_view words) {
  constexpr int not_found = 127;
  return status && status->code == not_found && words.find(loader_words) == std::string_view::npos;
}

Error worker_error(const std::string& host, const std::string& command, Error found, std::optional<ExitStatus> status,
                   std::string_view words) {
  if (is_missing_command(status, words)) {
    return refused(host,
                   "`" + command +
                       "` was not found there: install orchestrator on it, give the path as \"worker\" in the "
                       "hosts file, or have it copied there (--bootstrap)",
                   words);
  }
  constexpr int not_executable = 126;
  if (status && status->code == not_executable) return refused(host, "`" + command + "` cannot be run there", words);
  if (const std::string line = find_line(words, loader_words); !line.empty()) {
    return refused(host, "its worker does not start: " + line + "; install the libraries it needs", words);
  }
  const std::string ending = status ? " (`" + command + "` ended with " + to_string(*status) + ")" : std::string();
  // What breaks the protocol is most often a banner that the host's shell prints.
  const bool prints = found.code == Errc::protocol_error;
  const std::string remedy = prints ? "; what the host's shell prints when it starts has to go to a terminal only" : "";
  Error error = refused(host, "its worker does not start: " + found.detail + ending + remedy, words);
  error.code = found.code;
  return error;
}

}  // namespace orchestrator

#include "support/dead_dns.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string_view>

namespace {

constexpr std::chrono::seconds longest{15};

std::mutex mutex;
std::condition_variable changed;
bool dead = false;
int hanging = 0;

void hang() {
  std::unique_lock lock(mutex);
  ++hanging;
  changed.wait_for(lock, longest, [] { return !dead; });
  --hanging;
  changed.notify_all();
}

}  // namespace

/// Takes the place of the C library's function, for this program and the libraries that it links (libcurl).
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                                                                  addrinfo** found) {
  static const auto next = reinterpret_cast<decltype(&::getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (node == nullptr || !std::string_view(node).ends_with(".dead")) return next(node, service, hints, found);
  hang();
  return EAI_AGAIN;
}

namespace orchestrator::test {

DeadDns::DeadDns() {
  const std::lock_guard lock(mutex);
  dead = true;
}

DeadDns::~DeadDns() {
  std::unique_lock lock(mutex);
  dead = false;
  changed.notify_all();
  changed.wait(lock, [] { return ::hanging == 0; });
}

int DeadDns::hanging() const {
  const std::lock_guard lock(mutex);
  return ::hanging;
}

}  // namespace orchestrator::test

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace orchestrator::test {

struct HttpAnswer {
  unsigned status{200};
  std::string type{"text/html"};
  std::string body{};
  std::string challenge{};  ///< WWW-Authenticate
  std::chrono::milliseconds header_delay{0};
  std::chrono::milliseconds body_delay{0};  ///< between header and body
};

/// Answers GET on 127.0.0.1 from a thread of its own: the answers given, and 404 for every other path.
class HttpServer {
 public:
  explicit HttpServer(std::map<std::string, HttpAnswer> answers);
  ~HttpServer();
  /// "http://127.0.0.1:PORT" + path
  std::string url(const std::string& path) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

/// A port of this machine on which nobody listens.
unsigned short closed_port();

}  // namespace orchestrator::test

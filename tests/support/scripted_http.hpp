#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace orchestrator::test {

/// A request as it arrived.
using HttpCall = boost::beast::http::request<boost::beast::http::string_body>;

/// What goes over the wire in return, byte by byte.
struct HttpScript {
  enum class Then { keep, close, reset, hang };
  std::string bytes{};
  Then then{Then::keep};
};

/// "HTTP/1.1 STATUS" with these headers ("Name: value\r\n" each) and a body of known length.
HttpScript http_answer(int status, const std::string& body = "", const std::string& headers = "");

/// An HTTP server on the loopback interface that answers as a function says, also in ways no real server does. Speaks
/// "Expect: 100-continue". The function is called on the server's own thread.
class ScriptedHttp {
 public:
  explicit ScriptedHttp(std::function<HttpScript(const HttpCall&)> answer);
  ~ScriptedHttp();
  ScriptedHttp(const ScriptedHttp&) = delete;
  ScriptedHttp& operator=(const ScriptedHttp&) = delete;

  std::string origin() const;
  std::vector<HttpCall> calls() const;
  int connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace orchestrator::test

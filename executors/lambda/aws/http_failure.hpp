#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace orchestrator::aws {

/// Why there is no response. The kind decides what may be done about it, the detail is for people and holds no secrets.
struct HttpFailure {
  enum class Kind {
    refused,      ///< the request itself is wrong: not http(s), a line break in a header, a body that cannot be read
    unreachable,  ///< no name, no route, no listener: nothing was sent
    untrusted,    ///< the server's certificate is not accepted
    silent,       ///< not a byte for too long; the request may have been acted upon
    interrupted,  ///< the connection broke; the request may have been acted upon
    too_large,    ///< the response is longer than what the caller takes
    stopped,      ///< on_body returned false
    cancelled,
  };
  Kind kind{Kind::refused};
  std::string detail{};
};

[[noreturn]] void throw_exception_from_error(const HttpFailure& failure, const boost::source_location& where);

template <class T>
using HttpResult = boost::system::result<T, HttpFailure>;

}  // namespace orchestrator::aws

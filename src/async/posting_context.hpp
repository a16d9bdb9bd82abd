#pragma once

#include <orchestrator/render_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <string>

namespace orchestrator {

/// A ChunkContext for other threads: hands every call over to the render's strand. What `target` throws there is kept for the
/// executor's own end, because it would leave through the user's loop.
class PostingContext final : public ChunkContext {
 public:
  PostingContext(boost::asio::any_io_executor strand, ChunkContext& target) : strand_(std::move(strand)), target_(target) {}
  void progress(std::int64_t captured, std::int64_t encoded) override {
    boost::asio::post(strand_, [this, captured, encoded] { attempt([&] { target_.progress(captured, encoded); }); });
  }
  void log(LogLevel level, std::string_view text) override {
    boost::asio::post(strand_, [this, level, copy = std::string(text)] { attempt([&] { target_.log(level, copy); }); });
  }
  /// Throws what `target` threw first. To be called on the strand, once no more calls come.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  template <class Call>
  void attempt(Call call) {
    try {
      call();
    } catch (...) {
      if (!thrown_) thrown_ = std::current_exception();
    }
  }

  boost::asio::any_io_executor strand_;
  ChunkContext& target_;
  std::exception_ptr thrown_{};
};

}  // namespace orchestrator

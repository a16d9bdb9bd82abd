#pragma once

#include <orchestrator/render_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <string>

namespace orchestrator {

/// A ChunkContext for other threads: hands every call over to the render's strand.
class PostingContext final : public ChunkContext {
 public:
  PostingContext(boost::asio::any_io_executor strand, ChunkContext& target) : strand_(std::move(strand)), target_(target) {}
  void progress(std::int64_t captured, std::int64_t encoded) override {
    boost::asio::post(strand_, [&target = target_, captured, encoded] { target.progress(captured, encoded); });
  }
  void log(LogLevel level, std::string_view text) override {
    boost::asio::post(strand_, [&target = target_, level, copy = std::string(text)] { target.log(level, copy); });
  }

 private:
  boost::asio::any_io_executor strand_;
  ChunkContext& target_;
};

}  // namespace orchestrator

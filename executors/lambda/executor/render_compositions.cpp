#include "lambda/executor/render_compositions.hpp"

#include "lambda/executor/composition_upload.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

RenderCompositions::Upload& RenderCompositions::upload_of(const std::string& composition) {
  Upload none{.ended = asio::steady_timer(loop_, asio::steady_timer::time_point::max())};
  return uploads_.try_emplace(composition, std::move(none)).first->second;
}

/// If an upload was only cancelled, one of those who waited for it tries again.
asio::awaitable<Result<std::string>> RenderCompositions::manifest_of(std::string composition, ChunkContext& context) {
  Upload& upload = upload_of(composition);
  bool stopped = co_await is_cancelled();
  const bool waited = upload.under_way;
  while (upload.under_way && !stopped) {
    boost::system::error_code woken;
    co_await upload.ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
  if (stopped) co_return cancelled_error(Stage::start);
  const auto& last = upload.manifest;
  const bool was_cancelled = last && !*last && last->error().code == Errc::cancelled;
  if (last && !was_cancelled && (waited || *last)) co_return *last;
  upload.under_way = true;
  upload.manifest = co_await upload_composition(store_, prefix_, std::move(composition), context);
  upload.under_way = false;
  upload.ended.cancel();
  co_return *upload.manifest;
}

}  // namespace orchestrator

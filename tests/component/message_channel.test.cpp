#include "protocol/message_channel.hpp"
#include "protocol/file_transfer.hpp"
#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/scripted_peer.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/detached.hpp>

#include <catch2/catch.hpp>

#include <thread>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct Line {
  Result<Message> receive(std::chrono::milliseconds limit = 5s) { return await(context, channel.receive(limit)); }
  asio::io_context context;
  ScriptedPeer peer;
  MessageChannel channel{context.get_executor(), peer.take_input(), peer.take_output()};
};

std::string failure(Line& line, Errc code, std::chrono::milliseconds limit = 5s) {
  const auto message = line.receive(limit);
  REQUIRE_FALSE(message.has_value());
  CHECK(message.error().code == code);
  return message.error().detail;
}

}  // namespace

TEST_CASE("message channel: messages arrive whole and in order", "[protocol]") {
  Line line;
  line.peer.say(ChunkProgress{1, 0});
  const std::string second = encode_frame(FrameKind::control, to_json(ChunkProgress{2, 1}));
  line.peer.write(second.substr(0, 9));
  CHECK(std::get<ChunkProgress>(*line.receive()).captured == 1);
  line.peer.write(second.substr(9));
  CHECK(std::get<ChunkProgress>(*line.receive()).captured == 2);
}

TEST_CASE("message channel: what is sent arrives, however much it is", "[protocol]") {
  Line line;
  const std::string text(3'000'000, 'x');  // far beyond a socket's buffer
  line.channel.send(Log{LogLevel::info, text});
  line.channel.send(Cancel{});
  std::string types;
  asio::co_spawn(line.context, line.channel.flush(std::chrono::seconds(5)), asio::detached);
  while (types != "log cancel ") {
    line.context.restart();
    line.context.poll();
    const std::string type = line.peer.next_type();
    if (type == "log") CHECK(std::get<Log>(line.peer.last()).text.size() == text.size());
    if (type != "nothing") types += type + " ";
  }
  CHECK(types == "log cancel ");
}

TEST_CASE("message channel: a peer that hangs up is reported", "[protocol]") {
  Line line;
  line.peer.hang_up();
  CHECK(contains(failure(line, Errc::executor_unavailable), "ended"));
}

TEST_CASE("message channel: a peer that hangs up within a message is reported", "[protocol]") {
  Line line;
  line.peer.write(encode_frame(FrameKind::control, "{}").substr(0, 6));
  line.peer.hang_up();
  CHECK(contains(failure(line, Errc::executor_unavailable), "ended"));
}

TEST_CASE("message channel: silence is reported after its limit", "[protocol]") {
  Line line;
  CHECK(contains(failure(line, Errc::executor_unavailable, 50ms), "50 ms"));
}

TEST_CASE("message channel: after a silence it can be listened to again", "[protocol]") {
  Line line;
  static_cast<void>(failure(line, Errc::executor_unavailable, 20ms));
  line.peer.say(Cancel{});
  CHECK(line.receive().has_value());
}

TEST_CASE("message channel: garbage and unknown messages are refused, data frames are handed on", "[protocol]") {
  Line printing, data, unknown;
  printing.peer.write("Last login: Mon Jan  1\n");
  CHECK(contains(failure(printing, Errc::protocol_error), "Last login"));
  data.peer.write(encode_frame(FrameKind::data, "abc"));
  const auto bytes = data.receive();
  REQUIRE(bytes.has_value());
  CHECK(std::get<Data>(*bytes).bytes == "abc");
  unknown.peer.write(encode_frame(FrameKind::control, R"({"type":"dance"})"));
  CHECK(contains(failure(unknown, Errc::protocol_error), "'dance'"));
}

TEST_CASE("message channel: a heartbeat asked for at once or every millisecond does not take the time of all else",
          "[protocol]") {
  for (const std::chrono::milliseconds interval : {-5ms, 0ms, 1ms}) {
    Line line;
    line.channel.keep_beating(interval);
    int steps = 0;
    const auto end = std::chrono::steady_clock::now() + 500ms;
    while (std::chrono::steady_clock::now() < end) steps += static_cast<int>(line.context.run_one_for(50ms));
    CHECK(steps < 30);  // a timer and a write for each of five heartbeats; without a limit there are thousands
  }
}

TEST_CASE("message channel: listening can be cancelled and taken up again", "[protocol]") {
  Line line;
  const auto message = await_cancelled(line.context, line.channel.receive(0ms), 20ms);
  REQUIRE_FALSE(message.has_value());
  CHECK(message.error().code == Errc::cancelled);
  line.peer.say(Heartbeat{});
  CHECK(line.receive().has_value());
}

TEST_CASE("message channel: to write to a peer that is gone raises no signal and does not block", "[protocol]") {
  Line line;
  line.peer.hang_up();
  for (int i = 0; i < 100; ++i) line.channel.send(Log{LogLevel::info, std::string(10'000, 'x')});
  const auto flush = [&]() -> asio::awaitable<bool> {
    co_await line.channel.flush(std::chrono::seconds(5));
    co_return true;
  };
  CHECK(await(line.context, flush()));
}

TEST_CASE("message channel: after the last heartbeat that was asked for comes none", "[protocol]") {
  asio::io_context context;
  ChannelPair channels{context.get_executor()};
  channels.one.keep_beating(100ms);
  asio::steady_timer stop(context, 350ms);
  stop.async_wait([&](boost::system::error_code) { channels.one.stop_beating(); });
  CHECK(context.run_for(5s) > 0);
  CHECK(context.stopped());  // nothing is left that could send one
}

TEST_CASE("message channel: heartbeats come by themselves", "[protocol]") {
  asio::io_context context;
  ChannelPair channels(context.get_executor());
  channels.one.keep_beating(5ms);
  for (int i = 0; i < 3; ++i) {
    const auto message = await(context, channels.other.receive(5s));
    REQUIRE(message.has_value());
    CHECK(std::holds_alternative<Heartbeat>(*message));
  }
}

TEST_CASE("message channel: a host that slept finds data and silence at once, and believes the data", "[protocol]") {
  Line line;
  asio::steady_timer later(line.context);
  const auto listen = [&]() -> asio::awaitable<std::string> {
    auto first = co_await line.channel.receive(40ms);
    later.expires_after(20ms);
    later.async_wait([&](boost::system::error_code) { line.peer.say(Cancel{}); });
    auto second = co_await line.channel.receive(2s);
    co_return (first ? "heard " : "silence ") + std::string(second ? "heard" : second.error().detail);
  };
  std::string heard;
  asio::co_spawn(line.context, listen(), [&](std::exception_ptr, std::string result) { heard = std::move(result); });
  line.context.poll();
  line.peer.say(Heartbeat{});
  std::this_thread::sleep_for(60ms);
  line.context.run_for(5s);
  CHECK(heard == "heard heard");
}

TEST_CASE("message channel: a file whose sending is cancelled is no fault of the connection's", "[protocol]") {
  Line line;
  const TempDir folder;
  write_file(folder / "large", std::string(4'000'000, 'x'));  // beyond a socket's buffer, and nobody reads
  const auto digest = await(digest_file(folder / "large"));
  REQUIRE(digest.has_value());
  const auto sent = await_cancelled(line.context, send_file(line.channel, folder / "large", *digest, 30s), 50ms);
  REQUIRE_FALSE(sent.has_value());
  CHECK(sent.error().code == Errc::cancelled);
}

TEST_CASE("message channel: a file that is on its way as a whole was sent, whenever the cancellation comes", "[protocol]") {
  Line line;
  const TempDir folder;
  write_file(folder / "small", "abc");
  const auto digest = await(digest_file(folder / "small"));
  REQUIRE(digest.has_value());
  line.channel.send(Data{std::string(4'000'000, 'x')});  // beyond a socket's buffer, and nobody reads
  CHECK(await_cancelled(line.context, send_file(line.channel, folder / "small", *digest, 30s), 50ms).has_value());
}

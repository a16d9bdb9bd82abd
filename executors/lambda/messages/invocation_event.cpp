#include "lambda/messages/invocation_event.hpp"

#include "base/json_reader.hpp"
#include "base/web_url.hpp"

#include <orchestrator/worker/messages.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator::lambda {

namespace json = boost::json;

namespace {

// Faster polls cost more in requests, which S3 bills, than they save in time; slower ones make no sense within 15 minutes.
constexpr std::chrono::milliseconds shortest_poll{100};
constexpr std::chrono::milliseconds longest_poll{60'000};
constexpr std::chrono::milliseconds longest_time{900'000};  // Lambda's longest timeout ("Lambda quotas")

Error wrong(std::string detail) {
  return Error{.code = Errc::invalid_options, .detail = std::move(detail), .stage = Stage::start};
}

json::object fields(const StorePlace& store) {
  return {{"region", store.region}, {"endpoint", store.endpoint}, {"path_style", store.path_style}, {"bucket", store.bucket}};
}

void read_fields(JsonReader reader, InvocationEvent& event, int& protocol) {
  reader.required("protocol").required("s3").read("protocol", protocol);
  reader.object("s3", [&](JsonReader s3) {
    s3.required("region").required("bucket").read("region", event.store.region).read("endpoint", event.store.endpoint);
    s3.read("path_style", event.store.path_style).read("bucket", event.store.bucket);
  });
  reader.read("job_at", event.job_at);
  if (!event.job_at.empty()) return;
  reader.required("job").read("describes", event.describes).read("manifest", event.manifest).read("result", event.result);
  reader.read("cancel", event.cancel).read("cancel_poll_ms", event.cancel_poll);
  if (event.cancel_poll < shortest_poll || event.cancel_poll > longest_poll) {
    reader.fail("cancel_poll_ms", "must be 100 ... 60000");
  }
  reader.read("time_limit_ms", event.time_limit);
  if (event.time_limit.count() < 1 || event.time_limit > longest_time) reader.fail("time_limit_ms", "must be 1 ... 900000");
}

/// Reads the event's job, which is the worker protocol's message without its type.
Result<ChunkJob> read_job(std::string_view text) {
  boost::system::error_code failed;
  const json::value event = json::parse(text, failed);
  const json::object* fields = nullptr;
  if (!failed && event.is_object()) {
    const json::value* job = event.as_object().if_contains("job");
    fields = job == nullptr ? nullptr : job->if_object();
  }
  if (fields == nullptr) return wrong("event.job is not an object");
  json::object message(*fields);
  message["type"] = "job";
  message["output"] = "";  // the function chooses its own
  auto parsed = protocol::parse_message(json::serialize(message));
  if (!parsed) return wrong("event.job: " + parsed.error().detail);
  return std::get<protocol::Job>(std::move(*parsed)).job;
}

}  // namespace

bool is_endpoint(std::string_view url) {
  if (!is_web_url(url)) return false;
  std::string_view rest = url.substr(url.find("://") + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  constexpr char delete_character = 0x7f;
  for (const char c : rest) {
    const bool blank_or_control = static_cast<unsigned char>(c) <= ' ' || c == delete_character;
    if (blank_or_control || std::string_view("/?#@\\").find(c) != std::string_view::npos) return false;
  }
  return !rest.empty() && rest.front() != ':';
}

std::string to_json(const InvocationEvent& event) {
  json::object object{{"protocol", event_protocol}, {"s3", fields(event.store)}};
  if (!event.job_at.empty()) {
    object["job_at"] = event.job_at;
    return json::serialize(object);
  }
  object["job"] = json::parse(protocol::to_json(protocol::Job{.job = event.job}));
  object["describes"] = event.describes;
  object["manifest"] = event.manifest;
  object["result"] = event.result;
  object["cancel"] = event.cancel;
  object["cancel_poll_ms"] = event.cancel_poll.count();
  object["time_limit_ms"] = event.time_limit.count();
  return json::serialize(object);
}

Result<InvocationEvent> parse_event(std::string_view text) {
  InvocationEvent event;
  int protocol = 0;
  const auto problem = read_json(text, "event", [&](JsonReader reader) { read_fields(reader, event, protocol); });
  if (protocol != event_protocol && protocol != 0) {
    return wrong("event.protocol is " + std::to_string(protocol) + ", this function speaks " + std::to_string(event_protocol) +
                 "; deploy the function that belongs to the orchestrator that invokes it");
  }
  if (problem) return wrong(*problem);
  if (event.store.bucket.empty() || event.store.region.empty()) return wrong("event.s3 names no bucket or no region");
  if (!event.store.endpoint.empty() && !is_endpoint(event.store.endpoint)) {
    return wrong("event.s3.endpoint is '" + without_login(event.store.endpoint) +
                 "', not of the form http://HOST:PORT or https://HOST");
  }
  if (!event.job_at.empty()) return event;
  auto job = read_job(text);
  if (!job) return job.error();
  event.job = std::move(*job);
  if (event.result.empty() && !event.describes) return wrong("event.result names no key for the chunk");
  // A local path would name one of the function's own files, which no event may choose as a composition.
  if (event.manifest.empty() && !is_web_url(event.job.composition)) {
    return wrong("event.job.composition is no URL, and event.manifest, which would bring its files, is empty");
  }
  return event;
}

}  // namespace orchestrator::lambda

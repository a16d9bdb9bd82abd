#include "base/file_request.hpp"
#include "base/invalid_options.hpp"
#include "base/sha256.hpp"
#include "base/web_url.hpp"
#include "plan/check_plan.hpp"
#include "values/options_json.hpp"

#include <orchestrator/render_plan.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator {
inline namespace v0 {

namespace json = boost::json;

namespace {

void hide_logins(AudioOptions& audio) {
  for (AudioTrack& track : audio.tracks) track.source = with_hidden_login(std::move(track.source));
}

/// Which of the plan's fields has a login that was left out when the plan was written; empty if none has.
std::string field_without_login(const RenderPlan& plan) {
  if (has_hidden_login(plan.options->composition)) return "plan.options.composition";
  for (const AudioTrack& track : plan.options->audio.tracks) {
    if (has_hidden_login(track.source)) return "plan.options.audio.tracks";
  }
  for (const AudioTrack& track : plan.mix_options.tracks) {
    if (has_hidden_login(track.source)) return "plan.mix_options.tracks";
  }
  return {};
}

/// Names may have any bytes and JSON is UTF-8, so they are written as in a URL.
json::array json_of(const CompositionContent& content) {
  json::array files;
  for (const auto& [name, sha256] : content.files) files.push_back(json::object{{"name", encode_path(name)}, {"sha256", sha256}});
  return files;
}

void read_content(JsonReader& reader, CompositionContent& content) {
  reader.array("composition_files", [&](JsonReader file) {
    std::string name, sha256;
    file.read("name", name).read("sha256", sha256);
    const auto decoded = decode_path(name);
    if (!decoded || decoded->empty()) file.fail("name", "is not percent-encoded as in a URL's path");
    if (!is_sha256(sha256)) file.fail("sha256", "is not 64 lower-case hexadecimal digits");
    if (decoded) content.files.emplace(*decoded, sha256);
  });
  std::string page;
  reader.read("composition_page", page);
  content.page = decode_path(page).value_or(std::string());
  std::string key = content_key(content);
  reader.read("composition_key", key);
  if (key != content_key(content)) reader.fail("composition_key", "is not that of composition_files");
}

json::array json_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

}  // namespace

std::string to_json(const RenderPlan& plan) {
  RenderOptions options = *plan.options;
  options.composition = with_hidden_login(std::move(options.composition));
  hide_logins(options.audio);
  AudioOptions mix_options = plan.mix_options;
  hide_logins(mix_options);
  json::array chunks;
  chunks.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) {
    chunks.push_back(json::object{{"id", chunk.id},
                                  {"start_frame", chunk.start_frame},
                                  {"frame_count", chunk.frame_count},
                                  {"output_file", chunk.output_file}});
  }
  return json::serialize(json::object{{"schema", 1},
                                      {"total_frames", plan.total_frames},
                                      {"workers", plan.workers},
                                      {"options", json_of(options)},
                                      {"chunks", std::move(chunks)},
                                      {"concat_manifest", json_of(plan.concat_manifest)},
                                      {"concat_output_file", plan.concat_output_file},
                                      {"final_output_file", plan.final_output_file.string()},
                                      {"mix_options", json_of(mix_options)},
                                      {"cleanup_files", json_of(plan.cleanup_files)},
                                      {"composition_key", content_key(plan.content)},
                                      {"composition_page", encode_path(plan.content.page)},
                                      {"composition_files", json_of(plan.content)}});
}

Result<RenderPlan> plan_from_json(std::string_view text) {
  RenderPlan plan;
  RenderOptions options;
  int schema = 0;
  auto wrong = read_json(text, "plan", [&](JsonReader reader) {
    reader.required("schema").read("schema", schema).required("chunks").required("options");
    if (schema != 1) reader.fail("schema", "is not 1: written by another version");
    reader.read("total_frames", plan.total_frames).read("workers", plan.workers);
    read_object(reader, "options", options);
    reader.array("chunks", [&](JsonReader item) {
      RenderChunk& chunk = plan.chunks.emplace_back();
      item.read("id", chunk.id).read("start_frame", chunk.start_frame).read("frame_count", chunk.frame_count);
      item.read("output_file", chunk.output_file);
    });
    reader.read("concat_manifest", plan.concat_manifest).read("concat_output_file", plan.concat_output_file);
    reader.read("final_output_file", plan.final_output_file).read("cleanup_files", plan.cleanup_files);
    read_object(reader, "mix_options", plan.mix_options);
    read_content(reader, plan.content);
  });
  if (wrong) return invalid_options(*wrong);
  set_options(plan, std::move(options));
  if (const std::string field = field_without_login(plan); !field.empty()) {
    return invalid_options(field +
                           " needs a login, which is never written into a plan: put USER:PASSWORD in place of *** in its URL");
  }
  if (auto checked = check_plan(plan); !checked) return checked.error();
  return plan;
}

}  // namespace v0
}  // namespace orchestrator

#include "values/options_json.hpp"

#include <orchestrator/render_plan.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <unordered_set>

namespace orchestrator {

namespace json = boost::json;

namespace {

json::array json_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

bool is_plain_name(const std::string& file) {
  return !file.empty() && file != "." && file != ".." && file.find('/') == std::string::npos;
}

/// Which of the plan's file fields does not say what the render would do with its files; empty if all do.
std::string wrong_file(const RenderPlan& plan) {
  const auto is_chunk = [&](const std::string& file) {
    return std::find(plan.concat_manifest.begin(), plan.concat_manifest.end(), file) != plan.concat_manifest.end();
  };
  if (!is_plain_name(plan.concat_output_file)) return "plan.concat_output_file is not a plain file name";
  if (is_chunk(plan.concat_output_file)) return "plan.concat_output_file is a chunk's";
  if (plan.final_output_file != plan.options->output) return "plan.final_output_file is not plan.options.output";
  std::vector<std::string> gone = plan.concat_manifest;
  gone.push_back(plan.concat_output_file);
  if (plan.cleanup_files != gone)
    return "plan.cleanup_files are not the files of plan.concat_manifest and plan.concat_output_file";
  return {};
}

/// Where the fields of a plan contradict each other; empty if they do not. A render of such a plan would be silently wrong.
std::string inconsistency(const RenderPlan& plan) {
  const auto [first, last] = plan.options->frame_range();
  std::int64_t next = first;
  std::unordered_set<std::string_view> files;
  for (std::size_t i = 0; i < plan.chunks.size(); ++i) {
    const RenderChunk& chunk = plan.chunks[i];
    const std::string name = "plan.chunks[" + std::to_string(i) + "]";
    if (chunk.id != static_cast<int>(i)) return name + ".id is not its place in the list";
    if (chunk.start_frame != next) return name + ".start_frame is not where the one before ends";
    if (chunk.frame_count <= 0 || chunk.frame_count > last - next) return name + ".frame_count is not within the range";
    if (!is_plain_name(chunk.output_file)) return name + ".output_file is not a plain file name";
    if (!files.insert(chunk.output_file).second) return name + ".output_file is another chunk's";
    if (i >= plan.concat_manifest.size() || plan.concat_manifest[i] != chunk.output_file) {
      return "plan.concat_manifest[" + std::to_string(i) + "] is not the file of that chunk";
    }
    next += chunk.frame_count;
  }
  if (next != last) return "plan.chunks do not cover the range";
  if (plan.concat_manifest.size() != plan.chunks.size()) return "plan.concat_manifest has more files than there are chunks";
  if (plan.total_frames != last - first) return "plan.total_frames is not the length of the range";
  if (plan.workers < 1) return "plan.workers must be at least 1";
  return wrong_file(plan);
}

}  // namespace

std::string to_json(const RenderPlan& plan) {
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
                                      {"options", json_of(*plan.options)},
                                      {"chunks", std::move(chunks)},
                                      {"concat_manifest", json_of(plan.concat_manifest)},
                                      {"concat_output_file", plan.concat_output_file},
                                      {"final_output_file", plan.final_output_file.string()},
                                      {"mix_options", json_of(plan.mix_options)},
                                      {"cleanup_files", json_of(plan.cleanup_files)}});
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
  });
  if (wrong) return Error{.code = Errc::invalid_options, .detail = *wrong};
  if (auto checked = validate(options); !checked) return checked.error();
  plan.options = std::make_shared<const RenderOptions>(std::move(options));
  for (RenderChunk& chunk : plan.chunks) chunk.options = plan.options;
  if (std::string reason = inconsistency(plan); !reason.empty()) {
    return Error{.code = Errc::invalid_options, .detail = std::move(reason)};
  }
  return plan;
}

}  // namespace orchestrator

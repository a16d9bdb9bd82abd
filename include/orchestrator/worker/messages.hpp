#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/composition_description.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/progress.hpp>
#include <orchestrator/worker/file_digest.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orchestrator::protocol {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// docs/worker-protocol.md describes every message and field; this is the same list in C++.
inline constexpr int version = 7;

/// First message of both sides. The worker speaks first.
struct Hello {
  int protocol{version};
  std::string software{};                        ///< "orchestrator 0.1.0"
  std::string name{};                            ///< worker: its host's name and pid
  std::chrono::milliseconds heartbeat_limit{0};  ///< host: silence after which the worker gives up; 0: only at stdin's end
  int slots{0};                        ///< worker: chunks its machine renders well at the same time; 0 = it does not say
  std::vector<std::string> missing{};  ///< worker: what it cannot render without, a sentence each
};
struct Job {
  ChunkJob job{};
  bool files_from_host{false};  ///< `job.composition` is a path on the host; the worker asks for its files
  bool return_file{false};      ///< the chunk file follows its result; `job.output` means nothing to the worker
  int id{0};                    ///< of this conversation's jobs; what the worker says of the job has the same
};
struct Describe {
  DescribeJob job{};
  bool files_from_host{false};  ///< as in Job
  int id{0};                    ///< as in Job
};
struct Cancel {};
struct Heartbeat {};
struct ChunkProgress {
  std::int64_t captured{0};
  std::int64_t encoded{0};
  int job{0};  ///< its id
};
struct Log {
  LogLevel level{LogLevel::info};
  std::string text{};
};
struct Done {
  ChunkResult result{};
  std::optional<FileDigest> file{};  ///< of the data frames that follow, if the job asked for the file
  int job{0};                        ///< its id
};
struct Described {
  CompositionDescription description{};
  int job{0};  ///< its id
};
struct Failed {
  Error error{};
  int job{0};  ///< its id
};
struct FileRequest {  ///< the worker asks the host for a file of the composition
  int id{0};
  std::string path{};   ///< as in the page's request: absolute within the composition's folder, percent-encoded
  std::string known{};  ///< SHA-256 of the copy the worker has, if any
};
enum class FileStatus { found, unchanged, missing, unreadable };
struct FileAnswer {
  int id{0};
  FileStatus status{FileStatus::missing};
  FileDigest digest{};      ///< of the data frames that follow, if found
  std::string extension{};  ///< of the file's name, such as ".html", which tells a server the media type
};
/// A data frame: a part of the file that was announced last in this direction.
struct Data {
  std::string bytes{};
};
using Message = std::variant<Hello, Job, Describe, Cancel, Heartbeat, ChunkProgress, Log, Done, Described, Failed, FileRequest,
                             FileAnswer, Data>;

/// Name of the message as in its "type" field; "data" for a data frame.
std::string_view type_of(const Message& message) noexcept;
/// The JSON of any message but Data, which has none.
std::string to_json(const Message& message);
/// The message as a frame, control or data.
std::string to_frame(const Message& message);
/// Unknown types and wrong fields are Errc::protocol_error; unknown fields are ignored.
Result<Message> parse_message(std::string_view json);

}  // namespace v0
}  // namespace orchestrator::protocol

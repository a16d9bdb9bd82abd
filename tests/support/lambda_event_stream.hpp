#pragma once

#include <string>
#include <string_view>

namespace orchestrator::test {

/// A frame of application/vnd.amazon.eventstream with the headers that Lambda sends; written apart from
/// executors/lambda/aws/event_stream, so that an error there is not made here, too.
std::string event_stream_frame(std::string_view event_type, std::string_view content_type, std::string_view payload);

}  // namespace orchestrator::test

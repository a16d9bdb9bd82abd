#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::aws {

/// The few shapes of XML that S3 answers with: elements without attributes of interest, text, entities.

/// Text of the first element of this name, entities resolved; empty if there is none.
std::string xml_text(std::string_view xml, std::string_view element);
/// The content of every element of this name, entities unresolved. Elements of one name must not nest.
std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view element);
std::string xml_escape(std::string_view text);

}  // namespace orchestrator::aws

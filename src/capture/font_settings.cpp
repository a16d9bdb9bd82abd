#include "capture/font_settings.hpp"

#include <fstream>

namespace orchestrator {

std::string font_settings() {
  std::string text = R"(<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
)";
  for (const char* target : {"pattern", "font"}) {  // the font that is asked for, and the one that is found
    text += std::string("  <match target=\"") + target + R"(">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="autohint" mode="assign"><bool>false</bool></edit>
    <edit name="hintstyle" mode="assign"><const>hintnone</const></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
)";
  }
  return text + "</fontconfig>\n";
}

bool write_font_settings(const std::filesystem::path& file) {
  return static_cast<bool>((std::ofstream(file) << font_settings()).flush());
}

}  // namespace orchestrator

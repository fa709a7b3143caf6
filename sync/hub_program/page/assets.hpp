#pragma once
#include <string_view>

namespace retour::hub_program {

std::string_view page_style();  // web/hub.css, compiled in
std::string_view page_icon();   // web/icon.svg

}  // namespace retour::hub_program

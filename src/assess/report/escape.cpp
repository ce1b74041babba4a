// SPDX-License-Identifier: Apache-2.0
#include "assess/report/escape.h"

namespace bansoko::assess {

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      case '|':
        made += "&#124;";
        break;
      case '`':
        made += "&#96;";
        break;
      case '[':
        made += "&#91;";
        break;
      case '*':
        made += "&#42;";
        break;
      case '_':
        made += "&#95;";
        break;
      case '\n':
      case '\r':
        made += ' ';
        break;
      default:
        made += c;
    }
  return made;
}

}  // namespace bansoko::assess

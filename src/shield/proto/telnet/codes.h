// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/protocol.h"

namespace bansoko::proto::telnet {

/// RFC 854, RFC 885 and RFC 1184.
enum Command : std::uint8_t {
  end_of_file = 236,
  subnegotiation_end = 240,
  subnegotiation_begin = 250,
  will = 251,
  wont = 252,
  do_option = 253,
  dont = 254,
  interpret = 255,
};

enum Option : std::uint8_t { environment = 36, new_environment = 39 };

inline constexpr std::array kCommandNames{
    NamedValue{"eof", 236},
    NamedValue{"suspend", 237},
    NamedValue{"abort", 238},
    NamedValue{"eor", 239},
    NamedValue{"se", 240},
    NamedValue{"nop", 241},
    NamedValue{"data_mark", 242},
    NamedValue{"break", 243},
    NamedValue{"interrupt", 244},
    NamedValue{"abort_output", 245},
    NamedValue{"are_you_there", 246},
    NamedValue{"erase_character", 247},
    NamedValue{"erase_line", 248},
    NamedValue{"go_ahead", 249},
    NamedValue{"sb", 250},
    NamedValue{"will", 251},
    NamedValue{"wont", 252},
    NamedValue{"do", 253},
    NamedValue{"dont", 254},
};

inline constexpr std::array kOptionNames{
    NamedValue{"binary", 0},
    NamedValue{"echo", 1},
    NamedValue{"suppress_go_ahead", 3},
    NamedValue{"status", 5},
    NamedValue{"timing_mark", 6},
    NamedValue{"terminal_type", 24},
    NamedValue{"end_of_record", 25},
    NamedValue{"window_size", 31},
    NamedValue{"terminal_speed", 32},
    NamedValue{"flow_control", 33},
    NamedValue{"linemode", 34},
    NamedValue{"x_display", 35},
    NamedValue{"environment", 36},
    NamedValue{"authentication", 37},
    NamedValue{"encrypt", 38},
    NamedValue{"new_environment", 39},
    NamedValue{"charset", 42},
    NamedValue{"com_port", 44},
    NamedValue{"start_tls", 46},
};

/// Of several options alike; the last two of encrypt (RFC 2946).
inline constexpr std::array kSuboptionNames{
    NamedValue{"is", 0},        NamedValue{"send", 1},      NamedValue{"reply", 2},
    NamedValue{"enc_keyid", 7}, NamedValue{"dec_keyid", 8},
};

}  // namespace bansoko::proto::telnet

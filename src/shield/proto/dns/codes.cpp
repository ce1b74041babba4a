// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/codes.h"

#include <array>

namespace bansoko::proto::dns {
namespace {

constexpr std::array kRecordTypes{
    NamedValue{"A", 1},        NamedValue{"NS", 2},       NamedValue{"MD", 3},
    NamedValue{"MF", 4},       NamedValue{"CNAME", 5},    NamedValue{"SOA", 6},
    NamedValue{"MB", 7},       NamedValue{"MG", 8},       NamedValue{"MR", 9},
    NamedValue{"NULL", 10},    NamedValue{"WKS", 11},     NamedValue{"PTR", 12},
    NamedValue{"HINFO", 13},   NamedValue{"MINFO", 14},   NamedValue{"MX", 15},
    NamedValue{"TXT", 16},     NamedValue{"RP", 17},      NamedValue{"AFSDB", 18},
    NamedValue{"X25", 19},     NamedValue{"ISDN", 20},    NamedValue{"RT", 21},
    NamedValue{"NSAP", 22},    NamedValue{"NSAPPTR", 23}, NamedValue{"SIG", 24},
    NamedValue{"KEY", 25},     NamedValue{"PX", 26},      NamedValue{"GPOS", 27},
    NamedValue{"AAAA", 28},    NamedValue{"LOC", 29},     NamedValue{"NXT", 30},
    NamedValue{"SRV", 33},     NamedValue{"ATMA", 34},    NamedValue{"NAPTR", 35},
    NamedValue{"KX", 36},      NamedValue{"CERT", 37},    NamedValue{"A6", 38},
    NamedValue{"DNAME", 39},   NamedValue{"OPT", 41},     NamedValue{"APL", 42},
    NamedValue{"DS", 43},      NamedValue{"SSHFP", 44},   NamedValue{"IPSECKEY", 45},
    NamedValue{"RRSIG", 46},   NamedValue{"NSEC", 47},    NamedValue{"DNSKEY", 48},
    NamedValue{"DHCID", 49},   NamedValue{"NSEC3", 50},   NamedValue{"NSEC3PARAM", 51},
    NamedValue{"TLSA", 52},    NamedValue{"HIP", 55},     NamedValue{"CDS", 59},
    NamedValue{"CDNSKEY", 60}, NamedValue{"SVCB", 64},    NamedValue{"HTTPS", 65},
    NamedValue{"SPF", 99},     NamedValue{"TKEY", 249},   NamedValue{"TSIG", 250},
    NamedValue{"MAILA", 254},  NamedValue{"ANY", 255},    NamedValue{"URI", 256},
};

constexpr std::array kResponseCodes{
    NamedValue{"NOERROR", 0}, NamedValue{"FORMERR", 1}, NamedValue{"SERVFAIL", 2}, NamedValue{"NXDOMAIN", 3},
    NamedValue{"NOTIMP", 4},  NamedValue{"REFUSED", 5}, NamedValue{"YXDOMAIN", 6}, NamedValue{"YXRRSET", 7},
    NamedValue{"NXRRSET", 8}, NamedValue{"NOTAUTH", 9}, NamedValue{"NOTZONE", 10},
};

}  // namespace

std::span<const NamedValue> record_type_names() noexcept { return kRecordTypes; }
std::span<const NamedValue> response_code_names() noexcept { return kResponseCodes; }

}  // namespace bansoko::proto::dns

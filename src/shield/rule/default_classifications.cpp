// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/classification.h"

#include <array>

namespace bansoko::rule {
namespace {

struct Row {
  std::uint32_t priority;
  std::string_view name;
  std::string_view description;
};

constexpr std::array kClasses{
    Row{1, "attempted-admin", "Attempted Administrator Privilege Gain"},
    Row{1, "attempted-user", "Attempted User Privilege Gain"},
    Row{1, "command-and-control", "Malware Command and Control Activity Detected"},
    Row{1, "credential-theft", "Successful Credential Theft Detected"},
    Row{1, "domain-c2", "Domain Observed Used for C2 Detected"},
    Row{1, "exploit-kit", "Exploit Kit Activity Detected"},
    Row{1, "policy-violation", "Potential Corporate Privacy Violation"},
    Row{1, "shellcode-detect", "Executable code was detected"},
    Row{1, "successful-admin", "Successful Administrator Privilege Gain"},
    Row{1, "successful-user", "Successful User Privilege Gain"},
    Row{1, "targeted-activity", "Targeted Malicious Activity was Detected"},
    Row{1, "trojan-activity", "A Network Trojan was detected"},
    Row{1, "unsuccessful-user", "Unsuccessful User Privilege Gain"},
    Row{1, "web-application-attack", "Web Application Attack"},
    Row{2, "attempted-dos", "Attempted Denial of Service"},
    Row{2, "attempted-recon", "Attempted Information Leak"},
    Row{2, "bad-unknown", "Potentially Bad Traffic"},
    Row{2, "coin-mining", "Crypto Currency Mining Activity Detected"},
    Row{2, "default-login-attempt", "Attempt to login by a default username and password"},
    Row{2, "denial-of-service", "Detection of a Denial of Service Attack"},
    Row{2, "external-ip-check", "Device Retrieving External IP Address Detected"},
    Row{2, "misc-attack", "Misc Attack"},
    Row{2, "non-standard-protocol", "Detection of a non-standard protocol or event"},
    Row{2, "pup-activity", "Possibly Unwanted Program Detected"},
    Row{2, "rpc-portmap-decode", "Decode of an RPC Query"},
    Row{2, "social-engineering", "Possible Social Engineering Attempted"},
    Row{2, "successful-dos", "Denial of Service"},
    Row{2, "successful-recon-largescale", "Large Scale Information Leak"},
    Row{2, "successful-recon-limited", "Information Leak"},
    Row{2, "suspicious-filename-detect", "A suspicious filename was detected"},
    Row{2, "suspicious-login", "An attempted login using a suspicious username was detected"},
    Row{2, "system-call-detect", "A system call was detected"},
    Row{2, "unusual-client-port-connection", "A client was using an unusual port"},
    Row{2, "web-application-activity", "access to a potentially vulnerable web application"},
    Row{3, "icmp-event", "Generic ICMP event"},
    Row{3, "misc-activity", "Misc activity"},
    Row{3, "network-scan", "Detection of a Network Scan"},
    Row{3, "not-suspicious", "Not Suspicious Traffic"},
    Row{3, "protocol-command-decode", "Generic Protocol Command Decode"},
    Row{3, "string-detect", "A suspicious string was detected"},
    Row{3, "unknown", "Unknown Traffic"},
    Row{4, "tcp-connection", "A TCP connection was detected"},
};

}  // namespace

const Classifications& default_classifications() {
  static const Classifications classes = [] {
    Classifications all;
    for (const Row& row : kClasses)
      all.emplace(row.name, Classification{std::string(row.description), row.priority});
    return all;
  }();
  return classes;
}

}  // namespace bansoko::rule

// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/aliases.h"

#include <array>

namespace bansoko::keyword {
namespace {

using detect::Alias;
using Use = Alias::Use;

constexpr std::array kAliases{
    // Behind the content that they are about.
    Alias{"http_client_body", "http.request_body", Use::modifier},
    Alias{"http_cookie", "http.cookie", Use::modifier}, Alias{"http_header", "http.header", Use::modifier},
    Alias{"http_host", "http.host", Use::modifier}, Alias{"http_method", "http.method", Use::modifier},
    Alias{"http_raw_header", "http.header.raw", Use::modifier},
    Alias{"http_raw_host", "http.host.raw", Use::modifier},
    Alias{"http_raw_uri", "http.uri.raw", Use::modifier},
    Alias{"http_server_body", "file.data", Use::modifier},
    Alias{"http_stat_code", "http.stat_code", Use::modifier},
    Alias{"http_stat_msg", "http.stat_msg", Use::modifier}, Alias{"http_uri", "http.uri", Use::modifier},
    Alias{"http_user_agent", "http.user_agent", Use::modifier},

    // With a string of their own.
    Alias{"tls.fingerprint", "tls.cert_fingerprint", Use::content, true},
    Alias{"tls.issuerdn", "tls.cert_issuer", Use::content},
    Alias{"tls.subject", "tls.cert_subject", Use::content}, Alias{"uricontent", "http.uri", Use::content},

    // In front of what they are about.
    Alias{"dce_iface", "dcerpc.iface"}, Alias{"dce_opnum", "dcerpc.opnum"},
    Alias{"dce_stub_data", "dcerpc.stub_data"}, Alias{"dns_query", "dns.query"},
    Alias{"file_data", "file.data"}, Alias{"http_accept", "http.accept"},
    Alias{"http_accept_enc", "http.accept_enc"}, Alias{"http_accept_lang", "http.accept_lang"},
    Alias{"http_connection", "http.connection"}, Alias{"http_content_len", "http.content_len"},
    Alias{"http_content_type", "http.content_type"}, Alias{"http_header_names", "http.header_names"},
    Alias{"http_protocol", "http.protocol"}, Alias{"http_referer", "http.referer"},
    Alias{"http_request_line", "http.request_line"}, Alias{"http_response_line", "http.response_line"},
    Alias{"http_start", "http.start"}, Alias{"ja3_hash", "ja3.hash"}, Alias{"ja3_string", "ja3.string"},
    Alias{"ja3s_hash", "ja3s.hash"}, Alias{"ja3s_string", "ja3s.string"}, Alias{"krb5_cname", "krb5.cname"},
    Alias{"krb5_err_code", "krb5.err_code"}, Alias{"krb5_msg_type", "krb5.msg_type"},
    Alias{"krb5_sname", "krb5.sname"}, Alias{"pkt_data", "payload"},
    Alias{"smb_named_pipe", "smb.named_pipe"}, Alias{"smb_share", "smb.share"}, Alias{"tcp.ack", "ack"},
    Alias{"tcp.seq", "seq"}, Alias{"ssh_proto", "ssh.proto"}, Alias{"ssh_software", "ssh.software"},
    Alias{"tls_cert_chain_len", "tls.cert_chain_len"}, Alias{"tls_cert_fingerprint", "tls.cert_fingerprint"},
    Alias{"tls_cert_issuer", "tls.cert_issuer"}, Alias{"tls_cert_serial", "tls.cert_serial"},
    Alias{"tls_cert_subject", "tls.cert_subject"}, Alias{"tls_sni", "tls.sni"}};

}  // namespace

std::span<const Alias> all_aliases() { return kAliases; }

}  // namespace bansoko::keyword

// libcurl as Swift can call it: curl_easy_setopt and its like take a variable number of arguments, which Swift does not
// import, so each kind of argument has a function of its own. Each gives libcurl's own answer, CURLE_OK when all is well.
#ifndef MOTCUA_CLIBCURL_H
#define MOTCUA_CLIBCURL_H

#include <curl/curl.h>
#include <sys/socket.h>

static inline CURLcode motcua_curl_set_number(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode motcua_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode motcua_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/// The body of a POST, which libcurl copies.
static inline CURLcode motcua_curl_set_body(CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, (const char *)bytes) : code;
}

typedef size_t (*motcua_curl_receive)(char *bytes, size_t size, size_t count, void *context);

/// Who takes the answer's body.
static inline CURLcode motcua_curl_set_receiver(CURL *easy, motcua_curl_receive receive, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive) : code;
}

/// Answers 1 when a connection to the address may be made, 0 when it may not.
typedef int (*motcua_curl_permit)(void *context, const struct sockaddr *address);

/// What the gate of a transfer knows; lives as long as the transfer.
struct motcua_curl_gate {
    motcua_curl_permit permit;
    void *context;
};

static inline curl_socket_t motcua_curl_open_socket(
    void *gate, curlsocktype purpose, struct curl_sockaddr *address) {
    const struct motcua_curl_gate *keeper = (const struct motcua_curl_gate *)gate;
    if (purpose != CURLSOCKTYPE_IPCXN || !keeper->permit(keeper->context, &address->addr)) return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Asks the gate before each connection, with the address that is really called.
static inline CURLcode motcua_curl_set_gate(CURL *easy, struct motcua_curl_gate *gate) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, (void *)gate);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, motcua_curl_open_socket) : code;
}

static inline CURLcode motcua_curl_get_number(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode motcua_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode motcua_curl_multi_set_number(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The result of a finished transfer, which lies in a union.
static inline CURLcode motcua_curl_result(const CURLMsg *message) { return message->data.result; }

#endif

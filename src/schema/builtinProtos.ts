/**
 * Common files that servers and import paths often leave out: the well-known types, google.rpc and
 * google.api.http. The comments are what a hover shows.
 */
export const BUILTIN_PROTOS: ReadonlyMap<string, string> = new Map([
  [
    'google/protobuf/any.proto',
    `syntax = "proto3";
package google.protobuf;

// A message of any type, with the type's name beside its bytes.
message Any {
  // Identifies the type; what follows the last slash is its full name.
  string type_url = 1;
  // The serialized message.
  bytes value = 2;
}
`,
  ],
  [
    'google/protobuf/timestamp.proto',
    `syntax = "proto3";
package google.protobuf;

// A point in time, independent of time zone. JSON: RFC 3339, for example "2026-01-02T03:04:05.678Z".
message Timestamp {
  // Seconds since 1970-01-01T00:00:00Z.
  int64 seconds = 1;
  // Fraction of a second, 0 to 999,999,999.
  int32 nanos = 2;
}
`,
  ],
  [
    'google/protobuf/duration.proto',
    `syntax = "proto3";
package google.protobuf;

// A signed length of time. JSON: seconds with the suffix "s", for example "1.5s".
message Duration {
  // Seconds, -315,576,000,000 to 315,576,000,000.
  int64 seconds = 1;
  // Fraction of a second; same sign as seconds.
  int32 nanos = 2;
}
`,
  ],
  [
    'google/protobuf/empty.proto',
    `syntax = "proto3";
package google.protobuf;

// A message without fields.
message Empty {}
`,
  ],
  [
    'google/protobuf/field_mask.proto',
    `syntax = "proto3";
package google.protobuf;

// A set of field paths. JSON: one string with commas, in lowerCamelCase, for example "user.displayName,photo".
message FieldMask {
  repeated string paths = 1;
}
`,
  ],
  [
    'google/protobuf/struct.proto',
    `syntax = "proto3";
package google.protobuf;

// A JSON object.
message Struct {
  map<string, Value> fields = 1;
}

// Any JSON value.
message Value {
  oneof kind {
    NullValue null_value = 1;
    double number_value = 2;
    string string_value = 3;
    bool bool_value = 4;
    Struct struct_value = 5;
    ListValue list_value = 6;
  }
}

// The JSON value null.
enum NullValue {
  NULL_VALUE = 0;
}

// A JSON array.
message ListValue {
  repeated Value values = 1;
}
`,
  ],
  [
    'google/protobuf/wrappers.proto',
    `syntax = "proto3";
package google.protobuf;

// A double that can be absent. JSON: the number itself.
message DoubleValue {
  double value = 1;
}

// A float that can be absent. JSON: the number itself.
message FloatValue {
  float value = 1;
}

// An int64 that can be absent. JSON: a string.
message Int64Value {
  int64 value = 1;
}

// A uint64 that can be absent. JSON: a string.
message UInt64Value {
  uint64 value = 1;
}

// An int32 that can be absent. JSON: the number itself.
message Int32Value {
  int32 value = 1;
}

// A uint32 that can be absent. JSON: the number itself.
message UInt32Value {
  uint32 value = 1;
}

// A bool that can be absent. JSON: true or false.
message BoolValue {
  bool value = 1;
}

// A string that can be absent. JSON: the string itself.
message StringValue {
  string value = 1;
}

// Bytes that can be absent. JSON: base64.
message BytesValue {
  bytes value = 1;
}
`,
  ],
  [
    'google/protobuf/source_context.proto',
    `syntax = "proto3";
package google.protobuf;

message SourceContext {
  string file_name = 1;
}
`,
  ],
  [
    'google/rpc/status.proto',
    `syntax = "proto3";
package google.rpc;

import "google/protobuf/any.proto";

// The error model of Google APIs; what grpc-status-details-bin carries.
message Status {
  // A gRPC status code.
  int32 code = 1;
  // For developers, in English.
  string message = 2;
  // More about the error, one message for each aspect.
  repeated google.protobuf.Any details = 3;
}
`,
  ],
  [
    'google/rpc/code.proto',
    `syntax = "proto3";
package google.rpc;

enum Code {
  OK = 0;
  CANCELLED = 1;
  UNKNOWN = 2;
  INVALID_ARGUMENT = 3;
  DEADLINE_EXCEEDED = 4;
  NOT_FOUND = 5;
  ALREADY_EXISTS = 6;
  PERMISSION_DENIED = 7;
  RESOURCE_EXHAUSTED = 8;
  FAILED_PRECONDITION = 9;
  ABORTED = 10;
  OUT_OF_RANGE = 11;
  UNIMPLEMENTED = 12;
  INTERNAL = 13;
  UNAVAILABLE = 14;
  DATA_LOSS = 15;
  UNAUTHENTICATED = 16;
}
`,
  ],
  [
    'google/rpc/error_details.proto',
    `syntax = "proto3";
package google.rpc;

import "google/protobuf/duration.proto";

// Why the error happened, for programs.
message ErrorInfo {
  string reason = 1;
  string domain = 2;
  map<string, string> metadata = 3;
}

// When the client may try again.
message RetryInfo {
  google.protobuf.Duration retry_delay = 1;
}

// Where in the server it happened.
message DebugInfo {
  repeated string stack_entries = 1;
  string detail = 2;
}

// Which quota was exceeded.
message QuotaFailure {
  message Violation {
    string subject = 1;
    string description = 2;
    string api_service = 3;
    string quota_metric = 4;
    string quota_id = 5;
    map<string, string> quota_dimensions = 6;
    int64 quota_value = 7;
    optional int64 future_quota_value = 8;
  }
  repeated Violation violations = 1;
}

// Which preconditions did not hold.
message PreconditionFailure {
  message Violation {
    string type = 1;
    string subject = 2;
    string description = 3;
  }
  repeated Violation violations = 1;
}

// Which fields of the request are wrong.
message BadRequest {
  message FieldViolation {
    string field = 1;
    string description = 2;
    string reason = 3;
    LocalizedMessage localized_message = 4;
  }
  repeated FieldViolation field_violations = 1;
}

// What to give to the service's owner when asking about this request.
message RequestInfo {
  string request_id = 1;
  string serving_data = 2;
}

// Which resource was accessed.
message ResourceInfo {
  string resource_type = 1;
  string resource_name = 2;
  string owner = 3;
  string description = 4;
}

// Links to documentation.
message Help {
  message Link {
    string description = 1;
    string url = 2;
  }
  repeated Link links = 1;
}

// A message for the user, in the user's language.
message LocalizedMessage {
  string locale = 1;
  string message = 2;
}
`,
  ],
  [
    'google/api/http.proto',
    `syntax = "proto3";
package google.api;

message Http {
  repeated HttpRule rules = 1;
  bool fully_decode_reserved_expansion = 2;
}

// How a method is reached over HTTP and JSON.
message HttpRule {
  string selector = 1;
  oneof pattern {
    string get = 2;
    string put = 3;
    string post = 4;
    string delete = 5;
    string patch = 6;
    CustomHttpPattern custom = 8;
  }
  string body = 7;
  string response_body = 12;
  repeated HttpRule additional_bindings = 11;
}

message CustomHttpPattern {
  string kind = 1;
  string path = 2;
}
`,
  ],
  [
    'google/api/annotations.proto',
    `syntax = "proto3";
package google.api;

import "google/api/http.proto";
import "google/protobuf/descriptor.proto";

extend google.protobuf.MethodOptions {
  HttpRule http = 72295728;
}
`,
  ],
]);

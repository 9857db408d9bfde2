package dev.frameline.interop;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** What a handler's observer does not show: the metadata of the caller and of the answer. */
record CallMetadata(Metadata received, Metadata headers, Metadata trailers) {
  private static final Context.Key<CallMetadata> KEY = Context.key("metadata");

  /** That of the call that the current thread handles. */
  static CallMetadata current() {
    return KEY.get();
  }

  /** Sends the headers and trailers that a handler has set. */
  static final class Interceptor implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata received, ServerCallHandler<ReqT, RespT> next) {
      var metadata = new CallMetadata(received, new Metadata(), new Metadata());
      var answering = new SimpleForwardingServerCall<ReqT, RespT>(call) {
        @Override
        public void sendHeaders(Metadata headers) {
          headers.merge(metadata.headers);
          super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
          trailers.merge(metadata.trailers);
          super.close(status, trailers);
        }
      };
      var context = Context.current().withValue(KEY, metadata);
      return Contexts.interceptCall(context, answering, received, next);
    }
  }
}

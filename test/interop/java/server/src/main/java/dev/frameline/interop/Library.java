package dev.frameline.interop;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import interop.v1.BookOuterClass.Book;
import interop.v1.LibraryGrpc.LibraryImplBase;
import interop.v1.LibraryOuterClass.AddBooksResponse;
import interop.v1.LibraryOuterClass.FailRequest;
import interop.v1.LibraryOuterClass.InspectRequest;
import interop.v1.LibraryOuterClass.InspectResponse;
import interop.v1.LibraryOuterClass.JsonText;
import interop.v1.LibraryOuterClass.ListBooksRequest;
import interop.v1.LibraryOuterClass.MetadataValue;
import interop.v1.LibraryOuterClass.Remark;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Burn is missing, so that the generated base class answers UNIMPLEMENTED. */
final class Library extends LibraryImplBase {
  /** Knows every type of book.proto and of what it imports, for Any. */
  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder().add(Book.getDescriptor()).build();

  @Override
  public void echoBook(Book book, StreamObserver<Book> observer) {
    answer(observer, book);
  }

  @Override
  public void printBook(Book book, StreamObserver<JsonText> observer) {
    try {
      var text = JsonFormat.printer().usingTypeRegistry(TYPES).print(book);
      answer(observer, JsonText.newBuilder().setText(text).build());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      refuse(observer, e);
    }
  }

  @Override
  public void readBook(JsonText json, StreamObserver<Book> observer) {
    var book = Book.newBuilder();
    try {
      JsonFormat.parser().usingTypeRegistry(TYPES).merge(json.getText(), book);
      answer(observer, book.build());
    } catch (InvalidProtocolBufferException e) {
      refuse(observer, e);
    }
  }

  @Override
  public void listBooks(ListBooksRequest request, StreamObserver<Book> observer) {
    var call = (ServerCallStreamObserver<Book>) observer;
    if (request.getGzip()) {
      call.setCompression("gzip");
    }
    call.setOnReadyHandler(new BookSender(request, call));
  }

  @Override
  public StreamObserver<Book> addBooks(StreamObserver<AddBooksResponse> observer) {
    var response = AddBooksResponse.newBuilder();
    return new Receiver<>(observer) {
      @Override
      public void onNext(Book book) {
        response.setCount(response.getCount() + 1);
        response.setPages(response.getPages() + book.getPages());
      }

      @Override
      public void onCompleted() {
        answer(observer, response.build());
      }
    };
  }

  @Override
  public StreamObserver<Remark> discuss(StreamObserver<Remark> observer) {
    return new Receiver<>(observer) {
      @Override
      public void onNext(Remark remark) {
        observer.onNext(remark);
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  @Override
  public void fail(FailRequest request, StreamObserver<Empty> observer) {
    if (!request.getDetails()) {
      var status = Status.fromCodeValue(request.getCode()).withDescription(request.getMessage());
      observer.onError(status.asRuntimeException());
      return;
    }
    var violation =
        FieldViolation.newBuilder().setField("book.pages").setDescription("must not be negative");
    var details =
        List.<Message>of(
            ErrorInfo.newBuilder()
                .setReason("SHELF_FULL")
                .setDomain("library.example")
                .putMetadata("shelf", "9007199254740993")
                .build(),
            BadRequest.newBuilder().addFieldViolations(violation).build(),
            RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(1500)).build(),
            Book.newBuilder().setName("books/1").setPages(9007199254740993L).build());
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(request.getCode())
            .setMessage(request.getMessage())
            .addAllDetails(details.stream().map(Any::pack).toList())
            .build();
    observer.onError(StatusProto.toStatusRuntimeException(status));
  }

  /** Leaves the observer alone, and gRPC ends the call when the caller or its deadline does. */
  @Override
  public void wait(Empty request, StreamObserver<Empty> observer) {}

  @Override
  public void inspect(InspectRequest request, StreamObserver<InspectResponse> observer) {
    var response = InspectResponse.newBuilder();
    var metadata = CallMetadata.current();
    for (var name : metadata.received().keys()) {
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        var key = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
        for (var value : metadata.received().getAll(key)) {
          response.addMetadata(seen(name, ByteString.copyFrom(value)));
          echo(metadata, key, value);
        }
      } else {
        var key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        for (var value : metadata.received().getAll(key)) {
          response.addMetadata(seen(name, ByteString.copyFromUtf8(value)));
          echo(metadata, key, value);
        }
      }
    }
    if (request.getHeaderSize() > 0) {
      var large = Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER);
      metadata.headers().put(large, "a~".repeat(request.getHeaderSize() / 2));
    }
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      response.setRemaining(deadline.timeRemaining(TimeUnit.MILLISECONDS));
    }
    answer(observer, response.build());
  }

  private static MetadataValue seen(String key, ByteString value) {
    return MetadataValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static <T> void echo(CallMetadata metadata, Metadata.Key<T> key, T value) {
    if (key.name().startsWith("x-")) {
      metadata.headers().put(key, value);
      metadata.trailers().put(key, value);
    }
  }

  private static <T> void answer(StreamObserver<T> observer, T message) {
    observer.onNext(message);
    observer.onCompleted();
  }

  private static void refuse(StreamObserver<?> observer, Exception reason) {
    var status = Status.INVALID_ARGUMENT.withDescription(reason.getMessage());
    observer.onError(status.asRuntimeException());
  }

  /** Receives a stream whose caller may cancel it: then nobody waits for an answer. */
  private abstract static class Receiver<T> implements StreamObserver<T> {
    Receiver(StreamObserver<?> observer) {
      // Without a handler, an answer that is too late would throw.
      ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(() -> {});
    }

    @Override
    public void onError(Throwable cancelled) {}
  }
}

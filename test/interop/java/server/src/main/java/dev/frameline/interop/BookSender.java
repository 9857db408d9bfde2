package dev.frameline.interop;

import com.google.protobuf.ByteString;
import interop.v1.BookOuterClass.Book;
import interop.v1.LibraryOuterClass.ListBooksRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** Sends numbered books as fast as the caller takes them: gRPC runs it when there is room for more. */
final class BookSender implements Runnable {
  private final ListBooksRequest request;
  private final ServerCallStreamObserver<Book> observer;
  private final ByteString cover;
  private int sent;
  private boolean ended;

  BookSender(ListBooksRequest request, ServerCallStreamObserver<Book> observer) {
    this.request = request;
    this.observer = observer;
    var size = request.getCoverSize();
    cover = ByteString.copyFromUtf8("cover ".repeat(size / 6 + 1)).substring(0, size);
  }

  @Override
  public void run() {
    while (!ended && observer.isReady()) {
      if (sent == request.getCount()) {
        end();
      } else if (sent > 0 && sent == request.getFailAfter()) {
        ended = true;
        var status = Status.ABORTED.withDescription("stopped after " + sent + " books");
        observer.onError(status.asRuntimeException());
      } else {
        var book = Book.newBuilder().setName("books/" + sent).setPages(sent).setCover(cover);
        observer.onNext(book.build());
        sent++;
      }
    }
  }

  private void end() {
    ended = true;
    if (!request.getStay()) {
      observer.onCompleted();
    }
  }
}

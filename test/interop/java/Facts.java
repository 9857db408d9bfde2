import com.example.market.v1.GetListingRequest;
import com.example.market.v1.Listing;
import com.example.market.v1.ListingServiceGrpc;
import com.example.market.v1.ListingServiceGrpc.ListingServiceBlockingStub;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What the linter takes for granted of grpc-java, tried: each line is a fact and whether it holds. */
public final class Facts {
  private static final GetListingRequest request = GetListingRequest.getDefaultInstance();
  private static final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor();

  public static void main(String[] args) throws Exception {
    ManagedChannel channel = nowhere().build();
    ManagedChannel limitedChannel = nowhere().defaultServiceConfig(timeoutForAll("0.05s")).build();
    // A call waits for a connection that never comes: without a deadline, for ever.
    ListingServiceBlockingStub stub = ListingServiceGrpc.newBlockingStub(channel).withWaitForReady();
    ListingServiceBlockingStub limited = stub.withDeadlineAfter(50, TimeUnit.MILLISECONDS);

    say("withDeadlineAfter leaves the stub as it is", stub.getCallOptions().getDeadline() == null);
    say("withDeadline(null) takes the deadline away",
        limited.withDeadline(null).getCallOptions().getDeadline() == null);
    say("a call ends with the deadline of its stub", timesOut(() -> limited.getListing(request)));
    say("a kept deadline has expired for the next call",
        limited.getCallOptions().getDeadline().isExpired());
    say("a deadline of no length fails at once",
        timesOut(() -> stub.withDeadlineAfter(0, TimeUnit.SECONDS).getListing(request)));
    say("a timeout in the service config ends a call",
        timesOut(() -> ListingServiceGrpc.newBlockingStub(limitedChannel).withWaitForReady().getListing(request)));

    Context.CancellableContext context =
        Context.current().withDeadlineAfter(50, TimeUnit.MILLISECONDS, timer);
    say("a call ends with the deadline of its context",
        timesOut(() -> context.call(() -> stub.getListing(request))));
    Deadline elsewhere =
        context.call(() -> CompletableFuture.supplyAsync(() -> Context.current().getDeadline()).get());
    say("the common pool has no context", elsewhere == null);
    say("Context.ROOT has no deadline", context.call(() -> Context.ROOT.call(() -> Context.current().getDeadline())) == null);

    ListenableFuture<Listing> future =
        ListingServiceGrpc.newFutureStub(channel).withWaitForReady().getListing(request);
    Futures.withTimeout(future, 50, TimeUnit.MILLISECONDS, timer);
    say("Futures.withTimeout cancels the call", isCancelled(future));

    say("a service config takes Double", accepts(2.0));
    say("a service config refuses Integer, Long and Float",
        !accepts(2) && !accepts(2L) && !accepts(2f));

    channel.shutdownNow();
    limitedChannel.shutdownNow();
    timer.shutdownNow();
  }

  private static void say(String fact, boolean holds) {
    System.out.println(fact + ": " + (holds ? "yes" : "NO"));
  }

  private static boolean timesOut(Callable<?> call) {
    try {
      call.call();
      return false;
    } catch (Exception e) {
      return Status.fromThrowable(e).getCode() == Status.Code.DEADLINE_EXCEEDED;
    }
  }

  private static boolean isCancelled(ListenableFuture<?> future) throws Exception {
    try {
      future.get();
      return false;
    } catch (CancellationException e) {
      return true;
    }
  }

  /** Nothing listens on the port for discarded packets. */
  private static ManagedChannelBuilder<?> nowhere() {
    return ManagedChannelBuilder.forTarget("dns:///127.0.0.1:9").usePlaintext();
  }

  private static Map<String, ?> timeoutForAll(String timeout) {
    return Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "timeout", timeout)));
  }

  private static boolean accepts(Number number) {
    try {
      nowhere().defaultServiceConfig(Map.of("retryThrottling", Map.of("maxTokens", number)));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

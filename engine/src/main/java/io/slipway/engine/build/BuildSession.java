package io.slipway.engine.build;

import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a client of ours gives to and takes from one of its builds beside the build's own request:
 * secrets, and connections that carry outputs back.
 */
final class BuildSession {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CallerSecrets secrets;
  private final Optional<String> dockerfile;
  private final List<Carrier> carriers = new ArrayList<>();

  /** One output's way: the client's connection, and whether all of it was written. */
  private record Carrier(CompletableFuture<OutputStream> stream, CompletableFuture<Void> done) {}

  /**
   * @param dockerfile the text of a Dockerfile that is in no file
   * @param outputs how many outputs the client takes itself
   */
  BuildSession(CallerSecrets secrets, Optional<String> dockerfile, int outputs) {
    this.secrets = secrets;
    this.dockerfile = dockerfile;
    for (int i = 0; i < outputs; i++) {
      carriers.add(new Carrier(new CompletableFuture<>(), new CompletableFuture<>()));
    }
  }

  CallerSecrets secrets() {
    return secrets;
  }

  Optional<String> dockerfile() {
    return dockerfile;
  }

  int outputs() {
    return carriers.size();
  }

  /** Lends the client's connection to an output until that is written. */
  void carry(int output, OutputStream out) throws IOException, InterruptedException {
    if (output < 0 || output >= carriers.size()) {
      throw SlipwayException.notFound("this build has no output " + output);
    }
    Carrier carrier = carriers.get(output);
    if (!carrier.stream.complete(out)) {
      throw new SlipwayException(ErrorKind.CONFLICT, "output " + output + " is taken already");
    }
    try {
      carrier.done.get();
    } catch (ExecutionException e) {
      throw new IOException("the build did not write this output: " + e.getCause().getMessage(), e);
    }
  }

  /** The client's connection for an output; waits for the client to open it. */
  OutputStream stream(int output) throws IOException, InterruptedException {
    try {
      return carriers.get(output).stream.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE, "the client does not come for output " + output, e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** An output is written. */
  void done(int output) {
    carriers.get(output).done.complete(null);
  }

  /** The build is over: what is not written will not be. */
  void end() {
    var reason = new SlipwayException(ErrorKind.CANCELLED, "the build has ended");
    for (Carrier carrier : carriers) {
      carrier.stream.completeExceptionally(reason);
      carrier.done.completeExceptionally(reason);
    }
  }
}

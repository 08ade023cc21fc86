package io.slipway.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoEventLoop;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Takes a connection from HTTP and leaves a plain two-way stream. The only class that touches
 * Vert.x internals: its public API upgrades GET and CONNECT alone, docker upgrades with POST.
 *
 * <p>The channel itself leaves its event loop, and its descriptor goes on as a {@link
 * HijackedSocket}: Netty's own half-closed channels cannot wait for a slow reader (4.2.13 to at
 * least 4.2.18 drop the descriptor from epoll when input has ended and then fail to modify it), and
 * docker half-closes every connection right after the answer.
 */
final class Hijack {
  private Hijack() {}

  /**
   * Answers with {@code head} (status line, headers and the empty line) and returns the stream.
   *
   * @throws IOException when the client is already gone
   */
  static HijackedSocket take(HttpServerRequest request, String head)
      throws IOException, InterruptedException {
    Http1ServerConnection connection = (Http1ServerConnection) request.connection();
    Channel channel = connection.channel();
    CompletableFuture<HijackedSocket> taken = new CompletableFuture<>();
    channel.eventLoop().execute(() -> detach(channel, taken));
    try {
      HijackedSocket socket = taken.get();
      socket.output().write(head.getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (ExecutionException e) {
      channel.close();
      throw new IOException("connection cannot be taken over: " + e.getCause(), e.getCause());
    }
  }

  /**
   * Our handler is in place before the decoder goes, since the decoder hands on what it had read
   * ahead; nothing more is read until the descriptor is ours.
   */
  private static void detach(Channel channel, CompletableFuture<HijackedSocket> taken) {
    try {
      if (channel.unsafe().outboundBuffer() == null) {
        throw new IOException("client is gone");
      }
      if (channel.unsafe().outboundBuffer().totalPendingWriteBytes() > 0) {
        throw new IOException("an earlier answer is still being sent");
      }
      channel.config().setAutoRead(false);
      ReadAhead readAhead = new ReadAhead();
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.replace("handler", "handler", readAhead);
      pipeline.remove("httpDecoder");
      pipeline.remove("httpEncoder");
      IoEventLoop loop = (IoEventLoop) channel.eventLoop();
      channel
          .deregister()
          .addListener(
              gone -> HijackedSocket.register(loop, channel, readAhead.bytes.toByteArray(), taken));
    } catch (IOException | RuntimeException e) {
      taken.completeExceptionally(e);
    }
  }

  /** Keeps what was read behind the request. */
  private static final class ReadAhead extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf buffer) {
        byte[] copy = new byte[buffer.readableBytes()];
        buffer.readBytes(copy);
        bytes.writeBytes(copy);
      }
      ReferenceCountUtil.release(message);
    }
  }
}

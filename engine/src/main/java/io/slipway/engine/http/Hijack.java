package io.slipway.engine.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/**
 * Takes a connection from HTTP and leaves a plain two-way stream. The only class that touches
 * Vert.x internals: its public API upgrades GET and CONNECT alone, docker upgrades with POST.
 *
 * <p>The order matters. Half-close is allowed before the answer goes out, since docker shuts its
 * sending side the moment it has read the answer; our handler is in place before the decoder goes,
 * since the decoder hands on what it had read ahead.
 */
final class Hijack {
  private static final int LOW_WATER_BYTES = 256 << 10;
  private static final int HIGH_WATER_BYTES = 1 << 20;

  private Hijack() {}

  /**
   * Answers with {@code head} (status line, headers and the empty line) and returns the stream.
   *
   * @throws IOException when the client is already gone
   */
  static HijackedChannel take(HttpServerRequest request, String head)
      throws IOException, InterruptedException {
    Http1ServerConnection connection = (Http1ServerConnection) request.connection();
    Channel channel = connection.channel();
    HijackedChannel stream = new HijackedChannel(channel);
    try {
      channel.eventLoop().submit(() -> replace(channel, stream, head)).get();
    } catch (ExecutionException e) {
      throw new IOException("connection cannot be taken over: " + e.getCause(), e.getCause());
    }
    return stream;
  }

  private static void replace(Channel channel, HijackedChannel stream, String head) {
    if (!channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true)) {
      throw new IllegalStateException("this transport cannot half-close a connection");
    }
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext encoder = pipeline.context("httpEncoder");
    pipeline.replace("handler", "handler", stream);
    pipeline.remove("httpDecoder");
    // from the encoder's own place a write goes outward past it: the head is already text
    encoder.writeAndFlush(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII));
    pipeline.remove("httpEncoder");
    channel.config().setAutoRead(true);
  }
}

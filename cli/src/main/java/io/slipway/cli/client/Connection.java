package io.slipway.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A two-way stream of bytes to a daemon; both directions may be used at the same time. */
interface Connection extends AutoCloseable {
  InputStream input();

  OutputStream output();

  /** Ends what is sent; what the daemon sends goes on. */
  void endOutput() throws IOException;

  @Override
  void close() throws IOException;

  /** A connected unix or TCP socket. */
  record OfChannel(SocketChannel channel, InputStream input, OutputStream output)
      implements Connection {
    OfChannel(SocketChannel channel) {
      this(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    @Override
    public void endOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
